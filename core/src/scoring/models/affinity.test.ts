import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { affinityRules, nextProducts } from './index.ts';

const FILE = path.resolve(import.meta.dirname, '../../../../../shared/data/online-retail/online_retail_I.csv.gz');
const missing = !existsSync(FILE);
if (missing) console.info(`skipped: the UCI log is not at ${FILE}`);

/** A line of CSV with quotes. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
    (match[1] ?? match[2] ?? '').replaceAll('""', '"'),
  );
}

describe.skipIf(missing)('French baskets of the UCI log', () => {
  test('the rules that are widely quoted', () => {
    const lines = gunzipSync(readFileSync(FILE)).toString('latin1').split(/\r?\n/).slice(1);
    const numbers = new Map<string, number>();
    const baskets = new Map<string, number[]>();
    for (const line of lines) {
      if (!line.endsWith('France')) continue;
      const [invoice = '', , description = ''] = fields(line);
      const product = description.trim();
      if (invoice.startsWith('C')) continue;
      const basket = baskets.get(invoice) ?? [];
      baskets.set(invoice, basket);
      if (product === '' || product === 'POSTAGE') continue;
      if (!numbers.has(product)) numbers.set(product, numbers.size);
      basket.push(numbers.get(product)!);
    }
    expect(baskets.size).toBe(392);
    const rules = affinityRules([...baskets.values()], { support: 0.07 });
    const rule = (from: string, to: string) =>
      rules.find((one) => one.from === numbers.get(from) && one.to === numbers.get(to));
    const [green, red] = ['ALARM CLOCK BAKELIKE GREEN', 'ALARM CLOCK BAKELIKE RED'];
    expect(rule(green, red)?.support).toBeCloseTo(0.079082, 6);
    expect(rule(green, red)?.confidence).toBeCloseTo(0.815789, 6);
    expect(rule(green, red)?.lift).toBeCloseTo(8.642959, 6);
    expect(rule(red, green)?.confidence).toBeCloseTo(0.83784, 5);
    const plates = rule('SET/6 RED SPOTTY PAPER PLATES', 'SET/6 RED SPOTTY PAPER CUPS');
    expect(plates?.support).toBeCloseTo(0.122449, 6);
    expect(plates?.confidence).toBeCloseTo(0.96, 6);
    expect(plates?.lift).toBeCloseTo(6.968889, 6);
  });
});

describe('affinity', () => {
  const baskets = [
    ...Array.from({ length: 40 }, (_, i) => (i < 30 ? [1, 2] : [1])),
    ...Array.from({ length: 60 }, () => [3]),
    [4, 5],
    [1, 1, 2],
  ];

  test('rules seen too rarely do not exist, whatever their lift', () => {
    const rules = affinityRules(baskets);
    expect(rules.map(({ from, to }) => [from, to])).toEqual([
      [2, 1],
      [1, 2],
    ]);
    expect(rules[0]).toMatchObject({ baskets: 31, confidence: 1, lift: 102 / 41 });
    expect(rules[0]?.surely).toBeLessThan(1);
  });

  test('what to show next: nothing owned, each product once, the surest first', () => {
    const rules = affinityRules([
      ...baskets,
      ...Array.from({ length: 10 }, () => [3, 6]),
      ...Array.from({ length: 9 }, () => [3, 7]),
    ]);
    expect(nextProducts(rules, [2, 3], 5).map(({ product, because }) => [product, because])).toEqual([
      [1, 2],
      [6, 3],
      [7, 3],
    ]);
    expect(nextProducts(rules, [1, 2, 3], 1)).toHaveLength(1);
    expect(nextProducts(rules, [9], 5)).toEqual([]);
  });
});
