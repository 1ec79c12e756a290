/**
 * Forecast of a weekly series, by the way that would have done best on this series' own past. Candidates are plain and known to
 * be hard to beat (Makridakis et al., The M4 Competition, IJF 36(1), 2020): the mean of the last weeks, damped trend (Gardner &
 * McKenzie, Management Science 31(10), 1985), and last year's weeks at this year's level. Intervals come from the back-test's own
 * errors: what was missed before is what may be missed again. Tries that overlap count for as many as would fit side by side, by
 * Student's t, so that few of them make a wide interval and not a narrow one. Pure.
 */

import { studentQuantile } from '../measurement/index.ts';

/** Weeks ahead. */
export const HORIZON = 13;
/** A shorter past than this trains nothing. */
const LEAST_TRAINING = 13;
/** Back-tests below which errors say nothing of an interval. */
const LEAST_ORIGINS = 10;
const MOST_ORIGINS = 52;
export const NEEDED_WEEKS = LEAST_TRAINING + HORIZON + LEAST_ORIGINS - 1;
/** An interval that held less often than this, where it was tried so often, is not to be relied on. */
const LEAST_COVERAGE = 0.65;
const LEAST_TRIES = 5;
/** Of 100 futures so many lie within the interval. */
export const FORECAST_CONFIDENCE = 0.8;
const YEAR = 52;
/**
 * How far a quarter lies from the one before by the season alone, one standard deviation in logarithms: an assumption, a fifth,
 * about what a last quarter is above a third in retail at large. It counts only as long as no year has been seen.
 */
const UNSEEN_SEASON = 0.2;

export const FORECAST_METHODS = ['mean', 'damped-trend', 'last-year'] as const;
export type ForecastMethod = (typeof FORECAST_METHODS)[number];

export interface Span {
  /** Weeks from the start of the forecast that are summed */
  weeks: number;
  estimate: number;
  low: number;
  high: number;
}

export interface Backtest {
  /** Starts in the past from which the way was tried */
  origins: number;
  /** Sum of the errors' sizes over the sum of what came, for the sum of HORIZON weeks; the same for every candidate */
  error: Record<ForecastMethod, number | null>;
  /** Share of origins whose 4 and 13 weeks lay within the interval made of the errors known by then */
  coverage: { weeks: number; share: number; tried: number }[];
}

export interface Forecast {
  method: ForecastMethod;
  /** Week by week */
  points: { estimate: number; low: number; high: number }[];
  /** Sums of the first 4 and of all 13 weeks */
  sums: Span[];
  backtest: Backtest;
  /** What the back-test says against it, as codes with a sentence */
  warnings: string[];
}

export const SUMS = [4, HORIZON] as const;

/** `weeks`: totals of whole weeks, oldest first. Undefined: fewer than NEEDED_WEEKS. */
export function forecastWeeks(weeks: readonly number[]): Forecast | undefined {
  if (weeks.length < NEEDED_WEEKS) return undefined;
  const last = weeks.length - HORIZON;
  const first = Math.max(LEAST_TRAINING, last - MOST_ORIGINS + 1);
  const origins = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const tried = Object.fromEntries(
    FORECAST_METHODS.map((method) => [method, origins.map((origin) => foretell(method, weeks.slice(0, origin)))]),
  ) as Record<ForecastMethod, (number[] | undefined)[]>;
  const came = (origin: number, span: number): number => sum(weeks.slice(origin, origin + span));
  const error = Object.fromEntries(
    FORECAST_METHODS.map((method) => {
      // Judged where each candidate could be: last year's weeks need a last year.
      const judged = origins.map((origin, i) => ({ origin, told: tried[method][i] })).filter(({ told }) => told);
      const missed = sum(judged.map(({ origin, told }) => Math.abs(came(origin, HORIZON) - sum(told ?? []))));
      const total = sum(judged.map(({ origin }) => Math.abs(came(origin, HORIZON))));
      return [method, judged.length >= LEAST_ORIGINS && total > 0 ? missed / total : null];
    }),
  ) as Record<ForecastMethod, number | null>;
  const method = FORECAST_METHODS.reduce((best, one) =>
    (error[one] ?? Infinity) < (error[best] ?? Infinity) ? one : best,
  );
  const told = foretell(method, weeks);
  if (!told) return undefined;
  /** Of tries before `until`, how far what came lay from what was told, in logarithms. */
  const misses = (from: number, to: number, until = origins.length): number[] =>
    origins.slice(0, Math.max(0, until)).flatMap((origin, i) => {
      const past = tried[method][i];
      if (!past) return [];
      return [miss(sum(weeks.slice(origin + from, origin + to)), sum(past.slice(from, to)))];
    });
  const coverage = SUMS.map((span) => {
    const hits = origins.flatMap((origin, i) => {
      const past = tried[method][i];
      // Only errors whose weeks were over by then were known.
      const known = misses(0, span, i - span + 1);
      if (!past || known.length < LEAST_ORIGINS) return [];
      const { low, high } = around(sum(past.slice(0, span)), known, { weeks: span, past: origin });
      const real = came(origin, span);
      return [real >= low && real <= high ? 1 : 0];
    });
    return { weeks: span, share: hits.length > 0 ? sum(hits) / hits.length : 0, tried: hits.length };
  });
  return {
    method,
    points: told.map((estimate, i) => around(estimate, misses(i, i + 1), { weeks: i + 1, past: weeks.length })),
    sums: SUMS.map((span) => ({
      weeks: span,
      ...around(sum(told.slice(0, span)), misses(0, span), { weeks: span, past: weeks.length }),
    })),
    backtest: {
      origins: origins.length,
      error,
      coverage,
    },
    warnings: coverage
      .filter(({ share, tried: times }) => times >= LEAST_TRIES && share < LEAST_COVERAGE)
      .map(
        ({ weeks: span, share, tried: times }) =>
          `interval_too_narrow: over ${String(span)} weeks it held ${(share * 100).toFixed(0)}% of ${String(times)} times, 80% is meant: the level moves with the season, or the shop changed`,
      ),
  };
}

