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

/** Standing of each: chance to be the largest of all, and E[largest] less its own mean (Simpson's rule). */
export function standings(beliefs: Belief[]): Standing[] {
  if (beliefs.length === 1) return [{ chanceToWin: 1, expectedLoss: 0 }];
  // Each integral over its own reach: a sure belief beside an unsure one needs the finer grid.
  const integrals = beliefs.map((own, i) => {
    const others = beliefs.filter((_, j) => j !== i);
    return integrate(own, (x) => others.reduce((product, other) => product * other.cdf(x), 1));
  });
  const total = integrals.reduce((sum, { chance }) => sum + chance, 0);
  const largest = integrals.reduce((sum, { value }) => sum + value, 0) / total;
  return beliefs.map(({ mean }, i) => ({
    chanceToWin: integrals[i]!.chance / total,
    expectedLoss: Math.max(0, largest - mean),
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
