/**
 * Do the intervals keep their promise? Made-up campaigns on zero-inflated, skewed spend, looked at every day for 60 days with
 * CUPED: how often one without any effect is called won or lost (at most 5 %), how often a true effect is found, and how often
 * the interval ever leaves the truth out. Beside it what a plain 95 % interval would have said, looked at as often.
 */
import { seededRandom } from '@rekindle/core';
import { peek, type Peeked, type PeekingOptions } from '@rekindle/core/testing';

export interface CoverageRow {
  name: string;
  figure: number;
  unit: string;
  /** Null where it is reported only */
  limit: number | null;
  ratio: number | null;
  peer: number | null;
  peerRatio: number | null;
  runs: number;
}

const USUAL: PeekingOptions = {
  people: 2000,
  holdoutShare: 0.2,
  looks: 60,
  baseOrders: 0.15,
  rateShape: 0.5,
  amountSpread: 0.8,
  lift: 0,
};

/** Without an effect. The hardest case for the theory are halves of people who are all alike. */
const WITHOUT: Record<string, Partial<PeekingOptions>> = {
  daily: {},
  'small-holdout-long-tail': { holdoutShare: 0.05, amountSpread: 1.5 },
  'halves-all-alike': { holdoutShare: 0.5, rateShape: 20, baseOrders: 0.5 },
  'season-at-the-end': { holdoutShare: 0.5, rateShape: 20, baseOrders: 0.5, lateShare: 0.6 },
};

const WITH: Record<string, Partial<PeekingOptions>> = {
  'third-more-orders-10000': { people: 10_000, baseOrders: 0.3, lift: 0.33 },
  'twice-the-orders-5000': { people: 5000, baseOrders: 0.1, lift: 1 },
};

const PROMISED = 0.05;
/** Power needs fewer runs: it is reported, not promised. */
const POWER_SHARE = 0.1;

export function coverage(runs = 10_000): CoverageRow[] {
  const rows: CoverageRow[] = [];
  for (const [name, options] of Object.entries(WITHOUT)) {
    const seen = play(name, { ...USUAL, ...options }, runs);
    const alarms = (seen.won + seen.lost) / runs;
    rows.push({
      name: `false-alarms-${name}`,
      figure: alarms,
      unit: 'share of campaigns without an effect',
      limit: PROMISED,
      ratio: alarms / PROMISED,
      peer: seen.plainAlarm / runs,
      peerRatio: alarms / (seen.plainAlarm / runs),
      runs,
    });
  }
  for (const [name, options] of Object.entries(WITH)) {
    const fewer = Math.max(1, Math.round(runs * POWER_SHARE));
    const seen = play(name, { ...USUAL, ...options }, fewer);
    const row = { peer: null, peerRatio: null, runs: fewer };
    const power = seen.won / fewer;
    rows.push({ name: `power-${name}`, figure: power, unit: 'share found', limit: null, ratio: null, ...row });
    const missed = seen.missed / fewer;
    const unit = 'share whose interval ever left the truth out';
    rows.push({ name: `missed-${name}`, figure: missed, unit, limit: PROMISED, ratio: missed / PROMISED, ...row });
  }
  return rows;
}

function play(name: string, options: PeekingOptions, runs: number): Record<keyof Peeked, number> {
  const counts = { won: 0, lost: 0, wonAtEnd: 0, missed: 0, plainAlarm: 0 };
  for (let run = 0; run < runs; run++) {
    const seen = peek(options, seededRandom(`coverage ${name} ${String(run)}`));
    for (const key of Object.keys(counts) as (keyof Peeked)[]) counts[key] += Number(seen[key]);
  }
  return counts;
}
