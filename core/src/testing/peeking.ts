/**
 * One made-up campaign, looked at again and again: what its interval would have told a merchant who cannot wait. For showing
 * by simulation (bench/coverage.ts and measurement's tests) that the intervals keep their promise; never used on real customers.
 *
 * People buy at rates that differ (gamma), spend is lognormal around a level of their own and mostly zero, and what they spent
 * in the year before is the covariate. Nothing here is normal, which is the point.
 */
import { ENOUGH_BUYERS, estimateEffect, type ArmSums } from '../measurement/index.ts';
import type { Random } from '../ports.ts';
import { exponential, gamma, normal } from './world/chance.ts';

export interface PeekingOptions {
  people: number;
  /** 0..1 */
  holdoutShare: number;
  /** Looks in the window, evenly spaced: 60 for daily in 60 days */
  looks: number;
  /** Orders a person in the window without a mail, on average */
  baseOrders: number;
  /** Shape of the gamma over people's rates: small = a few buy, most do not */
  rateShape: number;
  /** Standard deviation of the logarithm of one order's amount */
  amountSpread: number;
  /** Share more orders of the treated; 0 is an A/A test */
  lift: number;
  /** Share of the orders that fall into the window's last quarter, over the even quarter: a season */
  lateShare?: number;
  /** A journey: people come in evenly over the time, each with a window of her own of this share of it; default: all at once, for all of it */
  ownWindow?: number;
}

export interface Peeked {
  /** Ever above, ever below zero at a look that was allowed a verdict */
  won: boolean;
  lost: boolean;
  /** Above zero at the last look */
  wonAtEnd: boolean;
  /** The interval left the true effect out at some look */
  missed: boolean;
  /** A plain Welch interval of 95 %, looked at as often, was ever off zero: what this replaces */
  plainAlarm: boolean;
}

const ALPHA = 0.05;
const AMOUNT = Math.log(4000);

/** Plays one campaign. The same stream gives the same answer. */
export function peek(options: PeekingOptions, random: Random): Peeked {
  const crowd = drawCrowd(options, random);
  const arms = [emptySums(), emptySums()] as const;
  let came = 0;
  const letIn = (until: number): void => {
    for (; came < options.people && crowd.enters(came) <= until; came++) {
      const sums = arms[crowd.treated[came]!]!;
      sums.n += 1;
      sums.x += crowd.before[came]!;
      sums.xx += crowd.before[came]! ** 2;
    }
  };
  const spent = new Float64Array(options.people);
  const seen: Peeked = { won: false, lost: false, wonAtEnd: false, missed: false, plainAlarm: false };
  let buyers = 0;
  let next = 0;
  for (let look = 1; look <= options.looks; look++) {
    const progress = look / options.looks;
    letIn(progress);
    for (; next < crowd.orders.length && crowd.orders[next]!.at <= progress; next++) {
      const { person, amount } = crowd.orders[next]!;
      const before = spent[person]!;
      const after = Math.min(before + amount, crowd.cap);
      if (before === 0) buyers += 1;
      spent[person] = after;
      const sums = arms[crowd.treated[person]!]!;
      sums.y += after - before;
      sums.yy += after ** 2 - before ** 2;
      sums.xy += (after - before) * crowd.before[person]!;
    }
    if (buyers < ENOUGH_BUYERS) continue;
    const watched = crowd.watched(progress, came);
    const one = estimateEffect({
      treated: arms[1],
      holdout: arms[0],
      progress: watched,
      tunedTo: options.ownWindow === undefined ? undefined : options.people,
      alpha: ALPHA,
    });
    const truth = crowd.truth * (options.ownWindow === undefined ? crowd.elapsed(progress) : watched);
    seen.won ||= one.low > 0;
    seen.lost ||= one.high < 0;
    seen.missed ||= one.low > truth || one.high < truth;
    seen.plainAlarm ||= Math.abs(one.difference) > plainWidth(arms[1], arms[0]);
    if (look === options.looks) seen.wonAtEnd = one.low > 0;
  }
  return seen;
}

interface Crowd {
  treated: Uint8Array;
  /** Spend in the year before */
  before: Float64Array;
  cap: number;
  orders: { at: number; person: number; amount: number }[];
  /** True effect per treated over the whole window, and the share of it due by a moment */
  truth: number;
  elapsed: (progress: number) => number;
  /** When person i comes in, and how much of their windows the first `came` have been watched on average */
  enters: (i: number) => number;
  watched: (progress: number, came: number) => number;
}

function drawCrowd(options: PeekingOptions, random: Random): Crowd {
  const { people, baseOrders, rateShape, amountSpread, lift } = options;
  const late = options.lateShare ?? 0;
  const treated = new Uint8Array(people);
  const before = new Float64Array(people);
  const orders: Crowd['orders'] = [];
  const window = options.ownWindow ?? 1;
  const enters = (i: number): number => (i / people) * (1 - window);
  let truth = 0;
  for (let i = 0; i < people; i++) {
    const rate = gamma(random, rateShape, rateShape);
    const level = AMOUNT + 0.5 * normal(random);
    const amount = () => Math.round(Math.exp(level + amountSpread * normal(random)));
    const isTreated = random.next() >= options.holdoutShare;
    treated[i] = isTreated ? 1 : 0;
    for (let k = 1 + poisson(random, 4 * rate); k > 0; k--) before[i]! += amount();
    for (let k = poisson(random, baseOrders * rate * (isTreated ? 1 + lift : 1)); k > 0; k--) {
      const within = random.next() < late ? 0.75 + 0.25 * random.next() : random.next();
      const at = enters(i) + within * window;
      orders.push({ at, person: i, amount: amount() });
    }
    truth += (baseOrders * rate * lift * Math.exp(level + amountSpread ** 2 / 2)) / people;
  }
  orders.sort((a, b) => a.at - b.at);
  const cap = Float64Array.from(before).sort()[Math.ceil(0.999 * people) - 1]!;
  const elapsed = (progress: number) => (1 - late) * progress + late * Math.max(0, (progress - 0.75) / 0.25);
  const watched = (progress: number, came: number): number => {
    if (options.ownWindow === undefined) return progress;
    let sum = 0;
    for (let i = 0; i < came; i++) sum += Math.min(1, (progress - enters(i)) / window);
    return sum / Math.max(1, came);
  };
  return { treated, before: before.map((spend) => Math.min(spend, cap)), cap, orders, truth, elapsed, enters, watched };
}

function emptySums(): ArmSums {
  return { n: 0, y: 0, yy: 0, x: 0, xx: 0, xy: 0 };
}

/** Normal quantile of 97.5 % */
const PLAIN = 1.959963984540054;

function plainWidth(a: ArmSums, b: ArmSums): number {
  const variance = (arm: ArmSums) => (arm.yy - arm.y ** 2 / arm.n) / (arm.n - 1) / arm.n;
  return PLAIN * Math.sqrt(variance(a) + variance(b));
}

function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let time = exponential(random, 1); time < mean; time += exponential(random, 1)) count += 1;
  return count;
}
