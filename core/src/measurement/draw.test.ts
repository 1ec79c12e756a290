import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { draw } from './draw.ts';

const people = Array.from({ length: 20_000 }, (_, i) => `csv:${String(i)}`);

describe('the draw', () => {
  test('is the first 53 bits of the keyed hash, for ever the same', () => {
    const digest = createHmac('sha256', 'key').update('["autumn","csv:1"]').digest();
    expect(draw('key', 'autumn', 'csv:1')).toBe(Number(digest.readBigUInt64BE(0) >> 11n) / 2 ** 53);
    expect(draw('key', 'autumn', 'csv:1')).toBe(0.3901337280927065);
  });

  test('does not confuse where one key ends and the other begins', () => {
    expect(draw('key', 'a', 'b:c')).not.toBe(draw('key', 'a:b', 'c'));
  });

  test('is uniform: 100 bins of 20,000 people', () => {
    const bins = new Float64Array(100);
    for (const person of people) bins[Math.floor(draw('key', 'autumn', person) * 100)]! += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    // 99.99 % point of chi-square with 99 degrees of freedom
    expect(chiSquare).toBeLessThan(161.3);
  });

  test('is independent between campaigns and between keys', () => {
    const first = people.map((person) => draw('key', 'autumn', person));
    for (const other of [
      people.map((person) => draw('key', 'winter', person)),
      people.map((person) => draw('other key', 'autumn', person)),
    ]) {
      // Correlation of two independent uniforms: standard error 1/sqrt(n) = .0071; four of them
      const product = first.reduce((sum, value, i) => sum + (value - 0.5) * (other[i]! - 0.5), 0) / people.length;
      expect(Math.abs(product * 12)).toBeLessThan(0.0283);
      const both = first.filter((value, i) => value < 0.2 && other[i]! < 0.2).length / people.length;
      expect(both).toBeGreaterThan(0.04 - 4 * Math.sqrt((0.04 * 0.96) / people.length));
      expect(both).toBeLessThan(0.04 + 4 * Math.sqrt((0.04 * 0.96) / people.length));
    }
  });
});
