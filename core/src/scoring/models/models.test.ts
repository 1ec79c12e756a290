/** What must hold without any data set: known parameters are found again, derivatives are exact, extremes stay finite. */
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { drawHistories, type BuyingLaw } from '../../testing/index.ts';
import { gamma } from '../../testing/world/chance.ts';
import { bgBbLogLikelihood } from './bg-bb.ts';
import { DONATIONS_FIT } from './figures.ts';
import { gammaGammaLogLikelihood } from './gamma-gamma.ts';
import { hypergeometric } from './hypergeometric.ts';
import {
  bgBbAlive,
  bgBbExpected,
  bgNbd,
  bgNbdCount,
  controlChart,
  expectedOrders,
  fitBgBb,
  fitControlChart,
  fitGammaGamma,
  fitPurchaseModel,
  groupHistories,
  historiesOf,
  mbgNbd,
  paretoNbd,
  people,
  rfmQuintiles,
  type Histories,
  type PurchaseModel,
} from './index.ts';
import type { Derivatives } from './maximise.ts';
import { logGamma } from './special.ts';

const BG = Float64Array.of(0.243, 4.414, 0.793, 2.426);
const MODELS: readonly PurchaseModel[] = [bgNbd, mbgNbd, paretoNbd];

function slopes(k: number): Derivatives {
  return { gradient: new Float64Array(k), hessian: new Float64Array(k * k) };
}

describe('known parameters are found again from simulated customers', () => {
  const laws: [PurchaseModel, BuyingLaw, number[]][] = [
    [bgNbd, { leaves: 'after_repeats', r: 0.6, alpha: 6, a: 0.9, b: 2.2 }, [0.6, 6, 0.9, 2.2]],
    [mbgNbd, { leaves: 'after_purchases', r: 0.9, alpha: 5, a: 0.7, b: 1.8 }, [0.9, 5, 0.7, 1.8]],
    [paretoNbd, { leaves: 'any_time', r: 0.7, alpha: 7, s: 0.8, beta: 20 }, [0.7, 7, 0.8, 20]],
  ];
  test.each(laws)('$name', (model, law, truth) => {
    const histories = drawHistories(
      seededRandom(`recover ${model.name}`),
      law,
      30_000,
      (random) => 20 + 60 * random.next(),
    );
    const fit = fitPurchaseModel(model, histories);
    expect(fit).toMatchObject({ converged: true, warnings: [] });
    truth.forEach((value, i) => {
      const name = model.parameterNames[i]!;
      expect(Math.abs(fit.parameters[name]! - value) / fit.standardErrors[name]!, name).toBeLessThan(3);
      expect(fit.standardErrors[name]! / value).toBeLessThan(0.2);
    });
    // Tied to any time unit: in days the rates change, nothing else.
    const inDays = { ...histories, tx: histories.tx.map((t) => t * 7), T: histories.T.map((t) => t * 7) };
    const days = fitPurchaseModel(model, inDays);
    expect(days.parameters['alpha']! / fit.parameters['alpha']!).toBeCloseTo(7, 3);
    expect(days.parameters['r']!).toBeCloseTo(fit.parameters['r']!, 4);
  });

  test('gamma-gamma', () => {
    const random = seededRandom('recover spend');
    const x = new Float64Array(20_000);
    const mean = new Float64Array(20_000);
    for (let i = 0; i < x.length; i++) {
      x[i] = 1 + Math.floor(random.next() * 6);
      mean[i] = gamma(random, 4 * x[i]!, gamma(random, 3.5, 20) * x[i]!);
    }
    const fit = fitGammaGamma({ x, mean });
    expect(fit).toMatchObject({ converged: true, warnings: [] });
    for (const [name, value] of Object.entries({ p: 4, q: 3.5, gamma: 20 }))
      expect(Math.abs(fit.parameters[name]! - value) / fit.standardErrors[name]!, name).toBeLessThan(3);
  });
});

