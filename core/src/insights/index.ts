/** Insights: what one did not know, each with evidence, worth and one thing to do; and what is expected to come. */
export { findInsights } from './find.ts';
export { dismissInsight } from './dismiss.ts';
export { openInsights, lastLook, type Insight } from './insights.store.ts';
export { KINDS, type Picture } from './finding.ts';
export {
  FORECAST_CONFIDENCE,
  FORECAST_METHODS,
  forecastWeeks,
  HORIZON,
  NEEDED_WEEKS,
  type Forecast,
  type ForecastMethod,
} from './forecast.ts';
