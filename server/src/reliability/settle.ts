/**
 * Brings a campaign to its end after the trouble: the workers go on undisturbed, the provider's last events come in, and
 * the day in which word is waited for is skipped.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { countStates, readLedger } from './ledger.store.ts';
import { audit, OPEN, type Audit } from './audit.ts';
import type { Scene } from './scene.ts';

const HOUR = 3_600_000;
/** Milliseconds after which a campaign that does not end is a failure of its own. */
const PATIENCE = 180_000;
/** Days to skip: one for each time that something is sent again and is in doubt again. */
const SKIPS = 20;

/** Waits until `done` says so, looking every `every` milliseconds. */
export async function until(done: () => Promise<boolean>, what: string, every = 100): Promise<void> {
  for (const start = performance.now(); !(await done());) {
    if (performance.now() - start > PATIENCE) throw new Error(`waited too long: ${what}`);
    await wait(every);
  }
}

/** How many messages have not come to their end, of those in these states. */
export async function countOpen(scene: Scene, states: readonly string[] = OPEN): Promise<number> {
  const counts = await scene.engine.database.inStore(scene.storeId, countStates);
  return states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

/** Workers must be at work. `put` sets their clocks, and this process's, forward. */
export async function settleAll(scene: Scene, put: (shift: number) => void): Promise<Audit> {
  for (let skip = 1; skip <= SKIPS && (await countOpen(scene)) > 0; skip++) {
    await until(async () => (await countOpen(scene, ['claimed'])) === 0, 'claims stay open');
    await scene.tellAll();
    put(skip * 25 * HOUR);
    await until(async () => (await countOpen(scene, ['scheduled', 'claimed'])) === 0, 'mails stay unsent');
    await scene.tellAll();
  }
  await until(async () => (await countOpen(scene)) === 0, 'messages do not come to an end');
  return count(scene);
}

export async function count(scene: Scene): Promise<Audit> {
  await scene.tellAll();
  return audit(await scene.engine.database.inStore(scene.storeId, readLedger), scene.provider.accepted);
}
