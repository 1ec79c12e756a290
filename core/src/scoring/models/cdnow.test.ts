/** The published figures on the CDNOW sample. The data are public but not ours to copy: without them the tests say so and skip. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CDNOW_ACTUAL, CDNOW_FITS, CDNOW_HOLDOUT, TOLERANCE, type PublishedFit } from './figures.ts';
import {
  bgNbd,
  correlation,
  expectedOrders,
  expectedSpend,
  fitGammaGamma,
  fitPurchaseModel,
  historiesOf,
  lifetimeValue,
  mbgNbd,
  paretoNbd,
  type Fit,
  type Histories,
  type PurchaseModel,
} from './index.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../../shared/data/cdnow');
const missing = !existsSync(FOLDER);
if (missing) console.info(`skipped: the CDNOW data are not at ${FOLDER}`);

interface Row {
  x: number;
  tx: number;
  T: number;
  z: number;
}

function expectPublished(fit: Fit, published: PublishedFit): void {
  expectNear(fit.parameters, published.parameters);
  if (published.logLikelihood !== undefined)
    expect(Math.abs(fit.logLikelihood - published.logLikelihood)).toBeLessThan(TOLERANCE.logLikelihood);
}

/** Within half a per cent of what was published. */
function expectNear(found: Record<string, number>, published: Record<string, number>): void {
  for (const [name, value] of Object.entries(published))
    expect(Math.abs(found[name]! / value - 1), `${name} = ${String(found[name])}`).toBeLessThan(TOLERANCE.parameter);
}