/** Gradient and Hessian against central differences of value and gradient. */
function checkDerivatives(at: number[], objective: (parameters: Float64Array, out: Derivatives) => number): void {
  const k = at.length;
  const exact = slopes(k);
  objective(Float64Array.from(at), exact);
  for (let i = 0; i < k; i++) {
    const step = at[i]! * 1e-5;
    const sides = [step, -step].map((move) => {
      const out = slopes(k);
      const value = objective(
        Float64Array.from(at, (p, j) => (j === i ? p + move : p)),
        out,
      );
      return { value, gradient: out.gradient };
    }) as [{ value: number; gradient: Float64Array }, { value: number; gradient: Float64Array }];
    const slope = (sides[0].value - sides[1].value) / (2 * step);
    expect(Math.abs(slope - exact.gradient[i]!) / (1 + Math.abs(slope)), `gradient ${String(i)}`).toBeLessThan(1e-5);
    for (let j = 0; j < k; j++) {
      const bend = (sides[0].gradient[j]! - sides[1].gradient[j]!) / (2 * step);
      const error = Math.abs(bend - exact.hessian[i * k + j]!) / (1 + Math.abs(bend));
      expect(error, `hessian ${String(i)} ${String(j)}`).toBeLessThan(1e-5);
    }
  }
}

describe('derivatives are exact', () => {
  const histories: Histories = historiesOf([
    { x: 0, tx: 0, T: 30 },
    { x: 0, tx: 0, T: 2, weight: 3 },
    { x: 1, tx: 3, T: 40 },
    { x: 4, tx: 30, T: 31, weight: 2 },
    { x: 26, tx: 30.86, T: 31 },
    { x: 7, tx: 7, T: 70 },
  ]);
  test.each(MODELS.map((model) => ({ model, name: model.name })))('$name', ({ model }) => {
    const points =
      model === paretoNbd
        ? [
            [0.5, 10, 0.6, 12],
            [2, 3, 1.5, 0.4],
            [0.05, 100, 3, 5],
          ]
        : [
            [0.24, 4.4, 0.8, 2.4],
            [2, 30, 1.4, 0.3],
          ];
    for (const at of points) checkDerivatives(at, (parameters, out) => model.logLikelihood(parameters, histories, out));
  });
  test('gamma-gamma', () => {
    const means = { x: Float64Array.of(1, 2, 9), mean: Float64Array.of(22, 3, 51) };
    checkDerivatives([6.25, 3.74, 15.44], (parameters, out) => gammaGammaLogLikelihood(parameters, means, out));
  });
  test('bg-bb', () => {
    const chances = historiesOf([
      { x: 0, tx: 0, T: 6 },
      { x: 3, tx: 5, T: 6, weight: 4 },
      { x: 6, tx: 6, T: 6 },
    ]);
    checkDerivatives([1.2, 0.75, 0.66, 2.78], (parameters, out) => bgBbLogLikelihood(parameters, chances, out));
  });
});

