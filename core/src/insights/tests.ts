/** The tests behind findings, two-sided p values, and the false-discovery control over all of a look. Pure. */
import { normalTail, studentTail } from '../measurement/index.ts';

export interface Difference {
  /** Of the second less the first, in the unit of what was compared */
  difference: number;
  pValue: number;
}

/** Shares of two groups: pooled z test with Yates's correction, which keeps small counts from looking sure. */
export function compareShares(one: { hits: number; of: number }, other: { hits: number; of: number }): Difference {
  const [p1, p2] = [one.hits / Math.max(1, one.of), other.hits / Math.max(1, other.of)];
  const pooled = (one.hits + other.hits) / Math.max(1, one.of + other.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / Math.max(1, one.of) + 1 / Math.max(1, other.of)));
  const correction = (1 / Math.max(1, one.of) + 1 / Math.max(1, other.of)) / 2;
  const distance = Math.max(0, Math.abs(p2 - p1) - correction);
  return { difference: p2 - p1, pValue: error > 0 ? 2 * normalTail(distance / error) : 1 };
}

/** Whether a share is another than a known one. */
export function compareWithShare(group: { hits: number; of: number }, known: number): Difference {
  const share = group.hits / Math.max(1, group.of);
  const error = Math.sqrt((known * (1 - known)) / Math.max(1, group.of));
  const distance = Math.max(0, Math.abs(share - known) - 0.5 / Math.max(1, group.of));
  return { difference: share - known, pValue: error > 0 ? 2 * normalTail(distance / error) : 1 };
}

/** Counts over spans of time: given their sum, the second is binomial. `difference`: factor of the rates less 1. */
export function compareRates(one: { count: number; time: number }, other: { count: number; time: number }): Difference {
  const share = other.time / (one.time + other.time);
  const { pValue } = compareWithShare({ hits: other.count, of: one.count + other.count }, share);
  const before = one.count / one.time;
  return { difference: before > 0 ? other.count / other.time / before - 1 : 0, pValue };
}

/** Means of two groups of values: Welch's t. */
export function compareMeans(one: readonly number[], other: readonly number[]): Difference {
  const [a, b] = [momentsOf(one), momentsOf(other)];
  if (one.length < 2 || other.length < 2) return { difference: b.mean - a.mean, pValue: 1 };
  const [va, vb] = [a.variance / one.length, b.variance / other.length];
  const error = Math.sqrt(va + vb);
  if (!(error > 0)) return { difference: b.mean - a.mean, pValue: 1 };
  const degrees = (va + vb) ** 2 / (va ** 2 / (one.length - 1) + vb ** 2 / (other.length - 1));
  return { difference: b.mean - a.mean, pValue: 2 * studentTail(Math.abs(b.mean - a.mean) / error, degrees) };
}

function momentsOf(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, values.length - 1) };
}

/** Share of false findings among those kept, at most. */
export const FALSE_DISCOVERIES = 0.1;

/**
 * Benjamini & Hochberg (JRSS B 57(1), 1995): q of each p value, in their order; keep those at most FALSE_DISCOVERIES. Every
 * comparison that was looked at must be among them, not only those that look good. Holds for independent and for positively
 * dependent tests.
 */
export function falseDiscovery(pValues: readonly number[]): number[] {
  const order = Array.from(pValues.keys()).toSorted((one, other) => pValues[one]! - pValues[other]!);
  const q = new Array<number>();
  let least = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const place = order[rank - 1]!;
    least = Math.min(least, (pValues[place]! * order.length) / rank);
    q[place] = least;
  }
  return q;
}
