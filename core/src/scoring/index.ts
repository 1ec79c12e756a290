/** Scoring: who is slipping away and what is he worth. */
export { score } from './score.ts';
export { reason, reasons, reasonSentence, lifeStageName, type Reason } from './reasons.ts';
export { LIFE_STAGES, type LifeStage } from './life-stage.ts';
