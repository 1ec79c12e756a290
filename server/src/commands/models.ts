/** `models fit` and `models evaluate`: the scoring models on a file, for checking them against published figures. */
import {
  calibrate,
  calibrateChances,
  evaluateModels,
  fail,
  fitNamed,
  MODEL_NAMES,
  PURCHASE_MODEL_NAMES,
  type Evaluation,
  type Fit,
  type Histories,
  type Judgement,
  type ModelName,
  type PurchaseModelName,
} from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';
import { readPurchases, type LogOptions } from './purchase-log.ts';
import { readSummary } from './summary-file.ts';

const UNITS: Record<string, number> = { day: 1, week: 7, month: 365.25 / 12, year: 365.25 };

interface FitOptions extends LogOptions {
  model: string;
  summary?: string;
  orders?: string;
  calibrationEnd?: string;
  unit: string;
  json?: boolean;
}

interface EvaluateOptions extends LogOptions {
  orders: string;
  calibrationEnd: string;
  holdoutEnd: string;
  models: string;
  json?: boolean;
}

export function add(program: Command): void {
  const models = program.command('models').description('Fits and judges the scoring models.');
  models
    .command('fit')
    .description('Fits one model by maximum likelihood.')
    .requiredOption('--model <name>', MODEL_NAMES.join(', '))
    .option('--summary <file>', 'CSV with x, t_x, T (and m_x for gamma-gamma)')
    .option('--orders <file>', 'order log, with --calibration-end')
    .option('--calibration-end <date>', 'last day that counts, as 2011-06-30')
    .option('--unit <unit>', Object.keys(UNITS).join(', '), 'week')
    .option('--columns <pairs>', 'other headers of the log: customer_id=CustomerID,…')
    .option('--format <name>', 'a known kind of log: uci-online-retail, cdnow, shopify-orders-export')
    .option('--json', 'print one JSON document')
    .action(async (options: FitOptions) => {
      const model = modelName(options.model);
      const data = await fitData(model, options);
      const begun = performance.now();
      const fit = fitNamed(model, data);
      const seconds = (performance.now() - begun) / 1000;
      printResult(options.json ?? false, fitDocument(model, fit, seconds), sayFit(model, fit, seconds));
    });
  models
    .command('evaluate')
    .description('Fits models up to one day and judges them on what the same people did up to another.')
    .requiredOption('--orders <file>', 'order log')
    .requiredOption('--calibration-end <date>', 'last day that models see')
    .requiredOption('--holdout-end <date>', 'last day that they are judged on')
    .option('--models <names>', 'a list with commas', PURCHASE_MODEL_NAMES.join(','))
    .option('--columns <pairs>', 'other headers of the log: customer_id=CustomerID,…')
    .option('--format <name>', 'a known kind of log: uci-online-retail, cdnow, shopify-orders-export')
    .option('--json', 'print one JSON document')
    .action(async (options: EvaluateOptions) => {
      const [calibrationEnd, holdoutEnd] = [dayOf(options.calibrationEnd), dayOf(options.holdoutEnd)];
      if (holdoutEnd <= calibrationEnd)
        throw fail(
          'bad_request',
          `The holdout must end after ${options.calibrationEnd}, not on ${options.holdoutEnd}.`,
        );
      const names = options.models.split(',').map((name) => purchaseModelName(name.trim()));
      const evaluation = evaluateModels(await readPurchases(options.orders, options), {
        calibrationEnd,
        holdoutEnd,
        names,
      });
      if (evaluation.customers === 0)
        throw fail('bad_request', `Nobody in ${options.orders} bought on or before ${options.calibrationEnd}.`);
      printResult(options.json ?? false, evaluation, sayEvaluation(evaluation));
    });
}

async function fitData(
  model: ModelName,
  options: FitOptions,
): Promise<{ histories: Histories; means?: Float64Array | undefined }> {
  if ((options.summary === undefined) === (options.orders === undefined))
    throw fail('bad_request', 'Give either --summary or --orders.');
  if (options.summary !== undefined) return readSummary(options.summary);
  if (options.orders === undefined || options.calibrationEnd === undefined)
    throw fail('bad_request', '--orders needs --calibration-end, as 2011-06-30.');
  const unitDays = UNITS[options.unit];
  if (unitDays === undefined)
    throw fail('bad_request', `--unit is one of ${Object.keys(UNITS).join(', ')}, not ${options.unit}.`);
  const when = { calibrationEnd: dayOf(options.calibrationEnd), unitDays };
  const purchases = await readPurchases(options.orders, options);
  if (model === 'bg-bb') return { histories: calibrateChances(purchases, when) };
  const { histories, means } = calibrate(purchases, when);
  if (histories.x.length === 0)
    throw fail('bad_request', `Nobody in ${options.orders} bought on or before ${options.calibrationEnd}.`);
  return { histories, means };
}

function modelName(given: string): ModelName {
  const name = MODEL_NAMES.find((known) => known === given);
  if (!name) throw fail('bad_request', `There is no model ${given}; there are ${MODEL_NAMES.join(', ')}.`);
  return name;
}

function purchaseModelName(given: string): PurchaseModelName {
  const name = PURCHASE_MODEL_NAMES.find((known) => known === given);
  if (!name) throw fail('bad_request', `${given} cannot be evaluated; ${PURCHASE_MODEL_NAMES.join(', ')} can.`);
  return name;
}

/** Days since 1970-01-01. */
function dayOf(given: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(`${given}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== given)
    throw fail('bad_request', `${given} is not a date such as 2011-06-30.`);
  return at / 86_400_000;
}

function fitDocument(model: string, fit: Fit, seconds: number): object {
  const { vector: _vector, parameters, ...rest } = fit;
  return {
    model,
    customers: fit.customers,
    params: parameters,
    standardErrors: rest.standardErrors,
    logLikelihood: fit.logLikelihood,
    converged: fit.converged,
    warnings: fit.warnings,
    seconds,
  };
}

function sayFit(model: string, fit: Fit, seconds: number): string[] {
  return [
    `${model} on ${String(fit.customers)} customers, ${seconds.toFixed(3)} s, ${fit.converged ? 'converged' : 'NOT converged'}`,
    ...Object.entries(fit.parameters).map(
      ([name, value]) =>
        `  ${name.padEnd(6)} ${value.toFixed(6)}  ± ${(fit.standardErrors[name] ?? Number.NaN).toFixed(6)}`,
    ),
    `  log-likelihood ${fit.logLikelihood.toFixed(4)}`,
    ...fit.warnings.map((warning) => `  ! ${warning}`),
  ];
}

function sayEvaluation({ customers, actual, models, baselines, best, reason }: Evaluation): string[] {
  const say = (name: string, one: Judgement): string =>
    `  ${name.padEnd(18)} predicted ${one.predicted.toFixed(1).padStart(9)}  correlation ${one.correlation?.toFixed(4) ?? '–'}  mean error ${one.mae.toFixed(4)}  root mean square ${one.rmse.toFixed(4)}`;
  return [
    `${String(customers)} customers bought on ${String(actual)} days in the holdout`,
    ...Object.entries(models).flatMap(([name, model]) => [
      `${say(name, model)}  alive ${model.meanAlive.toFixed(4)}  held-out log-likelihood ${model.heldOutLogLikelihood.toFixed(4)}`,
      ...model.warnings.map((warning) => `    ! ${warning}`),
    ]),
    ...Object.entries(baselines).map(([name, one]) => say(name, one)),
    best === null ? `none: ${reason ?? ''}` : `best: ${best}`,
  ];
}
