/** Campaigns: whom one is for, who is held back, and what may happen to it. */
export { approveCampaign, requireSender } from './approve.ts';
export { assign, VARIANT_KEYS, type Assignment, type DrawRules, type VariantKey } from './assignment.ts';
export { leaveOut, LEFT_OUT_REASONS, RECENT_ORDER_DAYS, type LeftOutReason } from './audience.ts';
export { membersQuery } from './audience.store.ts';
export {
  audit,
  holdCampaign,
  insertCampaign,
  listCampaigns,
  listRuns,
  loadCampaign,
  lockCampaign,
  lockSegment,
  moveCampaign,
  type Campaign,
} from './campaign.store.ts';
export { chooseBy, type UpliftAdvice } from './choose.ts';
export {
  dealOffer,
  offerFor,
  OFFER_REASONS,
  withoutOffer,
  type OfferAdvice,
  type OfferDeal,
  type OfferReason,
} from './offer.ts';
export {
  topicOf,
  campaignFunnel,
  campaignPlan,
  type AudienceChoice,
  type CampaignFunnel,
  type CampaignPlan,
} from './plan.ts';
export { planCampaigns } from './planning.ts';
export { CAMPAIGN_STATES, mayMove, OPEN_STATES, type CampaignState } from './state.ts';
export { cancelCampaign, pauseAll, pauseCampaign, resumeCampaign } from './steer.ts';
