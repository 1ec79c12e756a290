/** What a fit has to say against itself, as codes with a sentence. Pure rules; thresholds stand here and nowhere else. */
import type { Histories } from './histories.ts';
import { HIGHEST, LOWEST } from './maximise.ts';

/** Below this share leaving at each chance, or per unit of time, nobody can be told to have gone. */
const LEAST_DROPOUT = 1e-3;
/** Fewer repeat buyers than this and a fit rests on single people. */
export const LEAST_REPEATERS = 50;

/** a/(a+b) → 0: the fit says that nobody ever leaves; → 1: everybody at the first chance. */
export function betaDropout(a: number, b: number): string | undefined {
  const share = a / (a + b);
  if (share < LEAST_DROPOUT || a < 1e-4)
    return `degenerate_dropout: the fit says that nobody ever leaves (a/(a+b) = ${digits(share)})`;
  if (share > 1 - LEAST_DROPOUT)
    return `degenerate_dropout: the fit says that everybody leaves at once (a/(a+b) = ${digits(share)})`;
  // With a and b both large every person has the same probability: the beta distribution has collapsed to a point.
  if (a > 1e4 || b > 1e5)
    return `degenerate_dropout: the fit sees no difference between people (a = ${digits(a)}, b = ${digits(b)})`;
  return undefined;
}

/** s → 0 or s/β → 0: nobody leaves; both large: everybody at the same rate. */
export function gammaDropout(s: number, beta: number): string | undefined {
  if (s < 1e-2 || s / beta < 1e-5)
    return `degenerate_dropout: the fit says that nobody ever leaves (s = ${digits(s)}, beta = ${digits(beta)})`;
  if (s > 1e4 || beta > 1e6)
    return `degenerate_dropout: the fit sees no difference between people (s = ${digits(s)}, beta = ${digits(beta)})`;
  return undefined;
}

/** What the data lack, whatever the model. */
export function dataWarnings(histories: Histories): string[] {
  let repeaters = 0;
  for (let i = 0; i < histories.x.length; i++) if (histories.x[i]! > 0) repeaters += histories.weight?.[i] ?? 1;
  return repeaters < LEAST_REPEATERS
    ? [`too_few_repeaters: ${String(repeaters)} people bought again, at least ${String(LEAST_REPEATERS)} are needed`]
    : [];
}

/** A parameter that ran against the end of its range. */
export function edgeWarnings(names: readonly string[], parameters: Float64Array): string[] {
  return names.flatMap((name, i) => {
    const value = parameters[i]!;
    return value <= LOWEST * 1.01 || value >= HIGHEST / 1.01 ? [`at_edge: ${name} ran to ${digits(value)}`] : [];
  });
}

export function digits(value: number): string {
  return value.toPrecision(3);
}
