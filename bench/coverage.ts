/**
 * `node bench/coverage.ts [--campaigns N] [--json]`: do the intervals keep their promise? Made-up campaigns on zero-inflated,
 * skewed spend, looked at every day for 60 days with CUPED: how often one without any effect is called won or lost (at most
 * 5 %), how often a true effect is found, and how often the interval ever leaves the truth out. The peer is a plain 95 %
 * interval looked at as often. `runs` are ten blocks of campaigns: how far chance alone moves the figure.
 */
import { parseArgs } from 'node:util';
import { seededRandom } from '@rekindle/core';
import { peek, type Peeked, type PeekingOptions } from '@rekindle/core/testing';
import { machine, printRows, round, type BenchRow } from './row.ts';

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
/** Power needs fewer campaigns: it is reported, not promised. */
const POWER_SHARE = 0.1;
const BLOCKS = 10;

const { values } = parseArgs({
  options: { campaigns: { type: 'string', default: '10000' }, json: { type: 'boolean', default: false } },
});
printRows(coverage(Number(values.campaigns)), values.json);

function coverage(campaigns: number): BenchRow[] {
  const without = Object.entries(WITHOUT).map(([name, options]) => {
    const blocks = play(name, { ...USUAL, ...options }, campaigns);
    const alarm = shareOf(blocks, (seen) => seen.won || seen.lost);
    const plain = shareOf(blocks, (seen) => seen.plainAlarm);
    const peer = { peer: round(plain.figure, 4), peerRatio: round(alarm.figure / plain.figure) };
    const unit = 'of campaigns without an effect';
    return rowOf({ name: `coverage false-alarms ${name}`, unit, campaigns, limit: PROMISED }, alarm, peer);
  });
  const few = Math.max(BLOCKS, Math.round(campaigns * POWER_SHARE));
  const withEffect = Object.entries(WITH).flatMap(([name, options]) => {
    const blocks = play(name, { ...USUAL, ...options }, few);
    const found = shareOf(blocks, (seen) => seen.won);
    const missed = shareOf(blocks, (seen) => seen.missed);
    const unit = 'of intervals that ever left the truth out';
    return [
      rowOf({ name: `coverage power ${name}`, unit: 'of effects found', campaigns: few, limit: null }, found),
      rowOf({ name: `coverage missed ${name}`, unit, campaigns: few, limit: PROMISED }, missed),
    ];
  });
  return [...without, ...withEffect];
}

function play(name: string, options: PeekingOptions, campaigns: number): Peeked[][] {
  return Array.from({ length: BLOCKS }, (_, block) =>
    Array.from({ length: Math.round(campaigns / BLOCKS) }, (_, run) =>
      peek(options, seededRandom(`coverage ${name} ${String(block)} ${String(run)}`)),
    ),
  );
}

interface Share {
  figure: number;
  runs: number[];
}

function shareOf(blocks: Peeked[][], is: (seen: Peeked) => boolean): Share {
  const runs = blocks.map((block) => block.filter(is).length / block.length);
  return { figure: runs.reduce((sum, one) => sum + one, 0) / runs.length, runs: runs.map((one) => round(one, 4)) };
}

function rowOf(
  what: { name: string; unit: string; campaigns: number; limit: number | null },
  { figure, runs }: Share,
  peer: Pick<BenchRow, 'peer' | 'peerRatio'> = { peer: null, peerRatio: null },
): BenchRow {
  const ratio = what.limit === null ? null : round(figure / what.limit);
  return { ...what, figure: round(figure, 4), ratio, ...peer, runs, machine: machine() };
}
