/** What a campaign's plan fixes, and how the store's settings become one. Stored as JSON in campaigns.plan. */
import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Store } from '../accounts/index.ts';
import { languageOf, LOCALES } from '../language.ts';
import { offerDeal, type OfferDeal } from './offer.ts';
import { MAIL_GOALS } from '../ports.ts';

export const campaignPlan = z.strictObject({
  /** Of a journey: that of its first mail; each step has its own */
  goal: z.enum(MAIL_GOALS),
  offer: z
    .strictObject({
      kind: z.enum(['percent', 'amount', 'free_shipping']),
      /** Percent, or minor units of the store's currency; without meaning for free shipping */
      value: z.number(),
      code: z.string(),
      /** Last instant at which the code is good */
      until: z.coerce.date(),
    })
    .nullable()
    .default(null),
  /** Days from the approval in which mails go out */
  sendDays: z.number().int().positive().default(7),
  /** Days from the approval in which orders count */
  measureDays: z.number().int().positive().default(60),
  /** Share of messages that go at a random allowed hour, 0..0.5 */
  randomHourShare: z.number().min(0).max(0.5).default(0),
  /** Version b is version a without the offer, and who gets which is drawn */
  offerTest: z.boolean().default(false),
  /** To whom the offer goes, and why so; null: there is none, or a plan of before it was dealt */
  offerDeal: offerDeal.nullable().default(null),
  /** Which of the store's topics it is about: whoever does not want that one gets no mail of it */
  topic: z.string().default('offers'),
  dealing: z.enum(['even', 'winner', 'thompson']).default('even'),
  /** By what people were chosen, and why by that; null: a plan of before there was a choice */
  choice: z
    .strictObject({ by: z.enum(['uplift', 'value', 'everyone']), reason: z.string(), limit: z.number().nullable() })
    .nullable()
    .default(null),
  /** Of a run of a journey, fixed when it is switched on; null: one send, or not switched on yet */
  standing: z
    .strictObject({
      /** People expected in its first year: what its interval is tightest at */
      expected: z.number().int().positive(),
      /** One person counts at most this much revenue, minor units; null: nobody had spent anything */
      cap: z.number().nullable(),
    })
    .nullable()
    .default(null),
});
export type CampaignPlan = z.infer<typeof campaignPlan>;
export type AudienceChoice = NonNullable<CampaignPlan['choice']>;

/** Counts from the segment to the audience: segment = left out + store-wide control + audience. */
export const campaignFunnel = z.strictObject({
  segment: z.number().default(0),
  /** Reason → people; see audience.ts */
  leftOut: z.record(z.string(), z.number()).default({}),
  /** Treated and held out together */
  audience: z.number().default(0),
  treated: z.number().default(0),
  holdout: z.number().default(0),
  /** People who would be in the audience, but get nothing from anybody (stores.control_share) */
  storeControl: z.number().default(0),
});
export type CampaignFunnel = z.infer<typeof campaignFunnel>;

/** Days a code stays good after the planning, beside the days of sending: whoever is mailed last has three weeks. */
const OFFER_DAYS = 28;

/** A plan from what the store has set. The offer ends with a day of the store's own calendar. */
export function planFor(
  store: Store,
  { choice, offer }: { choice: AudienceChoice; offer: OfferDeal | null },
  now: Date,
): CampaignPlan {
  const { settings } = store;
  const lastDay = DateTime.fromJSDate(now, { zone: store.timeZone }).plus({ days: settings.sendDays + OFFER_DAYS });
  return {
    goal: 'win_back',
    offer: settings.offer && { ...settings.offer, until: lastDay.endOf('day').toJSDate() },
    sendDays: settings.sendDays,
    measureDays: settings.measureDays,
    randomHourShare: settings.randomHourShare,
    offerTest: offer?.by === 'test',
    offerDeal: offer,
    topic: topicOf(settings),
    // Who needs the offer says which version a person gets: it is not dealt anew day by day.
    dealing: offer?.by === 'person' ? 'even' : settings.dealing,
    choice,
    standing: null,
  };
}

/** The topic of win-back mails; where that one was taken away, the first that is left. */
export function topicOf({ topics, winBackTopic }: Store['settings']): string {
  return topics.find(({ key }) => key === winBackTopic)?.key ?? topics[0]?.key ?? winBackTopic;
}

/** The campaign's key, one a segment and day of the store, and the name people read. */
export function nameCampaign(store: Store, segmentKey: string, now: Date): { key: string; name: string } {
  const day = DateTime.fromJSDate(now, { zone: store.timeZone });
  const language = languageOf(store.language);
  const date = day.setLocale(LOCALES[language]).toLocaleString(DateTime.DATE_FULL);
  return {
    key: `${segmentKey}-${day.toISODate() ?? ''}`,
    name: { en: `Win back customers, ${date}`, es: `Recuperar clientes, ${date}` }[language],
  };
}
