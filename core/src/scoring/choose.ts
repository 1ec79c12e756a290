/**
 * Which model scores a store. Every candidate is fitted on the older part of the store's own history and judged on the newer
 * part by held-out log-likelihood: ln L(all) - ln L(older), the density of what happened after given what happened before, with
 * the same data for each. The best sound one is then fitted on everything. Where none is sound the plain rhythm rule scores,
 * and the reason says why. Pure and deterministic.
 */
import {
  controlChart,
  fitControlChart,
  fitGammaGamma,
  fitPurchaseModel,
  type Fit,
  type Histories,
} from './models/index.ts';
import { bgNbd, mbgNbd, paretoNbd, people, type PurchaseModel } from './models/index.ts';
import { calibrationGroups, type CalibrationGroup } from './calibration.ts';
import { unevenForecast, wholeForecast } from './seasonality.ts';
import type { Split } from './split.ts';
import { returnsByStage, type StageReturns } from './rhythm.ts';

/** In the order that wins a tie. BG/NBD takes every one-time buyer for alive, so it is the last resort for win-back. */
export const CANDIDATES: readonly PurchaseModel[] = [mbgNbd, paretoNbd, bgNbd];
export type MethodName = PurchaseModel['name'] | 'rhythm';

export const NEEDED_DAYS = 120;
export const NEEDED_REPEATERS = 100;
/** The rhythm rule can do with less. */
export const NEEDED_FOR_RHYTHM = 20;
/** BG/NBD must not score where one-time buyers are more than this share: it holds all of them for active. */
const MOST_ONE_TIME = 0.2;

export interface ChooseInput {
  /** History of (a sample of) the store's customers up to now, in weeks */
  histories: Histories;
  /** Mean value of a repeat purchase day of the same people, minor units; 0 where unknown */
  means: Float64Array;
  /** Undefined where the store is too young */
  split: Split | undefined;
  /** Days since the store's first order */
  historyDays: number;
}

export interface Candidate {
  name: PurchaseModel['name'];
  fit: Fit;
  holdout: {
    logLikelihoodPerCustomer: number;
    predicted: number;
    actual: number;
    customers: number;
    weeks: number;
    /** Tenths of the held-out people, by what was foretold of them */
    calibration: CalibrationGroup[];
  };
  /** Why it may not score; empty: sound */
  objections: string[];
}

export interface Choice {
  method: MethodName;
  /** Why the plain rule scores; undefined with a model */
  reason: string | undefined;
  /** The fit on all history of the model that scores */
  fit: Fit | undefined;
  candidates: Candidate[];
  /** Gamma-Gamma on money; undefined where it is not sound: then means are shrunk plainly */
  spend: Fit | undefined;
  spendFit: Fit;
  /** Gamma-Gamma on days between purchases; undefined where people are too few */
  chart: Fit | undefined;
  /** How people of each stage fared in the newer part; undefined where the store is too young */
  returns: StageReturns | undefined;
  repeaters: number;
}

export function chooseModel(input: ChooseInput): Choice {
  const { histories, means, split } = input;
  const repeaters = histories.x.reduce((sum, x) => sum + (x > 0 ? 1 : 0), 0);
  const spendFit = fitGammaGamma({ x: histories.x, mean: means });
  const spendIsSound =
    spendFit.converged && spendFit.customers >= NEEDED_FOR_RHYTHM && (spendFit.parameters['q'] ?? 0) > 1.05;
  const inDays = { ...histories, tx: histories.tx.map((weeks) => weeks * 7) };
  const chartFit = repeaters >= NEEDED_FOR_RHYTHM ? fitControlChart(inDays) : undefined;
  const chart = chartFit?.converged ? chartFit : undefined;
  const common = {
    spend: spendIsSound ? spendFit : undefined,
    spendFit,
    chart,
    returns: split && chart ? returnsByStage(split, controlChart(chart.vector)) : undefined,
    repeaters,
  };
  const tooLittle = missing(input, repeaters);
  if (tooLittle !== undefined || !split) {
    return {
      method: 'rhythm',
      reason: tooLittle ?? 'no history to hold out',
      fit: undefined,
      candidates: [],
      ...common,
    };
  }
  const candidates = CANDIDATES.map((model) => judge(model, split));
  const oneTime = 1 - repeaters / Math.max(histories.x.length, 1);
  for (const candidate of candidates) {
    if (candidate.name === 'bg-nbd' && oneTime > MOST_ONE_TIME) {
      candidate.objections.push(
        `it holds every one-time buyer for active, and ${(oneTime * 100).toFixed(0)}% of the customers bought once`,
      );
    }
  }
  const ranked = candidates
    .filter((candidate) => candidate.objections.length === 0)
    .toSorted((one, other) => other.holdout.logLikelihoodPerCustomer - one.holdout.logLikelihoodPerCustomer);
  for (const candidate of ranked) {
    const again = fitPurchaseModel(modelNamed(candidate.name), histories);
    const seasonal = candidate.fit.warnings.filter((warning) => warning.startsWith('seasonality'));
    const fit = { ...again, warnings: [...again.warnings, ...seasonal] };
    if (soundness(fit).length === 0) return { method: candidate.name, reason: undefined, fit, candidates, ...common };
    candidate.objections.push(...soundness(fit));
  }
  return { method: 'rhythm', reason: whyNone(candidates), fit: undefined, candidates, ...common };
}

