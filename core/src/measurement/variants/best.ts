/** Which of several uncertain quantities is the largest, and what it costs to pick another. Pure; by quadrature, no chance in it. */
import { betaCdf, logGamma } from '../statistics/gamma.ts';
import { normalCdf, normalDensity } from '../statistics/normal.ts';

/** A posterior distribution of one quantity. */
export interface Belief {
  density: (x: number) => number;
  cdf: (x: number) => number;
  mean: number;
  deviation: number;
  /** Values it can take */
  from: number;
  to: number;
}

export interface Standing {
  /** Chance of being the largest */
  chanceToWin: number;
  /** How much larger the largest is on average */
  expectedLoss: number;
}

const STEPS = 2000;
const REACH = 8;

export function normalBelief(mean: number, deviation: number): Belief {
  return {
    mean,
    deviation,
    from: -Infinity,
    to: Infinity,
    density: (x) => normalDensity((x - mean) / deviation) / deviation,
    cdf: (x) => normalCdf((x - mean) / deviation),
  };
}

/** A share after `successes` of `trials`, from a flat prior. */
export function shareBelief(successes: number, trials: number): Belief {
  const a = successes + 1;
  const b = trials - successes + 1;
  const scale = logGamma(a + b) - logGamma(a) - logGamma(b);
  const mean = a / (a + b);
  return {
    mean,
    deviation: Math.sqrt((mean * (1 - mean)) / (a + b + 1)),
    from: 0,
    to: 1,
    density: (x) =>
      x <= 0 || x >= 1
        ? Math.exp(scale) * x ** (a - 1) * (1 - x) ** (b - 1)
        : Math.exp(scale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x)),
    cdf: (x) => betaCdf(x, a, b),
  };
}

/** Each with its standing: chance to be the largest of all, and E[largest] less its own mean (Simpson's rule). */
export function standings<Item extends { belief: Belief }>(items: Item[]): (Item & Standing)[] {
  // Each integral over its own reach: a sure belief beside an unsure one needs the finer grid.
  const known = items.map((item) => {
    const others = items.filter((other) => other !== item);
    return {
      item,
      ...integrate(item.belief, (x) => others.reduce((product, { belief }) => product * belief.cdf(x), 1)),
    };
  });
  const total = known.reduce((sum, { chance }) => sum + chance, 0);
  const largest = known.reduce((sum, { value }) => sum + value, 0) / total;
  return known.map(({ item, chance }) => ({
    ...item,
    chanceToWin: chance / total,
    expectedLoss: Math.max(0, largest - item.belief.mean),
  }));
}

function integrate(own: Belief, below: (x: number) => number): { chance: number; value: number } {
  const from = Math.max(own.from, own.mean - REACH * own.deviation);
  const step = (Math.min(own.to, own.mean + REACH * own.deviation) - from) / STEPS;
  let [chance, value] = [0, 0];
  for (let i = 0; i <= STEPS; i++) {
    // The last step may round past the end.
    const x = Math.min(own.to, from + i * step);
    const density = own.density(x);
    if (density === 0) continue;
    const weight = (i === 0 || i === STEPS ? 1 : i % 2 === 1 ? 4 : 2) * density * below(x);
    chance += weight;
    value += weight * x;
  }
  return { chance: (chance * step) / 3, value: (value * step) / 3 };
}
