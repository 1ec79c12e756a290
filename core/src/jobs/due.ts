/** What is due, from committed tables alone. The queue may forget everything: asking here brings it all back. */
import { listStores } from '../accounts/index.ts';
import { STAGE_NAMES, type StageName } from '../cycle.ts';
import type { Engine } from '../engine.ts';
import { dueChores, type ChoreName } from './chores.ts';
import { stagesWithWork } from './due.store.ts';

/** Stages of one store that have work now, in the order of the path. */
export function dueStages(engine: Engine, storeId: string): Promise<StageName[]> {
  return engine.database.inStore(storeId, (tx) => stagesWithWork(tx, engine.clock.now(), STAGE_NAMES));
}

/** The same for every store there is, oldest store first, with what is due beside the path. */
export async function dueEverywhere(
  engine: Engine,
): Promise<{ storeId: string; stages: StageName[]; chores: ChoreName[] }[]> {
  const due = [];
  for (const { id } of await engine.database.inDirectory((tx) => listStores(tx)))
    due.push({ storeId: id, stages: await dueStages(engine, id), chores: await dueChores(engine, id) });
  return due;
}
