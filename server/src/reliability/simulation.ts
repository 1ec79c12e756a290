/**
 * Months of virtual time: each seed is a store that lives thirty days (simulation/life.ts), all of them in one database, some
 * at once. What happened is written down by the harness and held against the promises (simulation/chronicle.ts). A seed that
 * fails is named: `--seed S --trials 1` lives that one life again.
 */
import type { Database } from '@rekindle/core';
import { sendAgain } from './ledger.store.ts';
import type { Report } from './report.ts';
import { DAYS, live, type Broken, type Life } from './simulation/life.ts';
import { forgetRefusals } from './simulation/simulated.store.ts';

/** Stores that live at the same time: one waits for the database while another one thinks. */
const TOGETHER = 6;
const CONTROL_LIVES = 30;
/** Lives that are lived a second time, to see that a seed is a life. */
const TWICE = 5;
const SHOWN = 5;

const BROKEN: Record<string, Broken> = {
  cap: { cap: 50 },
  quiet: { quiet: false },
  once: { each: sendAgain },
  refusal: { each: forgetRefusals },
};

export async function simulation(given: { database: Database; trials: number; seed: number }): Promise<Report> {
  const { database, trials, seed } = given;
  const begin = performance.now();
  const sum = { messages: 0, taken: 0, refusals: 0, kills: 0, stops: 0 };
  const breaches: { seed: number; invariant: string; text: string }[] = [];
  const firsts: Life[] = [];
  await liveAll(database, { first: seed, lives: trials }, (life) => {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += life[key];
    breaches.push(...life.breaches.map((breach) => ({ ...breach, seed: life.seed })));
    if (life.seed < seed + TWICE) firsts.push(life);
  });
  const seconds = (performance.now() - begin) / 1000;
  const again = new Map<number, string>();
  await liveAll(database, { first: seed, lives: firsts.length }, (life) => {
    again.set(life.seed, life.fingerprint);
  });
  const caught: Record<string, number> = {};
  for (const [invariant, broken] of Object.entries(BROKEN)) {
    caught[invariant] = 0;
    // One that was caught is caught.
    for (let life = seed; life < seed + CONTROL_LIVES && caught[invariant] === 0; life++)
      caught[invariant] = (await live({ database, seed: life, broken })).breaches.filter(
        (one) => one.invariant === invariant,
      ).length;
  }
  const otherwise = firsts.filter((life) => again.get(life.seed) !== life.fingerprint).length;
  const of = (...names: string[]): number => breaches.filter(({ invariant }) => names.includes(invariant)).length;
  return {
    name: 'simulation',
    seed,
    trials,
    messages: sum.messages,
    lost: of('lost'),
    duplicated: of('once'),
    inDoubt: 0,
    leaked: of('refusal', 'stopped', 'bought', 'cap', 'quiet'),
    recoveryP99Seconds: null,
    // A life that goes otherwise the second time proves nothing either.
    positiveControlCaught: Object.values(caught).every((times) => times > 0) && otherwise === 0,
    more: {
      unrecorded: of('ledger'),
      virtualDays: trials * DAYS,
      virtualDaysPerSecond: Math.round((10 * trials * DAYS) / seconds) / 10,
      taken: sum.taken,
      refusals: sum.refusals,
      kills: sum.kills,
      stops: sum.stops,
      livedAgain: firsts.length,
      livedOtherwise: otherwise,
      ...Object.fromEntries(Object.entries(caught).map(([name, times]) => [`control_${name}`, times])),
      ...Object.fromEntries(
        breaches
          .slice(0, SHOWN)
          .map((one, at) => [`breach${String(at + 1)}`, `seed ${String(one.seed)}, ${one.invariant}: ${one.text}`]),
      ),
    },
  };
}

async function liveAll(
  database: Database,
  { first, lives }: { first: number; lives: number },
  onLife: (life: Life) => void,
): Promise<void> {
  let next = first;
  await Promise.all(
    Array.from({ length: Math.min(TOGETHER, lives) }, async () => {
      while (next < first + lives) onLife(await live({ database, seed: next++ }));
    }),
  );
}
