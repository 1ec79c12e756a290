import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import {
  answerRates,
  bestHour,
  engagementChance,
  fitEngagement,
  fitFatigue,
  fitLogistic,
  fitSendTime,
  HOURS_OF_WEEK,
  leavingChance,
  logisticChance,
  mostMails,
  type HourCounts,
} from './index.ts';

function simulate(seed: string, rows: number, logit: (a: number, b: number) => number) {
  const random = seededRandom(seed);
  const features = new Float64Array(rows * 2);
  const outcome = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const [a, b] = [random.next() * 10, random.next() < 0.3 ? 1 : 0];
    features.set([a, b], i * 2);
    outcome[i] = random.next() < 1 / (1 + Math.exp(-logit(a, b))) ? 1 : 0;
  }
  return { features, names: ['mails opened', 'clicked'], outcome };
}

describe('logistic regression', () => {
  test('finds known coefficients within their standard errors', () => {
    const fit = fitLogistic(
      simulate('logistic', 20_000, (a, b) => -3 + 0.4 * a + 1.2 * b),
      { penalty: 0 },
    );
    expect(fit.converged).toBe(true);
    [-3, 0.4, 1.2].forEach((truth, i) => {
      expect(Math.abs(fit.coefficients[i]! - truth) / fit.standardErrors[i]!).toBeLessThan(3);
    });
  });

  test('one yes-or-no feature: the closed form of two shares', () => {
    const features = Float64Array.from({ length: 100 }, (_, i) => (i < 40 ? 1 : 0));
    const outcome = Uint8Array.from({ length: 100 }, (_, i) => (i < 30 || (i >= 40 && i < 52) ? 1 : 0));
    const fit = fitLogistic({ features, names: ['x'], outcome }, { penalty: 0 });
    expect(logisticChance(fit, [1])).toBeCloseTo(0.75, 9);
    expect(logisticChance(fit, [0])).toBeCloseTo(0.2, 9);
    expect(fit.standardErrors[1]).toBeCloseTo(Math.sqrt(1 / 30 + 1 / 10 + 1 / 12 + 1 / 48), 7);
  });

  test('a penalty keeps separated outcomes finite, and a constant feature is nothing', () => {
    const features = Float64Array.of(-2, 5, -1, 5, 1, 5, 2, 5);
    const fit = fitLogistic({ features, names: ['x', 'constant'], outcome: Uint8Array.of(0, 0, 1, 1) }, { penalty: 1 });
    expect(fit.converged).toBe(true);
    expect(fit.coefficients[1]).toBeGreaterThan(0);
    expect(fit.coefficients[2]).toBe(0);
  });
});

describe('engagement propensity', () => {
  test('chances are calibrated on people it has not seen, and beat the mean', () => {
    const engagement = fitEngagement(simulate('engagement', 8000, (a, b) => -2.5 + 0.35 * a + b));
    expect(engagement.warnings).toEqual([]);
    expect(engagement.quality.calibrationError).toBeLessThan(0.02);
    expect(engagement.quality.brier).toBeLessThan(engagement.quality.brierOfMean * 0.9);
    expect(engagement.quality.groups.reduce((sum, { people }) => sum + people, 0)).toBe(8000);
    expect(engagementChance(engagement, [9, 1])).toBeGreaterThan(engagementChance(engagement, [1, 0]));
  });
  test('noise is called noise', () => {
    const engagement = fitEngagement(simulate('noise', 300, () => -4));
    expect(engagement.warnings.join()).toMatch(/too_few_events/);
  });
});

