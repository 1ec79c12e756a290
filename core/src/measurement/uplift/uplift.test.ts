import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { qini, rank, upliftAt, upliftAuc } from './curves.ts';
import { analyzeUplift, type Table } from './index.ts';
import { fitLogistic, predictLogistic } from './logistic.ts';

describe('logistic regression', () => {
  test('one yes-or-no feature: the coefficients are the log odds', () => {
    // 0: 3 of 10, 1: 8 of 10
    const rows = 20;
    const values = Float64Array.from({ length: rows }, (_, i) => (i < 10 ? 0 : 1));
    const y = Float64Array.from({ length: rows }, (_, i) => (i < 3 || i >= 12 ? 1 : 0));
    const model = fitLogistic({ rows, columns: 1, values }, y, { l2: 0 });
    expect(model.converged).toBe(true);
    expect(model.coefficients[0]).toBeCloseTo(Math.log(3 / 7), 7);
    expect(model.coefficients[1]).toBeCloseTo(Math.log(8 / 2) - Math.log(3 / 7), 7);
    expect(predictLogistic(model, { rows, columns: 1, values }, 19)).toBeCloseTo(0.8, 8);
  });

  test('a penalty holds a separated outcome; its gradient is zero at the fit', () => {
    const values = Float64Array.from([-2, -1, 1, 2]);
    const y = Float64Array.from([0, 0, 1, 1]);
    const { coefficients, converged } = fitLogistic({ rows: 4, columns: 1, values }, y, { l2: 1 });
    expect(converged).toBe(true);
    expect(coefficients[0]).toBeCloseTo(0, 9);
    const residual = (x: number, one: number) => x * (one - 1 / (1 + Math.exp(-coefficients[1]! * x)));
    const gradient = values.reduce((sum, x, i) => sum + residual(x, y[i]!), 0) - coefficients[1]!;
    expect(gradient).toBeCloseTo(0, 7);
  });

  test('a weight of two is a row that stands twice', () => {
    const values = Float64Array.from([0, 1, 2, 3, 3]);
    const y = Float64Array.from([0, 1, 0, 1, 1]);
    const twice = fitLogistic({ rows: 5, columns: 1, values }, y, { l2: 0 });
    const weighted = fitLogistic({ rows: 4, columns: 1, values: values.subarray(0, 4) }, y.subarray(0, 4), {
      l2: 0,
      weights: Float64Array.from([1, 1, 1, 2]),
    });
    expect(weighted.coefficients[1]).toBeCloseTo(twice.coefficients[1]!, 8);
  });
});

describe('curves', () => {
  const of = (scores: number[], treated: number[], outcome: number[]) =>
    rank(Float64Array.from(scores), Uint8Array.from(treated), Float64Array.from(outcome));

  test('the published unit cases', () => {
    expect(upliftAuc(of([0.1, 0.3], [1, 0], [0, 1]))).toBe(0);
    expect(upliftAuc(of([0.1, 0.3], [0, 1], [1, 0]))).toBe(1);
  });

  test('by hand: the best ranking is 1, its reverse below 0, one score for all 0', () => {
    const [treated, outcome] = [[1, 1, 0, 0], [1, 0, 0, 1]]; // prettier-ignore
    expect(qini(of([4, 2, 2, 1], treated, outcome))).toBeCloseTo(1, 12);
    expect(qini(of([1, 2, 2, 4], treated, outcome))).toBeLessThan(0);
    expect(qini(of([1, 1, 1, 1], treated, outcome))).toBe(0);
    // Order: treated yes, control no, treated no, control yes. Heights 1, 1, 1, 0: area .5 + 1 + 1 + .5 = 3, straight 0;
    // perfect: to (1, 1), to (3, 1), to (4, 0): 3.
    expect(qini(of([4, 2, 3, 1], treated, outcome))).toBeCloseTo(1, 12);
    expect(upliftAt(of([4, 2, 3, 1], treated, outcome), 0.5)).toBe(1);
  });

  test('people who count twice are people who stand there twice', () => {
    const once = of([5, 4, 3, 2], [1, 0, 1, 0], [1, 0, 0, 1]);
    const doubled = of([5, 5, 4, 3, 2], [1, 1, 0, 1, 0], [1, 1, 0, 0, 1]);
    expect(qini(once, Uint32Array.from([2, 1, 1, 1]))).toBeCloseTo(qini(doubled), 12);
    expect(upliftAuc(once, Uint32Array.from([2, 1, 1, 1]))).toBeCloseTo(upliftAuc(doubled), 12);
  });
});

