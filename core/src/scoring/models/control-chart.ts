/**
 * The personal lapse boundary: days between purchases are Gamma(p, ν) with ν ~ Gamma(q, γ) over people, so that after x gaps
 * with mean z the next one, over (γ + x z), is BetaPrime(p, q + p x). A silence longer than nearly all of that person's
 * likely gaps is a signal, as a point outside the limit of a control chart is.
 *
 * Holtrop & Wieringa (2023), Timing customer reactivation initiatives, International Journal of Research in Marketing 40(3);
 * the distribution is Fader & Hardie's Gamma-Gamma (2013) read as time. Only finished gaps count, so the chart speaks of
 * people who come back at all and is a little short for the slowest.
 */
import { fitGammaGamma } from './gamma-gamma.ts';
import type { Fit } from './fit.ts';
import type { Histories } from './histories.ts';
import { betaOddsQuantile, betaPrimeBelow } from './special.ts';

/** Fits the chart on everybody with at least one gap; the unit is that of the histories. */
export function fitControlChart(histories: Histories): Fit {
  const mean = histories.x.map((x, i) => (x > 0 ? histories.tx[i]! / x : 0));
  const fit = fitGammaGamma({ x: histories.x, mean });
  // Who buys more often has shorter gaps by definition: no warning here.
  return { ...fit, warnings: fit.warnings.filter((warning) => !warning.startsWith('spend_')) };
}

/** Points of a table of the distribution, evenly in ln(gap / (γ + x z)). */
const POINTS = 256;
/** Somebody with this many gaps is known as well as anybody. */
const MOST_GAPS = 400;

/** Answers about next gaps by table, one per number of gaps, made when first needed. */
export interface ControlChart {
  /** The gap below which this share of the person's next gaps fall. */
  quantile(x: number, mean: number, share: number): number;
  /** Share of the person's next gaps that are longer than `gap`. */
  survival(x: number, mean: number, gap: number): number;
  /** As quantile, of those gaps that are longer than `elapsed`. */
  remaining(x: number, mean: number, elapsed: number, share: number): number;
}

interface Table {
  first: number;
  step: number;
  survival: Float64Array;
}

export function controlChart(parameters: Float64Array): ControlChart {
  const [p, q, gamma] = parameters as unknown as [number, number, number];
  const tables: (Table | undefined)[] = [];
  const shares: Map<number, number>[] = [];

  function scale(x: number, mean: number): number {
    // Beyond the cap more gaps would sharpen the mean but not the person: the spread of single gaps stays.
    const gaps = Math.min(x, MOST_GAPS);
    return gamma + gaps * mean;
  }

  function tableOf(x: number): Table {
    const gaps = Math.min(x, MOST_GAPS);
    const known = tables[gaps];
    if (known) return known;
    const tail = q + p * gaps;
    const first = Math.log(betaOddsQuantile(p, tail, 1e-4));
    const last = Math.log(betaOddsQuantile(p, tail, 1 - 1e-4));
    const step = (last - first) / (POINTS - 1);
    const survival = Float64Array.from(
      { length: POINTS },
      (_, i) => 1 - betaPrimeBelow(p, tail, Math.exp(first + i * step)),
    );
    return (tables[gaps] = { first, step, survival });
  }

  function survivalOf(x: number, mean: number, gap: number): number {
    if (gap <= 0) return 1;
    const table = tableOf(x);
    const place = (Math.log(gap / scale(x, mean)) - table.first) / table.step;
    if (place <= 0) return 1;
    if (place >= POINTS - 1) return table.survival[POINTS - 1]!;
    const below = Math.floor(place);
    const part = place - below;
    return table.survival[below]! * (1 - part) + table.survival[below + 1]! * part;
  }

  return {
    survival: survivalOf,
    quantile(x, mean, share) {
      const gaps = Math.min(x, MOST_GAPS);
      const known = (shares[gaps] ??= new Map<number, number>());
      let odds = known.get(share);
      if (odds === undefined) known.set(share, (odds = betaOddsQuantile(p, q + p * gaps, share)));
      return odds * scale(x, mean);
    },
    remaining(x, mean, elapsed, share) {
      const table = tableOf(x);
      const wanted = survivalOf(x, mean, elapsed) * (1 - share);
      let low = 0;
      let high = POINTS - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (table.survival[middle]! > wanted) low = middle;
        else high = middle;
      }
      const drop = table.survival[low]! - table.survival[high]!;
      const part = drop > 0 ? Math.min(1, Math.max(0, (table.survival[low]! - wanted) / drop)) : 0;
      return Math.max(elapsed, Math.exp(table.first + (low + part) * table.step) * scale(x, mean));
    },
  };
}