describe.skipIf(missing)('CDNOW', () => {
  let rows: Row[];
  let histories: Histories;
  beforeAll(() => {
    rows = readFileSync(path.join(FOLDER, 'cdnow_customers_summary_with_transactions.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [, x, tx, T, z] = line.split(',').map(Number) as [number, number, number, number, number];
        return { x, tx, T, z };
      });
    histories = historiesOf(rows);
  });
  const means = () => ({ x: histories.x, mean: Float64Array.from(rows, (row) => row.z) });

  test('BG/NBD: Fader, Hardie & Lee 2005, table 2', () => {
    const fit = fitPurchaseModel(bgNbd, histories);
    expectPublished(fit, CDNOW_FITS['bg-nbd']);
    expect(fit.parameters['r']).toBeCloseTo(0.242593, 6);
    expect(fit.logLikelihood).toBeCloseTo(-9582.4256, 3);
    expect(fit).toMatchObject({ converged: true, warnings: [], customers: 2357 });
    // Exact evaluation at the published parameters
    const scratch = { gradient: new Float64Array(4), hessian: new Float64Array(16) };
    expect(bgNbd.logLikelihood(Float64Array.of(0.243, 4.414, 0.793, 2.426), histories, scratch)).toBeCloseTo(
      -9582.4268,
      3,
    );
    const expected = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576];
    [0.1429, 1, 3, 31.8571, 32, 78].forEach((t, i) => {
      expect(bgNbd.ordersOfNew(fit.vector, t)).toBeCloseTo(expected[i]!, 3);
    });
  });

  test('MBG/NBD: as BTYDplus has it', () => {
    const fit = fitPurchaseModel(mbgNbd, histories);
    expectPublished(fit, CDNOW_FITS['mbg-nbd']);
    expect(fit.logLikelihood).toBeCloseTo(-9582.1327, 3);
    expect(fit).toMatchObject({ converged: true, warnings: [] });
  });

  test('Pareto/NBD: Fader, Hardie & Lee 2005, table 2, and the standard errors of CLVTools', () => {
    const fit = fitPurchaseModel(paretoNbd, histories);
    expectPublished(fit, CDNOW_FITS['pareto-nbd']);
    expect(fit.logLikelihood).toBeCloseTo(-9594.9739, 3);
    expectNear(fit.standardErrors, { r: 0.0476264, alpha: 0.8427222, s: 0.1872594, beta: 6.2105448 });
    expect(fit).toMatchObject({ converged: true, warnings: [] });
    const expected = [
      0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466, 0.27361274, 0.31335159, 0.35181024, 0.38909211,
    ];
    expected.forEach((value, t) => {
      expect(Math.abs(paretoNbd.ordersOfNew(fit.vector, t) - value)).toBeLessThan(0.01);
    });
  });

  test('Gamma-Gamma: Fader & Hardie 2013, in dollars and in cents', () => {
    const fit = fitGammaGamma(means());
    expectPublished(fit, CDNOW_FITS['gamma-gamma']);
    expect(Math.abs(fit.parameters['gamma']! - 15.44)).toBeLessThan(0.02);
    expect(fit).toMatchObject({ converged: true, warnings: [], customers: 946 });
    const cents = fitGammaGamma({ x: histories.x, mean: means().mean.map((z) => z * 100) });
    expectNear(cents.parameters, { p: 6.25, q: 3.74, gamma: 1544 });
    const expected = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17];
    expected.forEach((value, i) => {
      const { x, z } = rows[i]!;
      expect(Math.abs(expectedSpend(Float64Array.of(6.25, 3.74, 15.44), x, z) - value)).toBeLessThan(0.1);
    });
  });

  test('lifetime value of BG/NBD with Gamma-Gamma: as the library lifetimes has it', () => {
    const buying = fitPurchaseModel(bgNbd, histories);
    const spend = fitGammaGamma(means());
    const values = rows.map((row) =>
      lifetimeValue(bgNbd, buying.vector, row, expectedSpend(spend.vector, row.x, row.z), {
        months: 12,
        discount: 0.01,
      }),
    );
    const expected = [36.2785, 4.6375, 8.3441, 8.3441, 8.3441, 283.5236, 6.8814, 8.3441, 43.3536, 8.3441];
    expected.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 3);
    });
    expect(Math.abs(values.reduce((sum, value) => sum + value) - 71509.9)).toBeLessThan(0.5);
  });

  describe('weeks 40 to 78', () => {
    let later: Float64Array;
    beforeAll(() => {
      later = holdoutDays(readFileSync(path.join(FOLDER, 'CDNOW_sample.txt'), 'utf8'));
    });

    test.each([bgNbd, mbgNbd, paretoNbd])('$name', (model) => {
      const expected = CDNOW_HOLDOUT[model.name];
      const fit = fitPurchaseModel(model, histories);
      const predicted = rows.map((row) => expectedOrders(model, fit.vector, row, 39));
      const errors = predicted.map((value, i) => value - later[i]!);
      const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(later.reduce((sum, value) => sum + value)).toBe(CDNOW_ACTUAL);
      expect(Math.abs(predicted.reduce((sum, value) => sum + value) - expected.predicted)).toBeLessThan(0.05);
      expect(correlation(predicted, later)).toBeCloseTo(expected.correlation, 4);
      expect(mean(errors.map(Math.abs))).toBeCloseTo(expected.mae, 4);
      expect(Math.sqrt(mean(errors.map((error) => error * error)))).toBeCloseTo(expected.rmse, 4);
      expect(mean(rows.map((row) => model.alive(fit.vector, row.x, row.tx, row.T)))).toBeCloseTo(expected.alive, 4);
    });

    test('by number of repeats so far', () => {
      const table: [PurchaseModel | undefined, number[]][] = [
        [undefined, [0.2367, 0.697, 1.3925, 1.56, 2.5323, 2.9474, 3.8621, 6.3594]],
        [bgNbd, [0.2251, 0.5231, 1.0441, 1.5203, 2.1639, 2.6539, 3.5041, 6.1574]],
        [paretoNbd, [0.1384, 0.5995, 1.1958, 1.7138, 2.3983, 2.9072, 3.8186, 6.4032]],
      ];
      for (const [model, expected] of table) {
        const vector = model && fitPurchaseModel(model, histories).vector;
        const sums = expected.map(() => ({ people: 0, orders: 0 }));
        rows.forEach((row, i) => {
          const sum = sums[Math.min(row.x, 7)]!;
          sum.people++;
          sum.orders += model && vector ? expectedOrders(model, vector, row, 39) : later[i]!;
        });
        sums.forEach(({ people, orders }, x) => {
          expect(orders / people).toBeCloseTo(expected[x]!, 3);
        });
      }
    });
  });
});

/** Purchase days after 1997-09-30 by sample id, in order of id. */
function holdoutDays(text: string): Float64Array {
  const days = new Map<number, Set<string>>();
  for (const line of text.trim().split('\n')) {
    const [, id, day] = line.trim().split(/\s+/) as [string, string, string];
    const known = days.get(Number(id)) ?? new Set();
    if (day > '19970930') known.add(day);
    days.set(Number(id), known);
  }
  return Float64Array.from(
    [...days].toSorted(([one], [other]) => one - other),
    ([, set]) => set.size,
  );
}