/** A trial in which the mail adds `effect(x)` to a chance of .15. */
function trialOf(people: number, seed: number, effect: (x: number) => number): Table {
  const random = seededRandom(`trial ${String(seed)}`);
  const rows = Array.from({ length: people }, () => {
    const x = random.next();
    const mailed = random.next() < 0.5;
    const chance = 0.15 + (mailed ? effect(x) : 0);
    const colour = random.next() < 0.3 ? 'red' : 'blue';
    return [x.toFixed(6), colour, mailed ? 'mail' : 'none', random.next() < chance ? '1' : '0'];
  });
  return { columns: ['x', 'colour', 'arm', 'bought'], rows };
}
const columns = { treatment: 'arm', treated: 'mail', control: 'none', outcome: 'bought' };
const analyze = (table: Table, seed = 1) => analyzeUplift(table, columns, { random: seededRandom(seed) });

describe('advice', () => {
  test('targets where people differ', () => {
    const report = analyze(trialOf(6000, 1, (x) => (x > 0.5 ? 0.15 : -0.08)));
    expect(report.recommendation).toBe('target-by-uplift');
    expect(report.models['t-learner'].interval[0]).toBeGreaterThan(0);
    expect(report.warnings).toEqual([]);
  });

  test('does not see a pattern in noise: mail all where it helps, nobody where it does not', () => {
    for (let seed = 0; seed < 5; seed++) {
      expect(analyze(trialOf(1500, seed, () => 0.1)).recommendation).toBe('mail-all');
      expect(analyze(trialOf(1500, seed, () => -0.05)).recommendation).toBe('mail-nobody');
    }
  });

  test('the same seed gives the same bytes', () => {
    const table = trialOf(800, 3, () => 0.05);
    expect(JSON.stringify(analyze(table, 7))).toBe(JSON.stringify(analyze(table, 7)));
  });

  test('warns of a column that the mail itself changed', () => {
    const table = trialOf(1500, 4, () => 0.1);
    const leaking = {
      columns: [...table.columns, 'clicks'],
      rows: table.rows.map((row) => [...row, row[2] === 'mail' ? row[3]! : '0']),
    };
    expect(analyze(leaking).warnings).toEqual([expect.stringMatching(/^clicks differs between the arms/)]);
  });

  test('says what is missing', () => {
    const table = trialOf(20, 5, () => 0);
    expect(() => analyzeUplift(table, { ...columns, outcome: 'sold' }, { random: seededRandom(1) })).toThrow(
      'There is no column sold; there are x, colour, arm, bought.',
    );
    expect(() => analyzeUplift(table, { ...columns, treated: 'sms' }, { random: seededRandom(1) })).toThrow(/"sms"/);
  });
});

const file = path.join(import.meta.dirname, '../../../../../shared/data/hillstrom/hillstrom.csv.gz');
const missing = !existsSync(file);
if (missing) console.info('skipped: the Hillstrom trial (shared/data/hillstrom) is not here');

test.skipIf(missing)('the published figures of the Hillstrom trial, women’s mail on visits', () => {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split(/\r?\n/);
  // One column is quoted; it holds a comma and is no feature.
  const [header, ...rows] = lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(','));
  const report = analyzeUplift(
    { columns: header!, rows },
    { treatment: 'segment', treated: 'Womens E-Mail', control: 'No E-Mail', outcome: 'visit' },
    { preset: 'hillstrom', random: seededRandom(1) },
  );
  expect(report.ate.estimate).toBeCloseTo(0.04523311, 8);
  expect(report.ate.standardError).toBeCloseTo(0.00323446, 8);
  expect(report.people).toEqual({ treated: 21_387, control: 21_306, judged: 12_778 });
  expect(Math.abs(report.models['t-learner'].qini - 0.055918)).toBeLessThan(1e-6);
  expect(report.models['t-learner'].meanUplift).toBeCloseTo(0.04713074, 7);
  expect(Math.abs(report.models['class-transformation'].qini - 0.060383)).toBeLessThan(1e-3);
  expect(Math.abs(report.models['s-learner'].qini - 0.021039)).toBeLessThan(1e-4);
  expect(report.models['t-learner'].upliftAuc).toBeCloseTo(0.025192, 5);
  expect(report.recommendation).toBe('target-by-uplift');
});