export function modelNamed(name: PurchaseModel['name']): PurchaseModel {
  const model = CANDIDATES.find((candidate) => candidate.name === name);
  if (!model) throw new RangeError(`no model ${name}`);
  return model;
}

function missing(input: ChooseInput, repeaters: number): string | undefined {
  if (input.historyDays < NEEDED_DAYS)
    return `store_too_young: ${String(input.historyDays)} days of orders, ${String(NEEDED_DAYS)} are needed for a model`;
  if (repeaters < NEEDED_REPEATERS)
    return `store_too_small: ${String(repeaters)} customers bought again, ${String(NEEDED_REPEATERS)} are needed for a model`;
  return undefined;
}

function judge(model: PurchaseModel, split: Split): Candidate {
  const fit = fitPurchaseModel(model, split.older);
  const { x, tx, T } = split.older;
  const told = new Float64Array(x.length);
  const back = new Float64Array(x.length);
  let predicted = 0;
  let actual = 0;
  for (let i = 0; i < x.length; i++) {
    const alive = model.alive(fit.vector, x[i]!, tx[i]!, T[i]!);
    told[i] = alive * model.ordersIfAlive(fit.vector, x[i]!, T[i]!, split.weeks);
    back[i] = alive * model.returnIfAlive(fit.vector, x[i]!, T[i]!, split.weeks);
    predicted += told[i]!;
    actual += split.later[i]!;
  }
  const objections = soundness(fit);
  const objection = wholeForecast(predicted, actual, split.weeks);
  if (objections.length === 0 && objection !== undefined) objections.push(objection);
  const uneven = unevenForecast(model, fit.vector, split.older, split.stretches);
  return {
    name: model.name,
    fit: uneven === undefined ? fit : { ...fit, warnings: [...fit.warnings, uneven] },
    holdout: {
      logLikelihoodPerCustomer: heldOutLogLikelihood(model, fit.vector, split.older, split.all),
      predicted,
      actual,
      customers: people(split.older),
      weeks: split.weeks,
      calibration: calibrationGroups(told, back, split.later),
    },
    objections,
  };
}

/** ln L(all) - ln L(older) a customer: how likely the model held what then happened. */
export function heldOutLogLikelihood(
  model: PurchaseModel,
  parameters: Float64Array,
  older: Histories,
  all: Histories,
): number {
  const scratch = { gradient: new Float64Array(4), hessian: new Float64Array(16) };
  const gained = model.logLikelihood(parameters, all, scratch) - model.logLikelihood(parameters, older, scratch);
  return gained / Math.max(people(older), 1);
}

/** What a fit says against itself that forbids scoring with it. */
function soundness(fit: Fit): string[] {
  return fit.warnings.filter((warning) => /^(not_converged|degenerate_dropout|at_edge)/.test(warning));
}

function whyNone(candidates: Candidate[]): string {
  const told = candidates.map((candidate) => `${candidate.name}: ${candidate.objections[0] ?? 'not sound'}`);
  return `no model describes this store (${told.join('; ')})`;
}