describe('fatigue', () => {
  const random = seededRandom('fatigue');
  const trials = Array.from({ length: 60_000 }, () => {
    const mailsBefore = Math.floor(random.next() * 12);
    const daysKnown = Math.floor(random.next() * 700);
    const logit = -6.5 + 1.1 * Math.log1p(mailsBefore) - 0.1 * Math.log1p(daysKnown);
    return { mailsBefore, daysKnown, left: random.next() < 1 / (1 + Math.exp(-logit)) };
  });
  test('finds how pressure costs people, and the most mails under a bound', () => {
    const fatigue = fitFatigue(trials);
    expect(fatigue.warnings).toEqual([]);
    const { coefficients, standardErrors } = fatigue.model;
    expect(Math.abs(coefficients[1]! - 1.1) / standardErrors[1]!).toBeLessThan(3);
    expect(fatigue.pressure.low).toBeGreaterThan(2);
    const most = mostMails(fatigue, { bound: 0.004, daysKnown: 100 });
    expect(most).toBeGreaterThan(0);
    expect(leavingChance(fatigue, { mailsBefore: (most ?? 0) - 1, daysKnown: 100 })).toBeLessThanOrEqual(0.004);
    expect(leavingChance(fatigue, { mailsBefore: most ?? 0, daysKnown: 100 })).toBeGreaterThan(0.004);
  });
  test('says nothing where hardly anybody left', () => {
    const thin = fitFatigue(trials.slice(0, 500).map((trial) => ({ ...trial, left: false })));
    expect(thin.warnings.join()).toMatch(/too_few_leavers: 0 left/);
    expect(mostMails(thin, { bound: 0.01, daysKnown: 10 })).toBeUndefined();
  });
});

describe('send time', () => {
  /** Everybody is mailed at random hours of the day; evenings are better, and night owls best at 22. */
  function people(count: number): { counts: HourCounts; owl: boolean }[] {
    const random = seededRandom('send time');
    return Array.from({ length: count }, () => {
      const owl = random.next() < 0.3;
      const own = 0.1 + 0.3 * random.next();
      const sent = new Float64Array(HOURS_OF_WEEK);
      const answered = new Float64Array(HOURS_OF_WEEK);
      for (let mail = 0; mail < 60; mail++) {
        const hour = 24 * Math.floor(random.next() * 7) + 8 + Math.floor(random.next() * 15);
        const ofDay = hour % 24;
        const lift = (ofDay >= 18 ? 1.5 : 0.9) * (owl ? (ofDay >= 21 ? 2 : 0.5) : 1);
        sent[hour]!++;
        if (random.next() < own * lift) answered[hour]!++;
      }
      return { counts: { sent, answered }, owl };
    });
  }
  const everybody = people(800);
  const model = fitSendTime(everybody.map(({ counts }) => counts));

  test('the store’s week: evenings', () => {
    expect(model.warnings).toEqual([]);
    const rates = answerRates(model);
    expect((bestHour(rates, () => true) ?? 0) % 24).toBeGreaterThanOrEqual(18);
    expect((bestHour(rates, (hour) => hour % 24 < 18 && hour % 24 >= 8) ?? 0) % 24).toBeLessThan(18);
    expect(bestHour(rates, () => false)).toBeUndefined();
  });

  test('a person’s own week pulls away from it as far as his answers carry', () => {
    const late = everybody.map(({ counts, owl }) => {
      const rates = answerRates(model, counts);
      const mean = (from: number, to: number): number => {
        let sum = 0;
        for (let hour = 0; hour < HOURS_OF_WEEK; hour++) if (hour % 24 >= from && hour % 24 < to) sum += rates[hour]!;
        return sum / (7 * (to - from));
      };
      return { owl, contrast: mean(21, 23) / mean(9, 17) };
    });
    const average = (owl: boolean): number => {
      const some = late.filter((one) => one.owl === owl);
      return some.reduce((sum, { contrast }) => sum + contrast, 0) / some.length;
    };
    expect(average(true)).toBeGreaterThan(average(false) * 1.05);
    const nobody = { sent: new Float64Array(HOURS_OF_WEEK), answered: new Float64Array(HOURS_OF_WEEK) };
    expect(answerRates(model, nobody)).toEqual(answerRates(model));
  });

  test('machines that open everything are left out, and get the store’s week', () => {
    const robot = { sent: new Float64Array(HOURS_OF_WEEK).fill(1), answered: new Float64Array(HOURS_OF_WEEK).fill(1) };
    const withRobots = fitSendTime([...everybody.map(({ counts }) => counts), robot, robot]);
    expect(withRobots.robots).toBe(2);
    expect(withRobots.rate).toBe(model.rate);
    expect(answerRates(model, robot)).toEqual(answerRates(model));
  });

  test('too little is said to be too little', () => {
    const one = fitSendTime([everybody[0]!.counts]);
    expect(one.warnings.join()).toMatch(/too_few_mails: 60 were sent/);
  });
});
