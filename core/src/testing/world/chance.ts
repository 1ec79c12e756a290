/** Draws from the distributions the simulated store is made of. */
import type { Random } from '../../ports.ts';

/** Standard normal (Box and Muller 1958, the cosine half). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Exponential with mean 1 / rate. */
export function exponential(random: Random, rate: number): number {
  return -Math.log(1 - random.next()) / rate;
}

/** Gamma with the given shape and rate (Marsaglia and Tsang 2000; shapes below 1 by their boost). */
export function gamma(random: Random, shape: number, rate: number): number {
  if (shape < 1) return gamma(random, shape + 1, rate) * (1 - random.next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v) / rate;
  }
}

/** Beta(a, b) from two gammas. */
export function beta(random: Random, a: number, b: number): number {
  const x = gamma(random, a, 1);
  return x / (x + gamma(random, b, 1));
}

/** One of the entries, each with its weight. */
export function pick<Entry extends { weight: number }>(random: Random, entries: readonly Entry[]): Entry {
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  let left = random.next() * total;
  for (const entry of entries) {
    left -= entry.weight;
    if (left < 0) return entry;
  }
  const last = entries.at(-1);
  if (last === undefined) throw new Error('nothing to pick from');
  return last;
}

/** One of the entries, all alike. */
export function pickEvenly<Entry>(random: Random, entries: readonly Entry[]): Entry {
  const entry = entries[Math.floor(random.next() * entries.length)];
  if (entry === undefined) throw new Error('nothing to pick from');
  return entry;
}
