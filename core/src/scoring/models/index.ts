/** The models: pure mathematics on typed arrays. No clock, no chance, no database. */
export { bgNbd, bgNbdCount } from './bg-nbd.ts';
export { mbgNbd } from './mbg-nbd.ts';
export { paretoNbd } from './pareto-nbd.ts';
export { bgBbAlive, bgBbExpected, fitBgBb } from './bg-bb.ts';
export { correlation, expectedSpend, fitGammaGamma, GAMMA_GAMMA_PARAMETERS, type Means } from './gamma-gamma.ts';
export { controlChart, fitControlChart, type ControlChart } from './control-chart.ts';
export { lifetimeValue } from './lifetime-value.ts';
export { rfmQuintiles } from './rfm.ts';
export { fitPurchaseModel, type Fit } from './fit.ts';
export { groupHistories, historiesOf, people, sampleHistories, type Histories } from './histories.ts';
export { expectedOrders, type PurchaseModel } from './purchase-model.ts';
export { affinityRules, nextProducts, type AffinityRule } from './affinity.ts';
export { engagementChance, fitEngagement, type Engagement, type Quality } from './engagement.ts';
export { fitFatigue, leavingChance, mostMails, type Fatigue, type MailTrial } from './fatigue.ts';
export {
  fitOfferResponse,
  needsOffer,
  offerNet,
  offerUplift,
  type OfferAdvice,
  type OfferResponse,
  type OfferTrial,
} from './offer-response.ts';
export { fitLogistic, logisticChance, type Logistic, type LogisticData } from './logistic.ts';
export {
  answerRates,
  bestHour,
  fitSendTime,
  HOURS_OF_WEEK,
  isRobot,
  strengthOf,
  type HourCounts,
  type SendTimeModel,
} from './send-time.ts';
