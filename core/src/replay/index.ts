/** Replay: why one message was sent, or one person got nothing, step by step, done again from what is stored. */
export { explain, type Explanation } from './explain.ts';
export type { Question } from './replay.store.ts';
export { STEP_NAMES, type Step, type StepName, type Value } from './step.ts';