describe('published points', () => {
  test('BG/NBD: one customer, and the distribution of counts', () => {
    expect(expectedOrders(bgNbd, BG, { x: 2, tx: 30.43, T: 38.86 }, 39)).toBeCloseTo(1.226, 3);
    expect(bgNbdCount(BG, 0, 39)).toBeCloseTo(0.5737864, 7);
    expect(bgNbdCount(BG, 10, 2)).toBeCloseTo(1.07869e-7, 12);
    const expected = [
      0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913, 0.0003467171,
      0.0002769613, 0.000222226,
    ];
    expected.forEach((value, i) => {
      expect(bgNbdCount(BG, 11 + i, 30)).toBeCloseTo(value, 9);
    });
  });

  test('Pareto/NBD: one customer', () => {
    const parameters = Float64Array.of(0.5534, 10.5802, 0.6061, 11.6562);
    expect(Math.abs(expectedOrders(paretoNbd, parameters, { x: 26, tx: 30.86, T: 31 }, 52) - 25.46)).toBeLessThan(0.01);
    expect(paretoNbd.alive(parameters, 26, 30.86, 31)).toBeCloseTo(0.9979, 4);
  });

  test('Pareto/NBD where the textbook formula cancels or underflows', () => {
    const parameters = Float64Array.of(0.55, 10.58, 0.61, 11.67);
    expect(expectedOrders(paretoNbd, parameters, { x: 132, tx: 200, T: 200 }, 10)).toBeCloseTo(6.20605, 5);
    expect(expectedOrders(paretoNbd, parameters, { x: 133, tx: 200, T: 200 }, 10)).toBeCloseTo(6.25287, 5);
    const heavy = Float64Array.of(0.5143, 2.8845, 0.2856, 14.1087);
    for (const [x, tx, T] of [
      [221, 103.42857, 103.57143],
      [254, 97.14286, 97.28571],
      [161, 94.71429, 98.0],
      [204, 98.57143, 99.42857],
    ] as const) {
      const chance = paretoNbd.alive(heavy, x, tx, T);
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThanOrEqual(1);
    }
  });

  test('Pareto/NBD: the integral is the difference of two 2F1 of the paper', () => {
    const [r, alpha, s, beta] = [0.553, 10.578, 0.606, 11.669];
    for (const [x, tx, T] of [
      [0, 0, 38],
      [2, 30.43, 38.86],
      [7, 12, 30],
    ] as const) {
      // Fader & Hardie (2005), equations 18 and 20, for α ≤ β
      const A = (t: number): number =>
        hypergeometric(r + s + x, r + x, r + s + x + 1, (beta - alpha) / (beta + t)) / (beta + t) ** (r + s + x);
      const left = (s / (r + s + x)) * (A(tx) - A(T));
      const stayed = (alpha + T) ** -(r + x) * (beta + T) ** -s;
      const front = Math.exp(logGamma(r + x) - logGamma(r)) * alpha ** r * beta ** s;
      const value = paretoNbd.logLikelihood(Float64Array.of(r, alpha, s, beta), historiesOf([{ x, tx, T }]), slopes(4));
      expect(value).toBeCloseTo(Math.log(front * (stayed + left)), 9);
    }
  });

  test('BG/BB: the donations of Fader, Hardie & Shang 2010, tables 3 and 4', () => {
    const table = `6 6 1203, 5 6 728, 4 6 512, 3 6 357, 2 6 234, 1 6 129, 5 5 335, 4 5 284, 3 5 225, 2 5 173, 1 5 119, 4 4 240,
      3 4 181, 2 4 155, 1 4 78, 3 3 322, 2 3 255, 1 3 129, 2 2 613, 1 2 277, 1 1 1091, 0 0 3464`;
    const donors = historiesOf(
      table.split(',').map((row) => {
        const [x, tx, weight] = row.trim().split(' ').map(Number) as [number, number, number];
        return { x, tx, T: 6, weight };
      }),
    );
    expect(people(donors)).toBe(11_104);
    const fit = fitBgBb(donors);
    expect(fit).toMatchObject({ converged: true, warnings: [] });
    for (const [name, value] of Object.entries(DONATIONS_FIT.parameters))
      expect(fit.parameters[name]).toBeCloseTo(value, 3);
    expect(fit.logLikelihood).toBeCloseTo(DONATIONS_FIT.logLikelihood, 1);
    expect(bgBbAlive(fit.vector, 6, 6, 6)).toBeGreaterThan(0.9);
    expect(bgBbAlive(fit.vector, 0, 0, 6)).toBeCloseTo(0.108, 3);
    // Five chances ahead, whole cohort: each is fewer than one purchase a chance
    expect(bgBbExpected(fit.vector, 6, 6, 6, 5)).toBeCloseTo(3.75, 2);
  });
});

describe('what is true of any purchase model', () => {
  test.each(MODELS.map((model) => ({ model, name: model.name })))('$name', ({ model }) => {
    const parameters = model === paretoNbd ? Float64Array.of(0.553, 10.578, 0.606, 11.669) : BG;
    for (const [x, tx, T] of [
      [0, 0, 10],
      [1, 2, 50],
      [6, 30, 31],
      [60, 70, 80],
    ] as const) {
      const alive = model.alive(parameters, x, tx, T);
      expect(alive).toBeGreaterThan(0);
      expect(alive).toBeLessThanOrEqual(1);
      expect(model.alive(parameters, x, tx, T + 10)).toBeLessThanOrEqual(alive);
      let before = 0;
      for (const t of [1e-3, 0.01, 1, 13, 52, 520]) {
        const orders = model.ordersIfAlive(parameters, x, T, t);
        expect(orders).toBeGreaterThan(before);
        const back = model.returnIfAlive(parameters, x, T, t);
        expect(back).toBeGreaterThan(0);
        expect(back).toBeLessThanOrEqual(1);
        // A chance of at least one cannot exceed the expected number.
        expect(back).toBeLessThanOrEqual(orders * (1 + 1e-9));
        before = orders;
      }
      // Over a moment the expected number is rate times time.
      const rate = (parameters[0]! + x) / (parameters[1]! + T);
      expect(model.ordersIfAlive(parameters, x, T, 1e-4) / (rate * 1e-4)).toBeCloseTo(1, 3);
    }
  });

  test('a = 1 and s = 1 are removable', () => {
    const at = (a: number): number => bgNbd.ordersIfAlive(Float64Array.of(0.3, 5, a, 2), 3, 20, 30);
    expect(at(1)).toBeCloseTo((at(0.999) + at(1.001)) / 2, 5);
    const with_ = (s: number): number => paretoNbd.ordersIfAlive(Float64Array.of(0.5, 10, s, 12), 3, 20, 30);
    expect(with_(1)).toBeCloseTo((with_(0.999) + with_(1.001)) / 2, 5);
  });
});

