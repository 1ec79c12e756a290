/** Scores of single people from what mails taught. Pure. */
import type { PastCampaigns } from '../../measurement/index.ts';
import { answerRates, bestHour, engagementChance, isRobot, leavingChance, type OfferTrial } from '../models/index.ts';
import type { Lessons } from './learn.ts';
import { hourCounts, mailFeatures, pressureAt, type PersonMails } from './mail.ts';
import type { MailScore, PersonFacts, TrialRow } from './mails.store.ts';

/** What a person's uplift and need of an offer are read from. */
export const PERSON_FEATURES = ['silence', 'rhythm', 'bought_once', 'alive', 'value', 'lapsed'] as const;

/** Features of these people, row by row. */
export function personFeatures(people: readonly PersonFacts[]): Float64Array {
  const features = new Float64Array(people.length * PERSON_FEATURES.length);
  people.forEach((one, i) => {
    features.set(
      [
        Math.log1p(Math.max(0, one.silentDays)),
        Math.log1p(one.usualDays ?? 0),
        one.usualDays === null ? 1 : 0,
        one.alive ?? 0,
        Math.log1p(Math.max(0, one.value365 ?? 0)),
        one.stage === 'lapsed' ? 1 : 0,
      ],
      i * PERSON_FEATURES.length,
    );
  });
  return features;
}

/** The trial of mail against none. */
export function mailTrial(rows: readonly TrialRow[]): PastCampaigns {
  return {
    features: personFeatures(rows),
    names: PERSON_FEATURES,
    treated: Uint8Array.from(rows, (row) => (row.treated ? 1 : 0)),
    ordered: Uint8Array.from(rows, (row) => (row.ordered ? 1 : 0)),
  };
}

/** The trial of the offer against the same mail without it; undefined: none was run. */
export function offerTrial(rows: readonly TrialRow[], cost: number | null): OfferTrial | undefined {
  const dealt = rows.filter((row) => row.treated && row.offered !== null);
  if (cost === null || dealt.length === 0) return undefined;
  return {
    features: personFeatures(dealt),
    names: PERSON_FEATURES,
    offered: Uint8Array.from(dealt, (row) => (row.offered ? 1 : 0)),
    ordered: Uint8Array.from(dealt, (row) => (row.ordered ? 1 : 0)),
    cost,
  };
}

/** One person's best hour, chance to click and chance to leave on the next mail; null: not known. */
export function mailScore(
  lessons: Lessons,
  { customerId, mails }: PersonMails,
  person: { orders: number; lastAt: number | undefined; now: number },
): MailScore {
  const { now } = person;
  const used = new Set(lessons.usedHours);
  const hours = hourCounts(mails, now);
  const facts = {
    silentDays: person.lastAt === undefined ? null : (now - person.lastAt) / 86_400_000,
    ordersBefore: person.orders,
    priors: lessons.priors,
  };
  return {
    customerId,
    bestHour:
      lessons.sendTime.missing === null && !isRobot(hours)
        ? (bestHour(answerRates(lessons.sendTime.model, hours), (hour) => used.has(hour)) ?? null)
        : null,
    click:
      lessons.clicks.missing === null ? engagementChance(lessons.clicks.model, mailFeatures(mails, now, facts)) : null,
    leave: lessons.fatigue.missing === null ? leavingChance(lessons.fatigue.model, pressureAt(mails, now)) : null,
  };
}
