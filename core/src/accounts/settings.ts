/** What a merchant may set, with the values that hold until she does. Stored as JSON in stores.settings. */
import { z } from 'zod';

/** What a topic is called in every language of the mails; the key is what people's wishes name, and stays. */
const topic = z.object({
  key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'A topic needs a short key of small letters'),
  en: z.string().trim().min(1, 'Every topic needs a name').max(60),
  es: z.string().trim().min(1, 'Every topic needs a name').max(60),
});
export type Topic = z.infer<typeof topic>;

const TOPICS: Topic[] = [
  { key: 'offers', en: 'Offers and discounts', es: 'Ofertas y descuentos' },
  { key: 'news', en: 'New in the shop', es: 'Novedades de la tienda' },
  { key: 'reminders', en: 'Reminders to buy again', es: 'Recordatorios para volver a comprar' },
];

const hour = z.number().int().min(0).max(23);

export const storeSettings = z
  .object({
    /** No mail starts in these hours of the recipient's own clock; from 21 to 8 means 21:00–07:59. */
    quietHours: z.object({ from: hour, to: hour }).default({ from: 21, to: 8 }),
    /** Days without mail. `publicOnes`: the public holidays where the recipient lives; `own`: the store's own, for everybody. */
    holidays: z
      .object({
        publicOnes: z.boolean().default(false),
        own: z.array(z.iso.date()).max(200).default([]),
      })
      .default({ publicOnes: false, own: [] }),
    /** At most `messages` mails to one person in `days` days, over all campaigns. */
    cap: z
      .object({ messages: z.number().int().min(1).max(50), days: z.number().int().min(1).max(90) })
      .default({ messages: 2, days: 7 }),
    /** Share of every campaign's audience that is held back to measure. */
    holdoutShare: z.number().min(0.02).max(0.5).default(0.2),
    /** Days over which a campaign's mails go out, each at its person's hour. */
    sendDays: z.number().int().min(1).max(30).default(7),
    /** Days after the draw in which orders count. */
    measureDays: z.number().int().min(7).max(365).default(60),
    /** Share of messages that go at a random allowed hour, so that the gain of picking the hour can be measured. */
    randomHourShare: z.number().min(0).max(0.5).default(0.1),
    /** The sending domain is new: its volume grows day by day, to those who answer best first. */
    warmUp: z.boolean().default(false),
    /** At most so many mails an hour; null: as fast as the provider takes them. */
    hourlyLimit: z.number().int().min(10).max(10_000_000).nullable().default(null),
    tracking: z
      .object({
        opens: z.boolean(),
        clicks: z.boolean(),
        /** ISO 3166-1 alpha-2: nobody who lives there is counted, whatever the two say */
        offIn: z
          .array(z.string().regex(/^[A-Z]{2}$/))
          .max(250)
          .default([]),
      })
      .default({ opens: true, clicks: true, offIn: [] }),
    /** How the store sounds; told to the writer. */
    voice: z.string().max(500).default('Warm, plain and short. No exclamation marks.'),
    /** What a win-back mail may offer; without it the mail reminds and recommends only. */
    offer: z
      .object({
        kind: z.enum(['percent', 'amount', 'free_shipping']),
        value: z.number().min(0),
        code: z.string().min(1).max(40),
      })
      .nullable()
      .default(null),
    /** Half of each campaign's mails go without the offer, dealt at random, to learn who needs it. */
    offerTest: z.boolean().default(false),
    /** Most people a campaign may write to or hold back, the best ones first; null: everybody who may be mailed. */
    audienceLimit: z.number().int().min(10).max(10_000_000).nullable().default(null),
    /**
     * How a campaign's versions are dealt. even: to halves. winner: even until one has won by the rule, the rest get that
     * one. thompson: each day's batch in the shares in which each is likely the best, by clicks.
     */
    dealing: z.enum(['even', 'winner', 'thompson']).default('even'),
    /** What mails are about; whoever gets them chooses among these on the preference page. */
    topics: z
      .array(topic)
      .min(1, 'Mails need at least one topic')
      .max(8)
      .refine((topics) => new Set(topics.map(({ key }) => key)).size === topics.length, 'Two topics have the same key')
      .default(TOPICS),
    /** Key of the topic that win-back campaigns are about. */
    winBackTopic: z.string().default('offers'),
    reports: z
      .object({
        weekly: z.boolean().default(true),
        monthly: z.boolean().default(true),
        /** Who gets them by mail; without an address they only stand on the page */
        to: z.array(z.email().max(254)).max(10).default([]),
      })
      .default({ weekly: true, monthly: true, to: [] }),
  })
  .strict();

export type StoreSettings = z.infer<typeof storeSettings>;
