/** Work of a store beside the path of its data: small, due by the clock, harmless when two do it at once. */
import { checkDueDomain, domainCheckDue } from '../domain/index.ts';
import type { Engine } from '../engine.ts';
import { payload, type Job } from './job.ts';

export type ChoreName = 'domain';

const CHORES: Record<
  ChoreName,
  {
    due: (engine: Engine, storeId: string) => Promise<boolean>;
    run: (engine: Engine, storeId: string) => Promise<unknown>;
  }
> = {
  // May mails come from this domain? The DNS may take seconds to say.
  domain: { due: domainCheckDue, run: checkDueDomain },
};

const NAMES = Object.keys(CHORES) as ChoreName[];

/** Chores of one store that have work now. */
export async function dueChores(engine: Engine, storeId: string): Promise<ChoreName[]> {
  const due: ChoreName[] = [];
  for (const name of NAMES) if (await CHORES[name].due(engine, storeId)) due.push(name);
  return due;
}

export const choreJobs: Job[] = NAMES.map((name) => ({
  name,
  lane: 'steady',
  payload,
  run: async (engine, { storeId }) => {
    await CHORES[name].run(engine, storeId);
    return undefined;
  },
}));
