/** One line of a bench, the same for every bench: what was measured, against what, and where. */
import { cpus, release, totalmem, type } from 'node:os';

export interface BenchRow {
  /** bench and row: 'ingest vs-copy' */
  name: string;
  /** What was measured: the median of the runs */
  figure: number;
  unit: string;
  /** The physical limit, measured in the same run in the same unit; null where there is none */
  limit: number | null;
  /** Median of figure / limit, run by run */
  ratio: number | null;
  /** The same work by somebody else's tool */
  peer: number | null;
  peerRatio: number | null;
  /** Every run's figure, in order: how far they scatter */
  runs: number[];
  machine: string;
  /** The least ratio that is good enough */
  atLeast?: number;
  [more: string]: unknown;
}

export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${String(cpus().length)} x ${cpu?.model.trim() ?? 'unknown'}, ${String(gigabytes)} GB, ${type()} ${release()}, Node ${process.version}`;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? Number.NaN) + high) / 2;
}

/** A row from runs that measured the thing and its limit in turn. */
export function compareRow(
  name: string,
  unit: string,
  runs: { figure: number; limit: number }[],
  more: Partial<BenchRow> = {},
): BenchRow {
  return {
    name,
    figure: Math.round(median(runs.map((run) => run.figure))),
    unit,
    limit: Math.round(median(runs.map((run) => run.limit))),
    ratio: round(median(runs.map((run) => run.figure / run.limit))),
    peer: null,
    peerRatio: null,
    runs: runs.map((run) => Math.round(run.figure)),
    machine: machine(),
    ...more,
  };
}

export function round(value: number, places = 3): number {
  return Math.round(value * 10 ** places) / 10 ** places;
}

/** One JSON document (an object, or a list of several), or a line a row for people. */
export function printRows(rows: BenchRow[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2)}\n`);
    return;
  }
  for (const row of rows) {
    const { name, figure, unit, limit, ratio, peer, peerRatio, atLeast } = row;
    const parts = [`${name}: ${figure.toLocaleString('en')} ${unit}`];
    if (limit !== null) parts.push(`limit ${limit.toLocaleString('en')}, ratio ${String(ratio)}`);
    if (atLeast !== undefined) parts.push(`at least ${String(atLeast)}: ${(ratio ?? 0) >= atLeast ? 'yes' : 'NO'}`);
    if (peer !== null) parts.push(`peer ${peer.toLocaleString('en')}, ratio ${String(peerRatio)}`);
    parts.push(`runs ${row.runs.map((run) => run.toLocaleString('en')).join(' | ')}`);
    process.stdout.write(`${parts.join('; ')}\n`);
  }
  process.stdout.write(`${rows[0]?.machine ?? machine()}\n`);
}
