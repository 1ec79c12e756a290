/** How well do the models foretell, and what is missing for those that cannot yet? Reads only. */
import { z } from 'zod';
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import { modelsAt, newestForecasts } from './models.store.ts';

const group = z.object({ people: z.number(), predicted: z.number(), actual: z.number() });
const judged = z.object({
  predicted: z.number(),
  actual: z.number(),
  weeks: z.number(),
  logLikelihoodPerCustomer: z.number(),
  objections: z.array(z.string()),
  calibration: z.array(group).optional(),
});
const quality = z.object({
  calibrationError: z.number(),
  brier: z.number(),
  brierOfMean: z.number(),
  groups: z.array(z.object({ people: z.number(), chance: z.number(), share: z.number() })),
});
const backtest = z.object({
  origins: z.number(),
  error: z.record(z.string(), z.number().nullable()),
  coverage: z.array(z.object({ weeks: z.number(), share: z.number(), tried: z.number() })),
});

export interface CalibrationPoint {
  people: number;
  /** What was foretold of the group, and what it did; both means */
  predicted: number;
  actual: number;
}

export interface ModelCard {
  name: string;
  customers: number;
  /** It scores, or is used where mails are planned */
  used: boolean;
  /** What is said against it or what is missing; empty: nothing */
  warnings: string[];
  holdout: { predicted: number; actual: number; weeks: number; logLikelihood: number } | null;
  /** On people that it had not seen; null: it has no chances to check */
  calibration: CalibrationPoint[] | null;
  calibrationError: number | null;
}

export interface ModelsPage {
  store: StoreFacts;
  scoring: { method: string; reason: string | null; asOf: Date } | null;
  models: ModelCard[];
  forecasts: { metric: string; method: string; madeAt: Date; backtest: z.infer<typeof backtest> }[];
}

export function readModels(engine: Engine, storeId: string): Promise<ModelsPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const { run, models } = await modelsAt(tx, store.scoreVersion);
    const forecasts = await newestForecasts(tx);
    return {
      store: factsOf(store, engine.clock.now()),
      scoring: run ?? null,
      models: models.map((row) => cardOf(row, run?.method ?? '')),
      forecasts: forecasts.map((row) => ({ ...row, backtest: backtest.parse(row.backtest) })),
    };
  });
}

type Row = Awaited<ReturnType<typeof modelsAt>>['models'][number];

function cardOf(row: Row, method: string): ModelCard {
  const own = judged.safeParse(row.figures);
  const seen = quality.safeParse(row.figures);
  const warnings = z.array(z.string()).parse(row.warnings);
  const objections = own.success ? own.data.objections : [];
  const missing = warnings.some((one) => /^(too_few|few_hours|no_trial|no_signal|not_converged)/.test(one));
  return {
    name: row.name,
    customers: row.customers,
    used: own.success ? row.name === method : !missing && row.converged,
    warnings: [...new Set([...warnings, ...objections])],
    holdout: own.success
      ? { predicted: own.data.predicted, actual: own.data.actual, weeks: own.data.weeks, logLikelihood: own.data.logLikelihoodPerCustomer }
      : null,
    calibration: own.success
      ? (own.data.calibration ?? null)
      : seen.success
        ? seen.data.groups.map(({ people, chance, share }) => ({ people, predicted: chance, actual: share }))
        : null,
    calibrationError: seen.success ? seen.data.calibrationError : null,
  }; // prettier-ignore
}
