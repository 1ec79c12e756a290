import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { drawRepeats, type BuyingLaw } from '../testing/index.ts';
import { chooseModel, type ChooseInput, type Choice } from './choose.ts';
import { calibrate, type Purchase } from './purchases.ts';
import { scorer } from './score-people.ts';
import { textScorer } from './score-text.ts';
import { openThread } from './thread.ts';

const TODAY = 20_000;
const LAW: BuyingLaw = { leaves: 'after_purchases', r: 0.8, alpha: 5, a: 0.8, b: 2.5 };

/** People who never leave and never are late by much: their next order comes after 20 to 60 days, some rarely. */
function regulars(people: number, days: number): Purchase[] {
  const random = seededRandom('regulars');
  return Array.from({ length: people }, (_, i) => {
    const purchases: Purchase[] = [];
    const pace = 20 + 40 * random.next();
    for (
      let day = TODAY - Math.floor(random.next() * days);
      day <= TODAY;
      day += Math.ceil(pace * (0.5 + random.next()))
    )
      purchases.push({ customer: String(i), day, amount: 2000 });
    return purchases;
  }).flat();
}

/** `season`: chance that a purchase of this day happens at all. */
function log(
  seed: string,
  law: BuyingLaw,
  people: number,
  days: number,
  season: (day: number) => number = () => 1,
): Purchase[] {
  const random = seededRandom(seed);
  return Array.from({ length: people }, (_, i) => {
    const first = TODAY - 1 - Math.floor(random.next() * days);
    const later = drawRepeats(random, law, (TODAY - first) / 7)
      .map((week) => first + Math.floor(week * 7))
      .filter((day) => random.next() < season(day));
    return [first, ...later].map((day) => ({
      customer: String(i),
      day,
      amount: 1500 + Math.floor(random.next() * 3000),
    }));
  }).flat();
}

function inputOf(purchases: Purchase[], days: number, splitDays: number): ChooseInput {
  const now = calibrate(purchases, { calibrationEnd: TODAY, unitDays: 7 });
  const before = calibrate(purchases, { calibrationEnd: TODAY - splitDays, holdoutEnd: TODAY, unitDays: 7 });
  return {
    histories: now.histories,
    means: now.means,
    historyDays: days,
    split: {
      older: before.histories,
      all: before.whole,
      later: before.later,
      weeks: splitDays / 7,
      stretches: before.stretches,
    },
  };
}

describe('the choice of a model', () => {
  test('falls on the one whose held-out likelihood is best, and says how each did', () => {
    const choice = chooseModel(inputOf(log('choice', LAW, 3000, 500), 500, 125));
    const [best] = choice.candidates
      .filter(({ objections }) => objections.length === 0)
      .toSorted((one, other) => other.holdout.logLikelihoodPerCustomer - one.holdout.logLikelihoodPerCustomer);
    expect(choice.method).toBe(best?.name);
    expect(choice.reason).toBeUndefined();
    expect(choice.candidates).toHaveLength(3);
    for (const { holdout } of choice.candidates)
      expect(Math.abs(holdout.predicted / holdout.actual - 1)).toBeLessThan(0.2);
    // BG/NBD takes every one-time buyer for active: never for a store of many of them.
    expect(choice.candidates.find(({ name }) => name === 'bg-nbd')?.objections.join()).toMatch(/every one-time buyer/);
  });

  test('falls on the plain rule where nobody can be told to have gone', () => {
    const choice = chooseModel(inputOf(regulars(1500, 400), 400, 100));
    expect(choice.method).toBe('rhythm');
    expect(choice.reason).toMatch(/^no model describes this store .*degenerate_dropout/);
    expect(choice.chart).toBeDefined();
  });

  test('falls on the plain rule where the season, or a change, breaks every forecast', () => {
    const quiet = (day: number): number => (day > TODAY - 100 ? 0.3 : 1);
    const choice = chooseModel(inputOf(log('season', { ...LAW, r: 2, b: 20 }, 3000, 500, quiet), 500, 100));
    expect(choice.method).toBe('rhythm');
    expect(choice.reason).toMatch(
      /seasonal_or_changed: \d+ purchases were foretold for the last 14 weeks and there were \d+/,
    );
  });

  test('an uneven season is a warning', () => {
    const wave = (day: number): number => 0.55 + 0.45 * Math.cos(((TODAY - day) / 112) * 2 * Math.PI);
    const choice = chooseModel(inputOf(log('wave', { ...LAW, r: 2, b: 20 }, 3000, 500, wave), 500, 112));
    expect(choice.candidates[0]?.fit.warnings.join()).toMatch(/seasonality: four-week stretches brought from/);
  });
});

describe('the plain rule', () => {
  test('tells of each stage how such people fared before', () => {
    const choice = chooseModel(inputOf(regulars(1500, 400), 400, 100));
    const score = scorer(planOf(choice));
    const late = score({
      purchaseDays: 5,
      firstDay: TODAY - 300,
      lastDay: TODAY - 110,
      revenue: 10_000,
      repeatRevenue: 8000,
    });
    expect(late).toMatchObject({ state: 'scored', alive: undefined, stage: 'lapsed', next: undefined });
    expect(late.reasons.map(({ code }) => code)).toContain('others_came_back');
    const fresh = score({
      purchaseDays: 5,
      firstDay: TODAY - 130,
      lastDay: TODAY - 10,
      revenue: 10_000,
      repeatRevenue: 8000,
    });
    expect(fresh.stage).toBe('active');
    expect(fresh.next?.low).toBeLessThanOrEqual(fresh.next?.middle ?? 0);
    expect(fresh.next?.middle).toBeLessThanOrEqual(fresh.next?.high ?? 0);
    expect(fresh.return90).toBeGreaterThanOrEqual(late.return90 ?? 1);
  });
});

function planOf(choice: Choice) {
  return {
    method: choice.method,
    model: choice.fit?.vector,
    spend: choice.spend?.vector,
    chart: choice.chart?.vector,
    returns: choice.returns,
    storeMean: 3000,
    repeaters: choice.repeaters,
    today: TODAY,
  };
}

test('another thread chooses and scores the same, byte by byte', async () => {
  const input = inputOf(log('thread', LAW, 800, 400), 400, 100);
  const here = chooseModel(input);
  const thread = openThread({ own: true });
  try {
    expect(JSON.stringify(await thread.choose(input))).toBe(JSON.stringify(here));
    const lines = Buffer.from(
      ['a\t1\t19900\t19900\t2000\t0', 'b\t4\t19700\t19980\t9000\t7000', 'c\t2\t19500\t19520\t-100\t-500']
        .map((line) => `${line}\n`)
        .join(''),
    );
    const score = await thread.start(planOf(here));
    const there = await score(new Uint8Array(lines));
    expect(Buffer.from(there.bytes).toString()).toBe(Buffer.from(textScorer(planOf(here))(lines).bytes).toString());
    expect(there).toMatchObject({ rows: 3, notEnough: 0 });
    await expect(thread.choose(undefined as never)).rejects.toThrow(/scoring thread/);
  } finally {
    await thread.close();
  }
});
