/**
 * Send-time preference: at which of the 168 hours of his own week a person answers (opens and clicks by people, not machines).
 * Three levels that borrow from each other: everybody's week → the store's → the person's. Counts are answers out of mails SENT
 * in that hour, never answers alone: one who is always mailed at nine always opens at nine.
 *
 * Beta-binomial shrinkage with the strength of each level estimated by maximum marginal likelihood (Gelman et al., Bayesian Data
 * Analysis, 3rd ed. 2013, section 5.3) for people and by how well a person's other mails foretell each (leave one out) for hours.
 * Neighbouring hours, and the same hour of other days, speak for each other through a kernel on the circle of the week.
 */
import { logBeta } from './special.ts';

export const HOURS_OF_WEEK = 168;

/** One person's mails by hour of the week, 0 = Monday 00:00. */
export interface HourCounts {
  sent: ArrayLike<number>;
  /** Answers to those mails, counted at the hour of sending */
  answered: ArrayLike<number>;
}

export interface SendTimeModel {
  /** Mean answer rate of the store */
  rate: number;
  /** How much better than the mean each hour is, mean 1 over what was sent */
  lift: Float64Array;
  /** Mails that the store's rate counts for in a person's */
  personStrength: number;
  /** Mails that a person's own curve counts for in each of his hours */
  hourStrength: number;
  people: number;
  robots: number;
  warnings: string[];
}

/** Mails with so many answers out of so many, at a rate this high, are answered by a machine. */
const ROBOT = { mails: 20, rate: 0.97 };
/** Mails in each hour that everybody's curve counts for in the store's. */
const STORE_STRENGTH = 200;
const STRENGTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];
/** Weights of the hours around, and of the same hours on each of the other days. */
const KERNEL = [0.25, 0.5, 1, 0.5, 0.25];
const OTHER_DAYS = 0.4;

/** `prior`: everybody's lift by hour; flat where nothing is known. */
export function fitSendTime(people: readonly HourCounts[], prior?: Float64Array): SendTimeModel {
  const humans = people.filter((person) => !isRobot(person));
  const sent = new Float64Array(HOURS_OF_WEEK);
  const answered = new Float64Array(HOURS_OF_WEEK);
  for (const person of humans)
    for (let hour = 0; hour < HOURS_OF_WEEK; hour++) {
      sent[hour]! += person.sent[hour] ?? 0;
      answered[hour]! += person.answered[hour] ?? 0;
    }
  const mails = total(sent);
  const rate = mails > 0 ? Math.min(0.99, Math.max(1e-4, total(answered) / mails)) : 0.1;
  const [around, hits] = [smooth(sent), smooth(answered)];
  const lift = Float64Array.from({ length: HOURS_OF_WEEK }, (_, hour) => {
    const expected = prior?.[hour] ?? 1;
    return (hits[hour]! / rate + STORE_STRENGTH * expected) / (around[hour]! + STORE_STRENGTH);
  });
  const totals = humans.map((person) => ({ sent: total(person.sent), answered: total(person.answered) }));
  const personStrength = strengthOf(totals, rate);
  const evidence = humans.map((person, i) => othersOf(person, ownRate(totals[i]!, rate, personStrength), lift));
  const hourStrength = bestStrength((strength) =>
    evidence.reduce(
      (sum, cells) => sum + cells.reduce((ofPerson, cell) => ofPerson + logForetold(cell, strength), 0),
      0,
    ),
  );
  const hours = sent.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  return {
    rate,
    lift,
    personStrength,
    hourStrength,
    people: humans.length,
    robots: people.length - humans.length,
    warnings: [
      ...(mails < 1000 ? [`too_few_mails: ${String(mails)} were sent, 1000 are needed`] : []),
      ...(hours < 24
        ? [`few_hours: mail went at ${String(hours)} hours of the week only, the others are a guess`]
        : []),
    ],
  };
}

/** A machine answers (nearly) everything. */
export function isRobot(person: HourCounts): boolean {
  const sent = total(person.sent);
  return sent >= ROBOT.mails && total(person.answered) >= ROBOT.rate * sent;
}

