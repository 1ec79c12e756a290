/** Every job there is. A new kind of work is a definition here, and nothing anywhere else. */
import { choreJobs } from './chores.ts';
import type { Job } from './job.ts';
import { stageJobs } from './stages.ts';

export const JOBS: readonly Job[] = [...stageJobs, ...choreJobs];

export { startHeartbeat, type Heartbeat } from './crons.ts';
export { dueEverywhere, dueStages } from './due.ts';
export { LANES, payload, type Job, type Lane, type Payload } from './job.ts';
export { openQueue, type JobQueue, type QueueOptions } from './queue.ts';
export { readPulse, type Pile, type Pulse } from './pulse.store.ts';
export { prepareQueue } from './prepare.ts';
export { recordedRun, runStage, waitAfter, type Run } from './run.ts';
export { startWorkers, type Workers } from './work.ts';