function foretell(method: ForecastMethod, past: readonly number[]): number[] | undefined {
  switch (method) {
    case 'mean':
      return Array.from({ length: HORIZON }, () => sum(past.slice(-8)) / Math.min(8, past.length));
    case 'damped-trend':
      return dampedTrend(past);
    case 'last-year': {
      const year = past.length - YEAR;
      if (year < 8) return undefined;
      const level = sum(past.slice(-8)) / Math.max(1e-9, sum(past.slice(year - 8, year)));
      return Array.from({ length: HORIZON }, (_, i) => past[year + i]! * Math.min(4, level));
    }
  }
}

/** Smoothing weights that did best one week ahead. */
function dampedTrend(past: readonly number[]): number[] {
  const damping = 0.9;
  let best = { error: Infinity, level: 0, trend: 0 };
  for (const alpha of [0.1, 0.2, 0.3, 0.5])
    for (const beta of [0, 0.05, 0.1]) {
      let level = sum(past.slice(0, 4)) / Math.min(4, past.length);
      let trend = 0;
      let error = 0;
      for (const value of past) {
        const expected = level + damping * trend;
        error += (value - expected) ** 2;
        const next = expected + alpha * (value - expected);
        trend = damping * trend + beta * (value - expected);
        level = next;
      }
      if (error < best.error) best = { error, level, trend };
    }
  let [sumOfTrend, power] = [0, 1];
  return Array.from({ length: HORIZON }, () => {
    power *= damping;
    sumOfTrend += power;
    return Math.max(0, best.level + sumOfTrend * best.trend);
  });
}

/** Weeks without anything have no logarithm: what is told and what came are held apart by a hundredth of it at least. */
function miss(real: number, told: number): number {
  if (!(told > 1e-9)) return 0;
  return Math.log(Math.max(real, told / 100) / told);
}

/**
 * A prediction interval by Student's t around the estimate, in logarithms: money and people are never below zero, and errors
 * multiply. Tries of `weeks` weeks that begin a week apart overlap: so many of them tell no more than a `weeks`-th of them would.
 */
function around(
  estimate: number,
  known: readonly number[],
  { weeks, past }: { weeks: number; past: number },
): { estimate: number; low: number; high: number } {
  const independent = Math.max(1, known.length / weeks);
  const seen = sum(known.map((one) => one * one)) / Math.max(1, known.length);
  // Before a year has gone round no error could show what the season does.
  const unseen = past < YEAR + weeks ? (UNSEEN_SEASON * Math.min(1, weeks / HORIZON)) ** 2 : 0;
  const half = Math.sqrt(seen + unseen) * studentQuantile((1 + FORECAST_CONFIDENCE) / 2, independent);
  return { estimate, low: estimate * Math.exp(-half), high: estimate * Math.exp(half) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
