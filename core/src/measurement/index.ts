/** Did the mail do it? Draws the holdout, counts what people did, and says what the difference is worth. */
export { draw, STORE_CONTROL } from './draw.ts';
export {
  proposeHoldout,
  SMALLEST_HOLDOUT,
  LARGEST_HOLDOUT,
  type HoldoutProposal,
  type HoldoutQuestion,
} from './holdout.ts';
export { measure } from './measure.ts';
export {
  effectDetail,
  METRICS,
  VERDICTS,
  type Effect,
  type EffectDetail,
  type Metric,
  type Verdict,
} from './effect.ts';
export { effectSeries, latestEffect } from './measurements.store.ts';
export { joinAsSets } from './outcomes.store.ts';
export { hoursEffect, hoursGain, type HoursGain } from './hours.ts';
export { storeControlEffect } from './store-control.ts';
export { cumulativeEffect, type CumulativeEffect, type CumulativeLook } from './cumulative.ts';
export { verdictSentence, type Judged, type SentenceLanguage } from './verdict.ts';
export { normalTail } from './statistics/normal.ts';
export { studentQuantile, studentTail } from './statistics/student.ts';
export { analyzeCases, type CaseResult } from './statistics/cases.ts';
export { ENOUGH_BUYERS, estimateEffect, type ArmSums, type Estimate, type Look } from './estimate.ts';
export {
  analyzeUplift,
  learnPeopleUplift,
  LEARNERS,
  peopleUplift,
  readTrial,
  UPLIFT_PRESETS,
  type Learner,
  type PastCampaigns,
  type PeopleUplift,
  type Table,
  type TrialColumns,
  type UpliftModel,
  type UpliftPreset,
  type UpliftReport,
} from './uplift/index.ts';
export {
  allocate,
  campaignVariants,
  compareVariants,
  dealVariant,
  replays,
  VARIANT_METRICS,
  type Allocation,
  type DecidingMetric,
  type VariantArm,
  type VariantComparison,
  type VariantMetric,
  type VariantRecord,
} from './variants/index.ts';
