/**
 * Fitting: several starts on a sample, the best of them carried to all rows by a few Newton steps. Deterministic.
 */
import { groupHistories, people, sampleHistories, type Histories } from './histories.ts';
import { maximise, type Maximum, type Objective } from './maximise.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { dataWarnings, edgeWarnings } from './warnings.ts';

export interface Fit {
  /** By name, in the model's order */
  parameters: Record<string, number>;
  standardErrors: Record<string, number>;
  logLikelihood: number;
  /** People the fit rests on */
  customers: number;
  converged: boolean;
  /** `code: sentence` each */
  warnings: string[];
  /** The same parameters as the mathematics takes them */
  vector: Float64Array;
}

/** Starts are tried on so many rows; the best is refined on so many more, and then on all: each rung starts near its maximum. */
const SAMPLES = [6000, 60_000] as const;
/** A rung is worth its cost where the next one is at least so many times longer. */
const WORTH = 2;
/** What half a Newton step may still promise on all rows: a hundredth of a standard error in any direction. */
const NEAR_TOLERANCE = 1e-5;

/** Maximum likelihood from several starts: `rungs` are the same objective on more and more rows, the last one on all. */
export function maximiseFromStarts(
  starts: readonly (readonly number[])[],
  rungs: readonly [Objective, ...Objective[]],
): Maximum {
  let best: Maximum | undefined;
  for (const start of starts) {
    const found = maximise(rungs[0], start);
    if (!best || better(found, best)) best = found;
  }
  if (!best) throw new RangeError('a fit needs at least one start');
  for (const rung of rungs.slice(1))
    best = maximise(rung, [...best.parameters], { near: true, tolerance: NEAR_TOLERANCE });
  return best;
}

function better(one: Maximum, other: Maximum): boolean {
  // Among equals the converged one; otherwise what is likelier.
  if (one.converged !== other.converged && Math.abs(one.value - other.value) < 1e-3) return one.converged;
  return one.value > other.value;
}

/** Fits a model of buying and dropping out. Rows with x = 0 and T = 0 say nothing but harm nothing. */
export function fitPurchaseModel(model: PurchaseModel, histories: Histories): Fit {
  const all = groupHistories(histories);
  const rungs = SAMPLES.filter((size) => histories.x.length > size * WORTH && all.x.length > size * WORTH).map((size) =>
    groupHistories(sampleHistories(histories, size)),
  );
  const bind =
    (data: Histories): Objective =>
    (parameters, out) =>
      model.logLikelihood(parameters, data, out);
  const found = maximiseFromStarts(model.starts(rungs[0] ?? all), [
    bind(rungs[0] ?? all),
    ...(rungs.length > 0 ? [...rungs.slice(1), all] : []).map(bind),
  ]);
  const degenerate = model.degenerate(found.parameters);
  if (degenerate === undefined) return fitOf(model.parameterNames, found, people(all), dataWarnings(all));
  // What a search reports beside a maximum at infinity or nothing is where it stopped, not where it arrived.
  const stopped = { ...found, converged: false };
  return fitOf(model.parameterNames, stopped, people(all), [degenerate, ...dataWarnings(all)]);
}

/** What was found, with names, and what speaks against it. */
export function fitOf(names: readonly string[], found: Maximum, customers: number, warnings: string[]): Fit {
  const named = (values: Float64Array): Record<string, number> =>
    Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  return {
    parameters: named(found.parameters),
    standardErrors: named(found.standardErrors),
    logLikelihood: found.value,
    customers,
    converged: found.converged,
    warnings: [
      ...warnings,
      ...edgeWarnings(names, found.parameters),
      ...(found.converged ? [] : ['not_converged: the search found no maximum inside its bounds']),
    ],
    vector: found.parameters,
  };
}