/** The person's answer rate in each hour of his week: mean of the posterior. An unknown person gets the store's week. */
export function answerRates(model: SendTimeModel, person?: HourCounts): Float64Array {
  const own = person
    ? ownRate({ sent: total(person.sent), answered: total(person.answered) }, model.rate, model.personStrength)
    : model.rate;
  const robot = person !== undefined && isRobot(person);
  const [sent, hits] = person && !robot ? [smooth(person.sent), smooth(person.answered)] : [undefined, undefined];
  return Float64Array.from({ length: HOURS_OF_WEEK }, (_, hour) => {
    const expected = clamp((robot ? model.rate : own) * model.lift[hour]!);
    if (!sent || !hits) return expected;
    return (hits[hour]! + model.hourStrength * expected) / (sent[hour]! + model.hourStrength);
  });
}

/** The best of the hours allowed, the earliest among equals; undefined where none is allowed. */
export function bestHour(rates: Float64Array, allowed: (hour: number) => boolean): number | undefined {
  let best: number | undefined;
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++)
    if (allowed(hour) && (best === undefined || rates[hour]! > rates[best]! + 1e-12)) best = hour;
  return best;
}

function ownRate(counts: { sent: number; answered: number }, rate: number, strength: number): number {
  return (counts.answered + strength * rate) / (counts.sent + strength);
}

/** ln P(answered | sent, Beta(strength × rate, strength × (1-rate))) without the binomial coefficient. */
function logBetaBinomial(answered: number, sent: number, rate: number, strength: number): number {
  const [a, b] = [strength * rate, strength * (1 - rate)];
  return logBeta(a + answered, b + sent - answered) - logBeta(a, b);
}

/** How many mails everybody's rate counts for in one person's, by maximum marginal likelihood. */
export function strengthOf(people: readonly { sent: number; answered: number }[], rate: number): number {
  return bestStrength((strength) =>
    people.reduce((sum, one) => sum + logBetaBinomial(one.answered, one.sent, rate, strength), 0),
  );
}

function bestStrength(likelihood: (strength: number) => number): number {
  let best = { strength: STRENGTHS.at(-1) ?? 1, value: Number.NEGATIVE_INFINITY };
  for (const strength of STRENGTHS) {
    const value = likelihood(strength);
    if (value > best.value) best = { strength, value };
  }
  return best.strength;
}

/** Counts of each hour with those of the hours around it, on this day and, less, on the others. */
function smooth(counts: ArrayLike<number>): Float64Array {
  const half = (KERNEL.length - 1) / 2;
  const around = Float64Array.from({ length: HOURS_OF_WEEK }, (_, hour) =>
    KERNEL.reduce(
      (sum, weight, i) => sum + weight * (counts[(hour + i - half + HOURS_OF_WEEK) % HOURS_OF_WEEK] ?? 0),
      0,
    ),
  );
  const ofDay = new Float64Array(24);
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) ofDay[hour % 24]! += around[hour]!;
  return around.map((count, hour) => count + OTHER_DAYS * (ofDay[hour % 24]! - count));
}

interface Foretold {
  sent: number;
  answered: number;
  /** What the person's other mails say of this hour */
  othersSent: number;
  othersAnswered: number;
  /** What the levels above say */
  expected: number;
}

function othersOf(person: HourCounts, own: number, lift: Float64Array): Foretold[] {
  const [around, hits] = [smooth(person.sent), smooth(person.answered)];
  const cells: Foretold[] = [];
  for (let hour = 0; hour < HOURS_OF_WEEK; hour++) {
    const [sent, answered] = [person.sent[hour] ?? 0, person.answered[hour] ?? 0];
    if (sent > 0)
      cells.push({
        sent,
        answered,
        othersSent: around[hour]! - sent,
        othersAnswered: hits[hour]! - answered,
        expected: clamp(own * lift[hour]!),
      });
  }
  return cells;
}

function logForetold(cell: Foretold, strength: number): number {
  const p = clamp((cell.othersAnswered + strength * cell.expected) / (cell.othersSent + strength));
  return cell.answered * Math.log(p) + (cell.sent - cell.answered) * Math.log1p(-p);
}

function clamp(rate: number): number {
  return Math.min(0.99, Math.max(1e-5, rate));
}

function total(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i]!;
  return sum;
}