describe('a fit says what is wrong with it', () => {
  test('nobody leaves', () => {
    const law: BuyingLaw = { leaves: 'after_repeats', r: 2, alpha: 10, a: 1e-9, b: 10 };
    const histories = drawHistories(seededRandom('loyal'), law, 3000, () => 52);
    for (const model of MODELS) {
      const fit = fitPurchaseModel(model, histories);
      expect(fit.warnings.join(' '), model.name).toMatch(/degenerate_dropout/);
    }
  });
  test('too few repeat buyers', () => {
    const fit = fitPurchaseModel(
      mbgNbd,
      historiesOf([
        { x: 0, tx: 0, T: 20, weight: 30 },
        { x: 1, tx: 5, T: 20 },
        { x: 2, tx: 5, T: 25 },
      ]),
    );
    expect(fit.warnings.join(' ')).toMatch(/too_few_repeaters: 2 people/);
  });
  test('no money at all', () => {
    const fit = fitGammaGamma({ x: new Float64Array(3), mean: new Float64Array(3) });
    expect(fit.converged).toBe(false);
  });
});

test('identical rows become one with a weight, and the likelihood stays', () => {
  const rows = Array.from({ length: 500 }, (_, i) => ({
    x: i % 3,
    tx: i % 3 === 0 ? 0 : (i % 5) / 7,
    T: 10 + (i % 4) / 7,
  }));
  const histories = historiesOf(rows);
  const grouped = groupHistories(histories);
  expect(grouped.x.length).toBe(new Set(rows.map((row) => JSON.stringify(row))).size);
  expect(people(grouped)).toBe(500);
  const value = (data: Histories): number => mbgNbd.logLikelihood(BG, data, slopes(4));
  expect(value(grouped)).toBeCloseTo(value(histories), 8);
});

test('the control chart: shares of gaps fall where it says', () => {
  const random = seededRandom('chart');
  const [p, q, scale] = [1.6, 3.2, 90];
  const rows = Array.from({ length: 20_000 }, () => {
    const rate = gamma(random, q, scale);
    const x = 1 + Math.floor(random.next() * 5);
    const gaps = Array.from({ length: x }, () => gamma(random, p, rate));
    return { x, tx: gaps.reduce((sum, gap) => sum + gap), T: 400, next: gamma(random, p, rate) };
  });
  const fit = fitControlChart(historiesOf(rows));
  expect(fit).toMatchObject({ converged: true, warnings: [] });
  const chart = controlChart(fit.vector);
  for (const share of [0.5, 0.8, 0.95]) {
    const inside = rows.filter(({ x, tx, next }) => next <= chart.quantile(x, tx / x, share)).length / rows.length;
    expect(Math.abs(inside - share)).toBeLessThan(0.01);
  }
  const boundary = chart.quantile(3, 30, 0.95);
  expect(chart.survival(3, 30, boundary)).toBeCloseTo(0.05, 4);
  expect(chart.remaining(3, 30, 0, 0.95)).toBeCloseTo(boundary, 0);
  // Having waited already, one waits on: the remaining gap ends later than the unconditional one.
  expect(chart.remaining(3, 30, 60, 0.5)).toBeGreaterThan(Math.max(60, chart.quantile(3, 30, 0.5)));
});

test('RFM quintiles: five equal groups, the best marked 5', () => {
  const n = 100;
  const marks = rfmQuintiles({
    recency: Float64Array.from({ length: n }, (_, i) => i),
    frequency: Float64Array.from({ length: n }, (_, i) => i),
    money: new Float64Array(n),
  });
  for (const mark of [1, 2, 3, 4, 5]) expect(marks.frequency.filter((given) => given === mark)).toHaveLength(20);
  expect(marks.recency[0]).toBe(5);
  expect(marks.frequency[0]).toBe(1);
  expect(new Set(marks.money).size).toBe(1);
});
