/**
 * Gauss's hypergeometric function 2F1(a, b; c; z) for real arguments with z < 1, as the models need it.
 *
 * Negative z is brought into (0, 1) by Pfaff's transformation (Abramowitz & Stegun 15.3.4). Where c - a - b < 0 the series
 * grows without bound as z → 1 and Euler's transformation (15.3.3) takes the growth out as a power of 1-z, so what is summed
 * always converges. Sums stop when a term no longer changes them.
 */
const MOST_TERMS = 200_000;

export function hypergeometric(a: number, b: number, c: number, z: number): number {
  if (!(z < 1)) return Number.NaN;
  if (z === 0) return 1;
  if (z < 0) {
    // Of the two forms of 15.3.4/15.3.5 the one with the smaller upper parameter left stays closer to 1.
    return Math.abs(a) > Math.abs(b)
      ? Math.pow(1 - z, -b) * hypergeometric(c - a, b, c, z / (z - 1))
      : Math.pow(1 - z, -a) * hypergeometric(a, c - b, c, z / (z - 1));
  }
  const excess = c - a - b;
  if (excess < 0) return Math.pow(1 - z, excess) * series(c - a, c - b, c, z);
  return series(a, b, c, z);
}

/** Σ (a)_n (b)_n / (c)_n z^n / n!, 15.1.1. */
export function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MOST_TERMS; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    const next = sum + term;
    // A single vanishing term may be a zero factor's neighbour; past both parameters the terms only shrink.
    if (next === sum && n > -a && n > -b) return sum;
    sum = next;
  }
  return sum;
}
