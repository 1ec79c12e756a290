import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaCdf, chiSquareTail, gammaTail, logGamma } from './gamma.ts';
import { erfc, normalCdf, normalQuantile } from './normal.ts';
import { sampleRatioPValue } from './ratio.ts';
import { studentQuantile, studentTail } from './student.ts';

const near = (actual: number, expected: number, relative = 1e-11) => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
};

test('the normal distribution, centre and far tail', () => {
  near(erfc(0.47), 0.5062549491139179, 1e-14);
  near(erfc(2), 0.004677734981047265, 1e-14);
  near(erfc(10), 2.088487583762545e-45, 1e-13);
  near(normalQuantile(0.975), 1.959963984540054, 1e-14);
  near(normalQuantile(1e-300), -37.0470962993612, 1e-12);
  expect(normalQuantile(0)).toBe(-Infinity);
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      near(normalCdf(normalQuantile(p)), p, 1e-12);
    }),
  );
});

test('gamma, chi-square and beta by closed forms', () => {
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
  near(logGamma(171), Math.log(7.257415615307994e306), 1e-13);
  near(gammaTail(1, 3), Math.exp(-3));
  near(gammaTail(3, 2), Math.exp(-2) * (1 + 2 + 2));
  near(chiSquareTail(3.841458820694124, 1), 0.05, 1e-10);
  near(betaCdf(0.3, 2, 5), 1 - 0.7 ** 6 - 6 * 0.3 * 0.7 ** 5);
});

test("Student's t: one, two and many degrees of freedom", () => {
  near(studentTail(1, 1), 0.25);
  near(studentTail(2, 2), 0.5 - 2 / (2 * Math.sqrt(6)), 1e-10);
  near(studentQuantile(0.975, 1), 12.706204736432095, 1e-9);
  near(studentQuantile(0.975, 10), 2.2281388519649385, 1e-9);
  near(studentQuantile(0.975, 1e9), 1.959963984540054, 1e-8);
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 0.4999, noNaN: true }),
      fc.integer({ min: 1, max: 1e6 }),
      (tail, degrees) => {
        near(studentTail(studentQuantile(1 - tail, degrees), degrees), tail, 1e-6);
      },
    ),
  );
});

test('sample ratio: 821 against 746 where halves were drawn, and nobody', () => {
  // chi-square = 75² / 1567 = 3.58966 on one degree of freedom
  near(sampleRatioPValue([821, 746], [0.5, 0.5]), 0.05814, 1e-4);
  expect(sampleRatioPValue([0, 0], [0.5, 0.5])).toBe(1);
  expect(sampleRatioPValue([10, 5], [1, 0])).toBe(0);
});
