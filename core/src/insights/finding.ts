/** A finding: what one did not know, how sure it is, what it is worth, a picture, and one thing to do. Pure. */
import { z } from 'zod';
import { LOCALES, type Language } from '../language.ts';
import { formatMoney } from '../money.ts';

export const KINDS = [
  'revenue_up', 'revenue_down', 'order_value_up', 'order_value_down', 'new_customers_up', 'new_customers_down',
  'returning_up', 'returning_down', 'returns_up', 'weekday_sells', 'hour_sells', 'cohort_slipping', 'cohort_better',
  'product_brings_back', 'product_ends', 'product_rising', 'product_falling', 'products_together', 'country_growing',
  'country_falling', 'dear_slipping', 'worth_winning_back', 'out_of_reach', 'bought_once', 'few_carry_much',
  'second_order_gap', 'consent_expiring', 'hour_works', 'hour_fails', 'picking_hours_pays', 'version_won', 'version_tires',
  'domain_bounces', 'complaints_high', 'unsubscribes_up', 'clicks_up', 'clicks_down', 'machines_open', 'campaign_won',
  'campaign_lost', 'campaign_broken', 'campaign_unclear', 'mails_tire', 'mail_moves_some', 'offer_needed', 'offer_wasted',
  'model_off', 'no_model', 'revenue_forecast', 'returning_forecast', 'forecast_below', 'orders_stopped', 'programme_effect', 'programme_broken', 'programme_unclear',
] as const; // prettier-ignore
export type Kind = (typeof KINDS)[number];

const bar = z.object({
  label: z.string(),
  value: z.number(),
  /** The value in words */
  words: z.string(),
  /** The one that the finding is about */
  marked: z.boolean(),
});

export const picture = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bars'), unit: z.string(), bars: z.array(bar) }),
  z.object({
    kind: z.literal('band'),
    unit: z.string(),
    /** Minor units of the store's currency */
    money: z.boolean().default(false),
    points: z.array(z.object({ at: z.coerce.date(), estimate: z.number(), low: z.number(), high: z.number() })),
  }),
]);
export type Picture = z.infer<typeof picture>;

export const evidence = z.object({
  /** The finding in a sentence with a number */
  title: z.string(),
  /** What it stands on, a sentence */
  because: z.string(),
  /** What the size means: a year, the next four weeks … */
  sizeOf: z.string().nullable(),
  action: z.object({ label: z.string(), url: z.string() }),
  picture,
});
export type Evidence = z.infer<typeof evidence>;

export interface Finding extends Evidence {
  kind: Kind;
  subject: string;
  /** Direction and rough size */
  news: string;
  /** Minor units */
  size: number | null;
  /** Null: a count, not an inference */
  pValue: number | null;
}

/** A comparison that was made; what it would say if it holds. Null: it is about nothing worth saying, but it was looked at. */
export interface Looked {
  pValue: number;
  finding: Finding | null;
}

/** What detectors say numbers with, in the store's language. */
export interface Say {
  language: Language;
  money: (minor: number) => string;
  share: (value: number) => string;
  count: (value: number) => string;
  /** "1 customer", "1,204 customers" */
  customers: (value: number) => string;
  /** With so many digits after the point */
  decimal: (value: number, digits: number) => string;
  /** "March 2026" of 2026-03 */
  month: (month: string) => string;
  /** "09:00" of 9 */
  hour: (hour: string) => string;
  /** "one time in 1,000" */
  chance: (pValue: number) => string;
}

const COUNTED = {
  en: {
    customers: (count: string, one: boolean) => `${count} ${one ? 'customer' : 'customers'}`,
    timesInHundred: (times: string) => `${times} times in 100`,
    oneIn: (times: string) => `one time in ${times}`,
  },
  es: {
    customers: (count: string, one: boolean) => `${count} ${one ? 'cliente' : 'clientes'}`,
    timesInHundred: (times: string) => `${times} de cada 100 veces`,
    oneIn: (times: string) => `una de cada ${times} veces`,
  },
};

export function sayIn(language: Language, currency: string): Say {
  const locale = LOCALES[language];
  const words = COUNTED[language];
  const number = new Intl.NumberFormat(locale, { useGrouping: 'always', maximumFractionDigits: 0 });
  const percent = (digits: number) =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits });
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return {
    language,
    money: (minor) => formatMoney(roundTwo(minor), currency, language, 0),
    share: (value) => percent(Math.abs(value) < 0.1 ? 1 : 0).format(value),
    count: (value) => number.format(value),
    customers: (value) => words.customers(number.format(value), value === 1),
    decimal: (value, digits) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value),
    month: (given) => month.format(new Date(`${given}-15T00:00:00Z`)),
    hour: (hour) => `${hour.padStart(2, '0')}:00`,
    chance: (pValue) =>
      pValue > 0.05
        ? words.timesInHundred(String(Math.round(pValue * 100)))
        : words.oneIn(number.format(Math.min(1_000_000, Math.round(1 / Math.max(pValue, 1e-9))))),
  };
}

/** Two digits that count, whole units at least: a size is an estimate. */
function roundTwo(minor: number): number {
  const step = Math.max(100, 10 ** (Math.floor(Math.log10(Math.max(1, Math.abs(minor)))) - 1));
  return Math.round(minor / step) * step;
}

/** A rough size as a word: half as much again is news, a tenth is not. */
export function roughly(value: number): string {
  if (value === 0) return '0';
  return `${value < 0 ? '-' : '+'}${String(Math.round(Math.log(Math.abs(value)) / Math.log(1.5)))}`;
}

export function bars(unit: string, rows: { label: string; value: number; words: string; marked?: boolean }[]): Picture {
  return { kind: 'bars', unit, bars: rows.map((row) => ({ marked: false, ...row })) };
}
