/**
 * Who needs an offer? From a randomised trial of the same mail with and without it: the model's figures, and what each way of
 * dealing the offer would have brought on people that the models had not seen. Pure: takes a table, gives a report.
 */
import { fail } from '../errors.ts';
import { readTrial, type Table, type TrialColumns } from '../measurement/index.ts';
import { fitOfferResponse, offerNet, type OfferAdvice, type OfferResponse, type OfferTrial } from './models/index.ts';

/** Values of an order a person, with the standard error. */
export interface PolicyValue {
  mean: number;
  standardError: number;
  /** Share of people who get the offer */
  offered: number;
}

export interface OfferReport extends Pick<
  OfferResponse,
  'people' | 'rates' | 'effect' | 'net' | 'heterogeneity' | 'cost' | 'advice' | 'warnings'
> {
  /** What each way would bring, less what the offer costs; by folds, on people unseen */
  policies: Record<OfferAdvice, PolicyValue>;
}

const FOLDS = 5;

/** `treated` of the columns names who had the offer. Throws `bad_request` for what is not in the table. */
export function analyzeOffer(table: Table, columns: TrialColumns, cost: number): OfferReport {
  if (!(cost > 0 && cost <= 1))
    throw fail('bad_request', `The cost is a share of an order’s value, 0 to 1, not ${String(cost)}.`);
  const read = readTrial(table, columns);
  const trial: OfferTrial = {
    features: read.features.values,
    names: Array.from({ length: read.features.columns }, (_, i) => String(i)),
    offered: read.treated,
    ordered: Uint8Array.from(read.outcome),
    cost,
  };
  const { people, rates, effect, net, heterogeneity, advice, warnings } = fitOfferResponse(trial);
  return {
    people,
    rates,
    effect,
    net,
    heterogeneity,
    cost,
    advice,
    policies: policiesOf(trial),
    warnings: [...read.warnings, ...warnings],
  };
}

/** Each way's value by the people who were dealt by lot what it would have dealt them, weighed by how likely that was. */
function policiesOf(trial: OfferTrial): Record<OfferAdvice, PolicyValue> {
  const rows = trial.offered.length;
  const k = trial.names.length;
  const needs = new Uint8Array(rows);
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitOfferResponse(rowsOf(trial, (row) => row % FOLDS !== fold));
    for (let row = fold; row < rows; row += FOLDS)
      needs[row] = offerNet(model, trial.features.subarray(row * k, row * k + k)) > 0 ? 1 : 0;
  }
  const share = trial.offered.reduce((sum, one) => sum + one, 0) / rows;
  const valueOf = (dealt: (row: number) => 0 | 1): PolicyValue => {
    let [sum, squares, offered] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const own = dealt(row);
      offered += own;
      if (trial.offered[row] !== own) continue;
      const value = (trial.ordered[row]! * (own === 1 ? 1 - trial.cost : 1)) / (own === 1 ? share : 1 - share);
      sum += value;
      squares += value * value;
    }
    const mean = sum / rows;
    return {
      mean,
      standardError: Math.sqrt(Math.max(0, squares / rows - mean * mean) / rows),
      offered: offered / rows,
    };
  };
  return {
    by_person: valueOf((row) => (needs[row] === 1 ? 1 : 0)),
    to_all: valueOf(() => 1),
    to_nobody: valueOf(() => 0),
  };
}

function rowsOf(trial: OfferTrial, keep: (row: number) => boolean): OfferTrial {
  const chosen = Array.from(trial.offered.keys()).filter(keep);
  const k = trial.names.length;
  const features = new Float64Array(chosen.length * k);
  chosen.forEach((row, i) => {
    features.set(trial.features.subarray(row * k, row * k + k), i * k);
  });
  return {
    ...trial,
    features,
    offered: Uint8Array.from(chosen, (row) => trial.offered[row]!),
    ordered: Uint8Array.from(chosen, (row) => trial.ordered[row]!),
  };
}
