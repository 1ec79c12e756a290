/**
 * Whether the newer part of a history moved with the season (or the store changed): what a model foretold against what came,
 * altogether and by stretches of four weeks. The models know no calendar, so this is where their forecasts fail first. Pure.
 */
import type { Histories, PurchaseModel } from './models/index.ts';

/** A forecast off by more than this factor does not describe the store. */
const FORECAST_FACTOR = 1.6;
/** Between the best and the worst stretch, against the forecast. */
const STRETCH_FACTOR = 1.4;
/** Stretches with less foretold move by chance alone. */
const LEAST_FORETOLD = 50;
export const STRETCH_DAYS = 28;
const STRETCH_WEEKS = STRETCH_DAYS / 7;

/** Says so where the whole forecast is far off. */
export function wholeForecast(predicted: number, actual: number, weeks: number): string | undefined {
  const factor = predicted / Math.max(actual, 1);
  if (factor < FORECAST_FACTOR && factor > 1 / FORECAST_FACTOR) return undefined;
  return `seasonal_or_changed: ${predicted.toFixed(0)} purchases were foretold for the last ${weeks.toFixed(0)} weeks and there were ${String(actual)}`;
}

/** Says so where some stretches brought much more of what was foretold than others. `stretches`: purchases in each, in order. */
export function unevenForecast(
  model: PurchaseModel,
  parameters: Float64Array,
  older: Histories,
  stretches: Float64Array,
): string | undefined {
  const foretold = new Float64Array(stretches.length);
  for (let i = 0; i < older.x.length; i++) {
    const alive = model.alive(parameters, older.x[i]!, older.tx[i]!, older.T[i]!);
    let before = 0;
    for (let stretch = 0; stretch < stretches.length; stretch++) {
      const until = model.ordersIfAlive(parameters, older.x[i]!, older.T[i]!, (stretch + 1) * STRETCH_WEEKS);
      foretold[stretch]! += alive * (until - before);
      before = until;
    }
  }
  const ratios = Array.from(stretches, (actual, stretch) => actual / foretold[stretch]!).filter(
    (_, stretch) => foretold[stretch]! >= LEAST_FORETOLD,
  );
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  if (ratios.length < 2 || high < STRETCH_FACTOR * low) return undefined;
  return `seasonality: four-week stretches brought from ${low.toFixed(2)} to ${high.toFixed(2)} times what was foretold`;
}
