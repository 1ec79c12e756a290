import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyzeCases, type CaseResult } from './cases.ts';

const folder = path.join(import.meta.dirname, '../../../../../shared/data/experiment-vectors');
const missing = !existsSync(folder);
if (missing) console.info('skipped: the published experiment cases (shared/data/experiment-vectors) are not here');

interface ExperimentVector {
  id: string;
  expected: Record<string, number | (number | string)[]>;
}
interface MsprtVector {
  expected: Record<string, number> & { ci_halfwidth: Record<string, number> };
}
interface SizeVectors {
  group_sequential_alpha: { expected_adjusted_alpha: number[]; atol: number }[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

/** Relative to the size of the number where that is below 1: a p value of 5e-44 is to be right too. */
function expectClose(actual: unknown, expected: unknown): void {
  if (typeof expected !== 'number') return expect(actual).toEqual(expected);
  expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(1e-6 * Math.min(1, Math.abs(expected)));
}

describe.skipIf(missing)('published cases', () => {
  test('experiments: Welch, sequential, CUPED, Bayesian', () => {
    const file = read('experiments.json') as { cases: ExperimentVector[] };
    const results = analyzeCases(file);
    expect(results.map((result) => result.id)).toEqual(file.cases.map((one) => one.id));
    for (const [i, { expected }] of file.cases.entries()) {
      for (const [key, value] of Object.entries(expected)) {
        const found = results[i]![key];
        if (Array.isArray(value)) value.forEach((one, at) => expectClose((found as unknown[])[at], one));
        else expectClose(found, value);
      }
    }
  });

  test('mSPRT', () => {
    const file = read('msprt.json') as { cases: MsprtVector[] };
    for (const [i, result] of analyzeCases(file).entries()) {
      const { expected } = file.cases[i]!;
      expectClose(result['pairVariance'], expected['V=2*sigma2']);
      expectClose(result['likelihoodRatio'], expected['Lambda_n']);
      expectClose(result.pValue, expected['p_n=min(1,1/Lambda)']);
      const halfWidths = result['halfWidths'] as Record<string, number>;
      for (const [alpha, halfWidth] of Object.entries(expected.ci_halfwidth)) expectClose(halfWidths[alpha], halfWidth);
    }
  });

  test('sample sizes and group-sequential levels, to the tolerance of their file', () => {
    const file = read('sample-size.json') as SizeVectors;
    const results = analyzeCases(file);
    for (const [i, one] of file.group_sequential_alpha.entries()) {
      const levels = results[i]!['adjustedAlphas'] as number[];
      one.expected_adjusted_alpha.forEach((level, at) => {
        expect(Math.abs(levels[at]! - level)).toBeLessThan(one.atol);
      });
    }
    const sizes = Object.entries(file).find(([key]) => key.startsWith('sample_size'))![1] as unknown as {
      n_total: number;
      rtol: number;
    }[];
    for (const [i, one] of sizes.entries()) {
      const found = results[file.group_sequential_alpha.length + i]!['nTotal'] as number;
      expect(Math.abs(found / one.n_total - 1)).toBeLessThan(one.rtol);
    }
  });
});

describe('by hand', () => {
  // Control: 100 people, mean 2, variance 4. Treatment: 400 people, mean 2.5, variance 9.
  const control = { n: 100, kind: 'mean', sum: 200, sumSquares: 400 + 4 * 99 };
  const treatment = { n: 400, kind: 'mean', sum: 1000, sumSquares: 2500 + 9 * 399 };
  const analyze = (more: object): CaseResult =>
    analyzeCases({ cases: [{ id: 'x', method: 'welch', difference: 'absolute', control, treatment, ...more }] })[0]!;

  test('Welch: se = sqrt(4/100 + 9/400) = .25, t = 2', () => {
    const result = analyze({});
    expect(result).toMatchObject({ id: 'x', chanceToWin: null, risk: null });
    expect(result.estimate).toBeCloseTo(0.5, 12);
    expect(result.standardError).toBeCloseTo(0.25, 12);
    // 222.66 degrees of freedom: t quantile 1.97068, P(|T| > 2) = .046720
    expect(result.interval?.[0]).toBeCloseTo(0.5 - 0.25 * 1.97068, 4);
    expect(result.pValue).toBeCloseTo(0.04672, 4);
  });

  test('one side each: p and 1 - p, intervals with one end', () => {
    const greater = analyze({ alternative: 'greater' });
    const less = analyze({ alternative: 'less' });
    expect(greater.pValue! + less.pValue!).toBeCloseTo(1, 12);
    expect(greater.interval?.[1]).toBe('inf');
    expect(less.interval?.[0]).toBe('-inf');
    expect(greater.interval?.[0]).toBeCloseTo(1 - (less.interval?.[1] as number), 12);
  });

  test('relative: 25 %, se = sqrt(.0225/4 + .04·2.5²/2⁴) = .146575', () => {
    const result = analyze({ difference: 'relative' });
    expect(result.estimate).toBeCloseTo(0.25, 12);
    expect(result.standardError).toBeCloseTo(Math.sqrt(0.0225 / 4 + (0.04 * 6.25) / 16), 12);
  });

  test('sequential: an interval that covers zero exactly has p = alpha', () => {
    for (const alternative of ['two-sided', 'greater'] as const) {
      const { interval } = analyze({ method: 'sequential', tuningSampleSize: 500, alternative });
      // Moving the treatment's mean by the lower end puts the bound at zero.
      const shift = interval?.[0] as number;
      const mean = 2.5 - shift;
      const moved = { ...treatment, sum: 400 * mean, sumSquares: 400 * mean ** 2 + 9 * 399 };
      const at = analyze({ method: 'sequential', tuningSampleSize: 500, alternative, treatment: moved });
      expect(at.interval?.[0]).toBeCloseTo(0, 9);
      expect(at.pValue).toBeCloseTo(0.05, 9);
    }
  });

  test('Bayesian: a prior as sure as the data meets them half-way', () => {
    const flat = analyze({ method: 'bayes' });
    expect(flat.chanceToWin).toBeCloseTo(0.9772499, 6);
    // Loss of the control: .25·(φ(2) + 2·Φ(2)) = .5021226
    expect(flat.risk?.[0]).toBeCloseTo(0.5021226, 6);
    expect(flat.risk?.[1]).toBeCloseTo(0.0021226, 6);
    const prior = analyze({ method: 'bayes', prior: { mean: 0, variance: 0.0625 } });
    expect(prior.estimate).toBeCloseTo(0.25, 12);
    expect(prior.standardError).toBeCloseTo(0.25 / Math.SQRT2, 12);
  });

  test('CUPED with a covariate that is the outcome takes everything away', () => {
    const same = (arm: typeof control) => ({
      ...arm,
      covariate: { sum: arm.sum, sumSquares: arm.sumSquares, sumOfProducts: arm.sumSquares },
    });
    const result = analyze({ cuped: true, control: same(control), treatment: same(treatment) });
    expect(result).toMatchObject({ estimate: null, problem: 'nothing varies in either arm' });
  });
});

describe('what cannot be analysed', () => {
  test('is said with its place', () => {
    expect(() => analyzeCases({ cases: [{ id: 'x', method: 'welch' }] })).toThrow(/cases\.0\.control/);
    expect(() => analyzeCases({ nothing: 1 })).toThrow('The file holds no cases.');
    const arm = { n: 10, kind: 'proportion', sum: 5 };
    expect(() => analyzeCases({ cases: [{ id: 'x', method: 'sequential', control: arm, treatment: arm }] })).toThrow(
      /needs tuningSampleSize/,
    );
  });

  test('a case without an answer says why', () => {
    const arm = { n: 10, kind: 'proportion', sum: 5 };
    const [zero, one] = analyzeCases([
      { id: 'a', method: 'welch', difference: 'relative', control: { ...arm, sum: 0 }, treatment: arm },
      { id: 'b', method: 'welch', control: { ...arm, n: 1, sum: 1 }, treatment: arm },
    ]);
    expect(zero).toMatchObject({ estimate: null, problem: expect.stringMatching(/mean of 0/) as string });
    expect(one).toMatchObject({ estimate: null, problem: expect.stringMatching(/fewer than two/) as string });
  });
});
