/**
 * Group-sequential levels: how much of alpha may be spent at each of a few planned looks. Lan and DeMets, "Discrete sequential
 * boundaries for clinical trials", Biometrika 70 (1983), with the power family of Kim and DeMets (1987); the crossing
 * probabilities by Armitage, McPherson and Rowe's recursive integration (JRSS A 132, 1969). Pure mathematics.
 */
import { normalDensity, normalQuantile, normalTail } from './normal.ts';

/** alpha·t²: little at first looks. */
const SPENDING_POWER = 2;
/** Beyond this many standard deviations nothing happens. */
const EDGE = 8;
const GRID = 800;

/**
 * The nominal level of each look, given the people seen by then and the total that was planned. Where more came than planned,
 * the time is measured in what came. Two-sided levels treat each side for itself.
 */
export function spentAlphas(counts: number[], planned: number, alpha: number, twoSided = true): number[] {
  const sides = twoSided ? 2 : 1;
  const last = Math.max(planned, ...counts);
  const times = counts.map((count) => count / last);
  return boundaries(times, alpha / sides).map((bound) => sides * normalTail(bound));
}

/** Upper boundaries in standard deviations of a process that has not crossed one before. */
function boundaries(times: number[], alpha: number): number[] {
  const found: number[] = [];
  let density: { at: Float64Array; value: Float64Array; step: number } | null = null;
  for (const [look, time] of times.entries()) {
    const before = look === 0 ? 0 : times[look - 1]!;
    if (look > 0 && time <= before) {
      found.push(found[look - 1]!);
      continue;
    }
    const spent = alpha * (time ** SPENDING_POWER - before ** SPENDING_POWER);
    const spread = Math.sqrt(time - before);
    const crossing = (edge: number) =>
      density ? integrate(density, (x) => normalTail((edge - x) / spread)) : normalTail(edge / spread);
    const edge = density ? solve(crossing, spent, Math.sqrt(time)) : spread * normalQuantile(1 - spent);
    found.push(edge / Math.sqrt(time));
    const previous = density;
    density = tabulate(-EDGE * Math.sqrt(time), edge, (y) =>
      previous
        ? integrate(previous, (x) => normalDensity((y - x) / spread) / spread)
        : normalDensity(y / spread) / spread,
    );
  }
  return found;
}

function tabulate(from: number, to: number, f: (x: number) => number) {
  const step = (to - from) / GRID;
  const at = Float64Array.from({ length: GRID + 1 }, (_, i) => from + i * step);
  return { at, value: at.map(f), step };
}

/** Simpson's rule over the density of processes that are still under way. */
function integrate(density: { at: Float64Array; value: Float64Array; step: number }, f: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i <= GRID; i++) {
    const weight = i === 0 || i === GRID ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * density.value[i]! * f(density.at[i]!);
  }
  return (sum * density.step) / 3;
}

/** The edge at which a falling crossing probability is `wanted`. */
function solve(crossing: (edge: number) => number, wanted: number, deviation: number): number {
  let low = 0;
  let high = EDGE * deviation;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (crossing(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
