/** What is due, from committed tables alone. The queue may forget everything: asking here brings it all back. */
import { listStores } from '../accounts/index.ts';
import { STAGE_NAMES, type StageName } from '../cycle.ts';
import type { Engine } from '../engine.ts';
import { stagesWithWork } from './due.store.ts';

/** Stages of one store that have work now, in the order of the path. */
export function dueStages(engine: Engine, storeId: string): Promise<StageName[]> {
  return engine.database.inStore(storeId, (tx) => stagesWithWork(tx, engine.clock.now(), STAGE_NAMES));
}

/** The same for every store there is, oldest store first. */
export async function dueEverywhere(engine: Engine): Promise<{ storeId: string; stages: StageName[] }[]> {
  const due = [];
  for (const { id } of await engine.database.inDirectory((tx) => listStores(tx)))
    due.push({ storeId: id, stages: await dueStages(engine, id) });
  return due;
}
