import { describe, expect, test } from 'vitest';
import { hypergeometric } from './hypergeometric.ts';
import { NODES, WEIGHTS } from './quadrature.ts';
import { betaOddsQuantile, betaPrimeBelow, digamma, incompleteBeta, logBeta, logGamma, trigamma } from './special.ts';

/** Relative error, absolute below 1. */
function off(value: number, truth: number): number {
  return Math.abs(value - truth) / Math.max(1, Math.abs(truth));
}

describe('gamma and its derivatives', () => {
  test('known values', () => {
    expect(off(logGamma(0.5), Math.log(Math.PI) / 2)).toBeLessThan(2e-15);
    expect(logGamma(1)).toBeCloseTo(0, 14);
    expect(logGamma(2)).toBeCloseTo(0, 14);
    expect(off(logGamma(11), Math.log(3628800))).toBeLessThan(2e-15);
    // ln Γ(100.5) and ln Γ(1e-5): DLMF 5.11.1 evaluated to 20 digits
    expect(off(logGamma(100.5), 361.43554046777757)).toBeLessThan(1e-14);
    expect(off(logGamma(1e-5), 11.512919692895826)).toBeLessThan(1e-14);
    expect(off(digamma(1), -0.5772156649015329)).toBeLessThan(2e-15);
    expect(off(digamma(0.5), -0.5772156649015329 - 2 * Math.LN2)).toBeLessThan(2e-15);
    expect(off(trigamma(1), Math.PI ** 2 / 6)).toBeLessThan(2e-15);
    expect(off(trigamma(0.5), Math.PI ** 2 / 2)).toBeLessThan(2e-15);
  });

  test('recurrences hold from the very small to the very large', () => {
    for (const x of [1e-6, 0.01, 0.3, 1, 2.5, 8.999, 9, 9.001, 40, 1e3, 1e6]) {
      expect(off(logGamma(x + 1), logGamma(x) + Math.log(x))).toBeLessThan(1e-14);
      expect(off(digamma(x), digamma(x + 1) - 1 / x)).toBeLessThan(1e-14);
      expect(off(trigamma(x), trigamma(x + 1) + 1 / (x * x))).toBeLessThan(1e-14);
    }
  });

  test('outside the domain there is no number', () => {
    expect(logGamma(0)).toBeNaN();
    expect(logGamma(-1)).toBeNaN();
    expect(digamma(-0.5)).toBeNaN();
  });
});

describe('incomplete beta', () => {
  test('closed forms', () => {
    for (const x of [0.001, 0.2, 0.5, 0.77, 0.999]) {
      expect(incompleteBeta(1, 1, x)).toBeCloseTo(x, 14);
      expect(incompleteBeta(3, 1, x)).toBeCloseTo(x ** 3, 14);
      expect(incompleteBeta(1, 4, x)).toBeCloseTo(1 - (1 - x) ** 4, 14);
      expect(incompleteBeta(0.5, 0.5, x)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 13);
      expect(incompleteBeta(2.3, 7.1, x) + incompleteBeta(7.1, 2.3, 1 - x)).toBeCloseTo(1, 13);
    }
    expect(incompleteBeta(2, 3, 0)).toBe(0);
    expect(incompleteBeta(2, 3, 1)).toBe(1);
  });

  test('its inverse, in odds', () => {
    for (const [a, b] of [
      [1.2, 3.1],
      [6.2, 500],
      [0.3, 0.4],
      [40, 2],
    ] as const)
      for (const share of [1e-4, 0.05, 0.5, 0.95, 0.9999])
        expect(betaPrimeBelow(a, b, betaOddsQuantile(a, b, share))).toBeCloseTo(share, 11);
  });
});

describe('hypergeometric', () => {
  test('closed forms', () => {
    for (const z of [-30, -1.5, -0.4, 0.05, 0.5, 0.9, 0.99]) {
      expect(off(hypergeometric(1, 1, 2, z), -Math.log1p(-z) / z)).toBeLessThan(1e-12);
      expect(off(hypergeometric(2.5, 1, 1, z), (1 - z) ** -2.5)).toBeLessThan(1e-12);
      if (z > 0) {
        const root = Math.sqrt(z);
        expect(off(hypergeometric(0.5, 1, 1.5, z), Math.atanh(root) / root)).toBeLessThan(1e-12);
      }
    }
    expect(hypergeometric(3, 4, 5, 0)).toBe(1);
    expect(hypergeometric(3, 4, 5, 1)).toBeNaN();
  });

  test('agrees with Euler’s integral where the models use it', () => {
    for (const [a, b, c, z] of [
      [0.243, 2.426, 4.1, 0.9],
      [26.5, 3.2, 9.1, 0.45],
      [200.5, 2.9, 205, 0.7],
    ] as const) {
      // B(b, c-b) 2F1 = ∫ t^{b-1} (1-t)^{c-b-1} (1-zt)^{-a} dt, the end points smoothed by t = v²(3-2v)
      let sum = 0;
      const panels = 4000;
      for (let panel = 0; panel < panels; panel++)
        for (let j = 0; j < NODES.length; j++) {
          const v = (panel + (NODES[j]! + 1) / 2) / panels;
          const t = v * v * v * (10 - 15 * v + 6 * v * v);
          const rest = 1 - t;
          if (t <= 0 || rest <= 0) continue;
          const slope = 30 * v * v * (1 - v) * (1 - v);
          const log = (b - 1) * Math.log(t) + (c - b - 1) * Math.log(rest) - a * Math.log1p(-z * t);
          sum += (Math.exp(log + WEIGHTS[j]!) * slope) / (2 * panels);
        }
      expect(hypergeometric(a, b, c, z) / (sum / Math.exp(logBeta(b, c - b)))).toBeCloseTo(1, 6);
    }
  });
});

test('quadrature is exact for polynomials up to degree 31', () => {
  for (const power of [0, 2, 10, 30]) {
    let sum = 0;
    NODES.forEach((node, i) => (sum += Math.exp(WEIGHTS[i]!) * node ** power));
    expect(sum).toBeCloseTo(2 / (power + 1), 14);
  }
});
