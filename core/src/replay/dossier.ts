/** All that the tables say of one person in one campaign: read once, judged by pure functions. */
import type { Store } from '../accounts/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import type { Journey } from '../journeys/index.ts';
import type { Agent, Fact } from '../events/index.ts';
import type { SourceConsent } from '../ports.ts';
import type { KeptPreference } from '../preferences/index.ts';
import type { StageReturns } from '../scoring/index.ts';
import type { Holidays, LoggedBatch } from '../scheduling/index.ts';
import type { Rule } from '../segments/index.ts';

export interface KeptOrder {
  at: Date;
  kind: string;
  /** Minor units */
  amount: number;
  platform: string;
  products: string[];
}

export interface KeptConsent extends SourceConsent {
  source: string;
}

export interface KeptCustomer {
  id: string;
  key: string;
  email: string | null;
  hasPhone: boolean;
  language: string | null;
  country: string | null;
  timeZone: string | null;
  timeZoneSource: string | null;
  countryAt: Date | null;
  timeZoneAt: Date | null;
}

export interface KeptHoldout {
  arm: string;
  reason: string | null;
  draw: number;
  variantKey: string | null;
  offerReason: string | null;
  preRevenue: number;
  preOrders: number;
  decidedAt: Date;
}

/** One person's time in a journey, beside what the draw kept. */
export interface KeptEnrolment {
  journey: Journey;
  occurrence: number;
  scoreVersion: number;
  state: string;
  step: string;
  endedAt: Date | null;
  endReason: string | null;
  /** Answers of hers, oldest first */
  replies: Date[];
}

export interface KeptMessage {
  id: string;
  /** '' for a campaign's one mail */
  step: string;
  occurrence: number;
  customerId: string;
  campaignId: string;
  variantId: string;
  state: string;
  stateReason: string | null;
  scheduledAt: Date | null;
  notBefore: Date | null;
  timeZone: string | null;
  zoneSource: string | null;
  hourSource: string | null;
  localHour: number | null;
  acceptedAt: Date | null;
  createdAt: Date;
  moments: Record<'delivered' | 'opened' | 'clicked' | 'bounced' | 'complained' | 'unsubscribed', Date | null>;
}

export interface KeptAttempt {
  messageId: string;
  token: number;
  provider: string;
  startedAt: Date;
  finishedAt: Date | null;
  outcome: string | null;
  status: number | null;
}

/** Another message that counts in this one's checks. */
export interface OtherMessage {
  id: string;
  step: string;
  campaignId: string;
  customerId: string;
  state: string;
  scheduledAt: Date | null;
  acceptedAt: Date | null;
  createdAt: Date;
  attempts: KeptAttempt[];
}

export interface KeptRun {
  version: number;
  asOf: Date;
  method: string;
  reason: string | null;
  dataVersion: number;
  purchase: Record<string, number> | null;
  spend: Record<string, number> | null;
  chart: Record<string, number> | null;
  returns: StageReturns | null;
}

/** A row of scores by column. */
export type KeptScore = Record<string, unknown> & { best_hour: number | null };

export interface KeptVariant {
  id: string;
  step: string;
  key: string;
  language: string;
  text: string;
}

export interface Dossier {
  now: Date;
  store: Store;
  campaign: Campaign;
  /** Undefined: the segment is gone */
  segment: { key: string; name: string; rule: Rule } | undefined;
  customerId: string;
  /** Undefined: erased since */
  customer: KeptCustomer | undefined;
  /** Where the draw put her, of a campaign or of her entry into a journey */
  holdout: KeptHoldout | undefined;
  /** Undefined: it is no journey, or she never came in */
  enrolment: KeptEnrolment | undefined;
  message: KeptMessage | undefined;
  attempts: KeptAttempt[];
  events: (Fact & { agent: Agent })[];
  /** Oldest first */
  orders: KeptOrder[];
  /** Oldest first; of one instant in the order in which they came */
  consents: KeptConsent[];
  /** What the person asked for on the preference page, oldest first */
  preferences: KeptPreference[];
  /** When the person answered a mail of this campaign, so that somebody must answer in turn */
  replies: Date[];
  suppression: { reason: string; at: Date; source: string } | undefined;
  /** When each pull of a platform began that brought something, oldest first */
  imports: { platform: string; at: Date }[];
  run: KeptRun | undefined;
  score: KeptScore | undefined;
  /** What the models of mail said of the person at the same scoring; undefined: nothing */
  mail: { leaveChance: number | null; uplift: number | null; offerNet: number | null } | undefined;
  /** The store as of the run; undefined where the run does not need it */
  storeThen: { mean: number; repeaters: number } | undefined;
  variants: KeptVariant[];
  /** How the batches of a campaign that is dealt day by day were dealt; empty: it is dealt at once */
  batches: LoggedBatch[];
  others: OtherMessage[];
  /** When somebody changed the store's settings */
  settingsChanged: Date[];
  /** Days without mail, as the store has them set now */
  holidays: Holidays;
}
