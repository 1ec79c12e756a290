/**
 * One mail to one person as the models of mail look at it, and what was known before it was sent. Pure: rows of the ledger in,
 * features out. What happened after a mail never stands in its own features.
 */
import type { HourCounts, MailTrial } from '../models/index.ts';
import { HOURS_OF_WEEK, strengthOf } from '../models/index.ts';

/** Instants in milliseconds; null: it never happened. */
export interface MailFact {
  customerId: string;
  at: number;
  /** Hour of the recipient's week at which it went, 0 = Monday 00:00 */
  hour: number;
  /** By people: what machines open and follow is counted apart */
  openedAt: number | null;
  clickedAt: number | null;
  /** Unsubscribed or complained on this mail */
  leftAt: number | null;
  /** The first order within a week of it */
  orderedAt: number | null;
  /** Days since the last order before it; null: none before */
  silentDays: number | null;
  ordersBefore: number;
}

export interface PersonMails {
  customerId: string;
  /** Oldest first */
  mails: MailFact[];
}

/** What a model of engagement may know of a person when the next mail is about to go. */
export const MAIL_FEATURES = ['mails', 'opens', 'clicks', 'silence', 'orders'] as const;

const DAY = 86_400_000;
/** A mail younger than this has not had the time to be answered. */
export const ANSWER_DAYS = 3;

/** Gathers rows that stand by customer and time. */
export function gatherMails(rows: readonly MailFact[]): PersonMails[] {
  const people: PersonMails[] = [];
  for (const mail of rows) {
    const last = people.at(-1);
    if (last?.customerId === mail.customerId) last.mails.push(mail);
    else people.push({ customerId: mail.customerId, mails: [mail] });
  }
  return people;
}

/** What everybody's answers count for in a person's own share, so that one click of one mail is no certainty. */
export interface Prior {
  rate: number;
  /** Mails */
  strength: number;
}
export type Priors = Record<'opens' | 'clicks', Prior>;

/** How alike people are in answering, by maximum marginal likelihood. */
export function priorsOf(people: readonly PersonMails[]): Priors {
  const prior = (of: (mail: MailFact) => number | null): Prior => {
    const counts = people.map(({ mails }) => ({
      sent: mails.length,
      answered: mails.filter((mail) => of(mail) !== null).length,
    }));
    const total = (which: 'sent' | 'answered'): number => counts.reduce((sum, one) => sum + one[which], 0);
    const rate = Math.min(0.99, Math.max(1e-3, total('answered') / Math.max(1, total('sent'))));
    return { rate, strength: strengthOf(counts, rate) };
  };
  return { opens: prior((mail) => mail.openedAt), clicks: prior((mail) => mail.clickedAt) };
}

/** The features of a mail at `at`, from the mails before it and the buying before it. */
export function mailFeatures(
  before: readonly MailFact[],
  at: number,
  known: { priors: Priors } & Pick<MailFact, 'silentDays' | 'ordersBefore'>,
): number[] {
  // As log-odds, as the model adds up: never an answer in thirty mails says far more than never one in three.
  const share = (of: (mail: MailFact) => number | null, { rate, strength }: Prior): number => {
    const answers = before.filter((mail) => (of(mail) ?? Infinity) < at).length + strength * rate;
    return Math.log(answers / (before.length + strength - answers));
  };
  return [
    Math.log1p(before.length),
    share((mail) => mail.openedAt, known.priors.opens),
    share((mail) => mail.clickedAt, known.priors.clicks),
    Math.log1p(known.silentDays ?? 1000),
    Math.log1p(known.ordersBefore),
  ];
}

/** The next mail's pressure: mails in the 30 days before it, and since when the person gets any. */
export function pressureAt(before: readonly MailFact[], at: number): Pick<MailTrial, 'mailsBefore' | 'daysKnown'> {
  return {
    mailsBefore: before.filter((mail) => mail.at > at - 30 * DAY).length,
    daysKnown: before.length > 0 ? (at - before[0]!.at) / DAY : 0,
  };
}

/** Mails of one person by hour of the week; an answer is an open or a click by a person. */
export function hourCounts(mails: readonly MailFact[], until: number): HourCounts {
  const sent = new Float64Array(HOURS_OF_WEEK);
  const answered = new Float64Array(HOURS_OF_WEEK);
  for (const mail of mails) {
    if (mail.at > until - ANSWER_DAYS * DAY) continue;
    sent[mail.hour]! += 1;
    if (mail.openedAt !== null || mail.clickedAt !== null) answered[mail.hour]! += 1;
  }
  return { sent, answered };
}
