/** Scoring: who is slipping away and what is he worth. */
export { score } from './score.ts';
export { reason, reasons, reasonSentence, lifeStageName, type Reason } from './reasons.ts';
export { LIFE_STAGES, type LifeStage } from './life-stage.ts';
export {
  FORGOTTEN_DAYS,
  NEXT_ACTIONS,
  nextAction,
  nextActionSentence,
  ANSWER_DAYS,
  PATIENCE_DAYS,
  type NextAction,
  type Situation,
} from './next-action.ts';
export { calibrate, calibrateChances, type Calibration, type Purchase } from './purchases.ts';
export type { CalibrationGroup } from './calibration.ts';
export { analyzeOffer, type OfferReport, type PolicyValue } from './analyze-offer.ts';
export { evaluateModels, type Evaluation, type Judgement, type ModelJudgement } from './evaluate.ts';
export { fitNamed, MODEL_NAMES, PURCHASE_MODEL_NAMES, type ModelName, type PurchaseModelName } from './fit-named.ts';
export type { Fit, Histories } from './models/index.ts';
export { scorer, type PersonScore, type PersonTotals, type ScoringPlan } from './score-people.ts';
export { totalsQuery } from './scores.store.ts';
export { dayCounter, localDay } from './days.ts';
export { rescore, type RecordedRun, type ScoreRow } from './rescore.ts';
export type { StageReturns } from './rhythm.ts';
export { whyNoModel, type WhyNoModel } from './why-no-model.ts';
