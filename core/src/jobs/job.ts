/** What a job is: a name, the version of its payload, and what it does. The worker knows nothing else of it. */
import { z } from 'zod';
import type { StageName } from '../cycle.ts';
import type { Engine } from '../engine.ts';

/**
 * prompt: short work that somebody waits for (mails that are due, what came of them); steady: work that may take minutes
 * (imports, models). Each has workers of its own, so that an import never holds up a mail.
 */
export type Lane = 'prompt' | 'steady';

export const LANES: readonly Lane[] = ['prompt', 'steady'];

/** All that a job carries: whose it is. What is to be done is read from the tables when it runs. */
export const payload = z.object({ version: z.literal(1), storeId: z.uuid() });

export type Payload = z.infer<typeof payload>;

/** What a job says that has more to do than was its turn: it gets the next one behind whoever waits, `inMs` from now. */
export interface Again {
  inMs: number;
}

export interface Job {
  name: StageName | 'domain';
  lane: Lane;
  payload: typeof payload;
  run(engine: Engine, payload: Payload): Promise<Again | undefined>;
}
