import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seededRandom } from '@rekindle/core';
import { drawRepeats } from '@rekindle/core/testing';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { add as addForecast } from './forecast.ts';
import { add } from './models.ts';

let folder: string;
let summary: string;
let orders: string;

const START = Date.UTC(2025, 0, 1);
const DAY = 86_400_000;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-models-'));
  summary = path.join(folder, 'summary.csv');
  orders = path.join(folder, 'orders.csv');
  const random = seededRandom('models command');
  const law = { leaves: 'after_purchases', r: 0.9, alpha: 5, a: 0.7, b: 1.8 } as const;
  const rows = ['x,t_x,T,m_x'];
  const lines = ['customer_id,order_id,ordered_at,amount'];
  for (let person = 0; person < 1200; person++) {
    const joined = Math.floor(random.next() * 84);
    const days = [0, ...drawRepeats(random, law, 60)].map((week) => joined + Math.floor(week * 7));
    const distinct = [...new Set(days)];
    for (const day of distinct)
      lines.push(
        `c${String(person)},o${String(lines.length)},${new Date(START + day * DAY).toISOString()},${String(10 + (day % 7))}.50`,
      );
    const inCalibration = distinct.filter((day) => day <= 273);
    rows.push(
      `${String(inCalibration.length - 1)},${String((inCalibration.at(-1)! - joined) / 7)},${String((273 - joined) / 7)},12.5`,
    );
  }
  await writeFile(summary, rows.join('\n'));
  await writeFile(orders, lines.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command and gives what it printed. */
async function run(...words: string[]): Promise<unknown> {
  const program = new Command('rekindle').exitOverride();
  add(program);
  addForecast(program);
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    await program.parseAsync(['models', ...words, '--json'], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return JSON.parse(printed.join(''));
}

test('a fit prints parameters with standard errors, the same from a summary and from the orders behind it', async () => {
  const fromSummary = await run('fit', '--model', 'mbg-nbd', '--summary', summary);
  expect(fromSummary).toEqual({
    model: 'mbg-nbd',
    customers: 1200,
    params: { r: expect.any(Number), alpha: expect.any(Number), a: expect.any(Number), b: expect.any(Number) },
    standardErrors: { r: expect.any(Number), alpha: expect.any(Number), a: expect.any(Number), b: expect.any(Number) },
    logLikelihood: expect.any(Number),
    converged: true,
    warnings: [],
    seconds: expect.any(Number),
  });
  const fromOrders = await run('fit', '--model', 'mbg-nbd', '--orders', orders, '--calibration-end', '2025-10-01');
  const { logLikelihood } = fromSummary as { logLikelihood: number };
  expect((fromOrders as { logLikelihood: number }).logLikelihood).toBeCloseTo(logLikelihood, 6);
});

test('an evaluation puts the models beside two plain rules', async () => {
  const evaluation = await run(
    'evaluate',
    '--orders',
    orders,
    '--calibration-end',
    '2025-10-01',
    '--holdout-end',
    '2026-02-15',
    '--models',
    'mbg-nbd,pareto-nbd',
  );
  const judged = {
    predicted: expect.any(Number),
    correlation: expect.any(Number),
    mae: expect.any(Number),
    rmse: expect.any(Number),
  };
  expect(evaluation).toMatchObject({
    customers: 1200,
    actual: expect.any(Number),
    models: {
      'mbg-nbd': { ...judged, meanAlive: expect.any(Number), converged: true, warnings: [] },
      'pareto-nbd': { ...judged, meanAlive: expect.any(Number), converged: true },
    },
    baselines: { 'last-purchase-age': judged, 'own-mean-interval': judged },
    reason: null,
  });
  const { actual, models, baselines } = evaluation as {
    actual: number;
    models: Record<string, { predicted: number; mae: number; calibration: { people: number }[] }>;
    baselines: Record<string, { mae: number }>;
  };
  const model = models['mbg-nbd']!;
  expect(Math.abs(model.predicted / actual - 1)).toBeLessThan(0.15);
  expect(model.calibration.reduce((sum, { people }) => sum + people, 0)).toBe(1200);
  for (const plain of Object.values(baselines)) expect(model.mae).toBeLessThan(plain.mae);
});

test.each([
  [['fit', '--model', 'magic', '--summary', 'x.csv'], 'There is no model magic; there are bg-nbd'],
  [['fit', '--model', 'bg-nbd'], 'Give either --summary or --orders.'],
  [['fit', '--model', 'bg-nbd', '--summary', 'nowhere.csv'], 'Cannot read nowhere.csv.'],
  [
    ['fit', '--model', 'bg-nbd', '--orders', 'x.csv', '--calibration-end', '2025-02-30'],
    '2025-02-30 is not a date such as',
  ],
  [
    ['evaluate', '--orders', 'x.csv', '--calibration-end', '2025-02-01', '--holdout-end', '2025-01-01'],
    'The holdout must end after',
  ],
  [
    [
      'evaluate',
      '--orders',
      'x.csv',
      '--calibration-end',
      '2025-02-01',
      '--holdout-end',
      '2025-03-01',
      '--models',
      'gamma-gamma',
    ],
    'gamma-gamma cannot be evaluated',
  ],
])('%j is refused with a sentence', async (words, sentence) => {
  await expect(run(...words)).rejects.toThrow(sentence);
});

test('a bad line of a summary is named', async () => {
  const file = path.join(folder, 'bad.csv');
  await writeFile(file, 'x,t_x,T\n1,2,3\n1,two,3\n');
  await expect(run('fit', '--model', 'bg-nbd', '--summary', file)).rejects.toThrow('line 3: "two" is not a number');
  await writeFile(file, 'x,t_x,T\n1,5,3\n');
  await expect(run('fit', '--model', 'bg-nbd', '--summary', file)).rejects.toThrow('row 1 cannot be');
});

test('a forecast prints its sums with intervals and how the method did on the past', async () => {
  const told = (await run('forecast', '--orders', orders, '--until', '2026-02-01')) as Record<
    'revenue' | 'returning',
    {
      method: string;
      points: object[];
      sums: { weeks: number; estimate: number; low: number; high: number }[];
      backtest: { origins: number; error: Record<string, number | null> };
    }
  >;
  for (const one of [told.revenue, told.returning]) {
    expect(one.points).toHaveLength(13);
    expect(one.sums.map(({ weeks }) => weeks)).toEqual([4, 13]);
    for (const { low, estimate, high } of one.sums) {
      expect(low).toBeLessThanOrEqual(estimate);
      expect(high).toBeGreaterThanOrEqual(estimate);
    }
    expect(one.backtest.origins).toBeGreaterThanOrEqual(10);
    const errors = Object.values(one.backtest.error).filter((error) => error !== null);
    expect(one.backtest.error[one.method]).toBe(Math.min(...errors));
  }
  await expect(run('forecast', '--orders', orders, '--until', '2025-06-01')).rejects.toMatchObject({
    message: expect.stringMatching(/^Not enough yet: \d+ whole weeks are known, 35 are needed[.]$/) as string,
  });
});
