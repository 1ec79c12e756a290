/**
 * A report's figures: made once, kept, and read by every rendering of it. A line has its number and its words; renderings show
 * them and work out nothing. Pure.
 */
import { z } from 'zod';
import { LANGUAGES } from '../language.ts';

const line = z.object({
  label: z.string(),
  /** In whole units: euros, people, mails; a share from 0 to 1. Null: nothing to say yet */
  value: z.number().nullable(),
  /** The same of the span before; null where there is none to compare with */
  before: z.number().nullable(),
  words: z.string(),
  wordsBefore: z.string().nullable(),
});
export type Line = z.infer<typeof line>;

export const reportFigures = z.object({
  /** In which the words are; reports made before there were two are English */
  language: z.enum(LANGUAGES).default('en'),
  title: z.string(),
  store: z.string(),
  currency: z.string(),
  simulated: z.boolean(),
  /** The report in a sentence */
  answer: z.string(),
  sections: z.array(z.object({ title: z.string(), note: z.string().nullable(), lines: z.array(line) })),
  findings: z.array(z.object({ title: z.string(), because: z.string() })),
});
export type ReportFigures = z.infer<typeof reportFigures>;

export type Unit = 'money' | 'count' | 'share';

/** A line from raw numbers; money comes in minor units. */
export function lineOf(
  say: {
    money: (minor: number) => string;
    count: (value: number) => string;
    share: (value: number) => string;
    minor: number;
    unknown: string;
  },
  label: string,
  unit: Unit,
  value: number | null,
  before: number | null = null,
): Line {
  const whole = (one: number | null): number | null => (one === null ? null : unit === 'money' ? one / say.minor : one);
  const words = (one: number): string =>
    unit === 'money' ? say.money(one) : unit === 'share' ? say.share(one) : say.count(one);
  return {
    label,
    value: whole(value),
    before: whole(before),
    words: value === null ? say.unknown : words(value),
    wordsBefore: before === null ? null : words(before),
  };
}
