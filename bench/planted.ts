/**
 * `node bench/planted.ts [--seeds 100] [--customers 1000] [--json]`: how often the reported interval of a whole campaign covers
 * what the simulated shop planted. At least 95 of 100, for an interval that promises 95 %.
 */
import { parseArgs } from 'node:util';
import { readConfig } from '@rekindle/core';
import { withScratchDatabase } from '../server/src/demo/scratch.ts';
import { runSimulated } from '../server/src/demo/simulated.ts';
import { machine, printRows, round } from './row.ts';

const SECRET = 'a bench that keeps nothing secret';
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    customers: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
const misses: { seed: number; planted: number; interval: readonly number[] }[] = [];
const runs: number[] = [];
for (let seed = 1; seed <= seeds; seed++) {
  const { figures, planted } = await withScratchDatabase({ secret: SECRET }, (database) =>
    runSimulated({
      database,
      config: { ...readConfig({}), APP_SECRET: SECRET, LOG_LEVEL: 'warn' },
      seed: `planted ${String(seed)}`,
      people: Number(values.customers),
      asOf: new Date('2026-03-02T07:00:00Z'),
      looks: 0,
    }),
  );
  const interval = figures.incrementalRevenue?.interval ?? [0, 0];
  const covers = interval[0] <= planted && planted <= interval[1];
  if (!covers) misses.push({ seed, planted: Math.round(planted), interval });
  runs.push(covers ? 1 : 0);
}
const share = round((seeds - misses.length) / seeds);
printRows(
  [
    {
      name: 'planted covered',
      figure: share,
      unit: 'of seeds',
      limit: 0.95,
      ratio: round(share / 0.95),
      peer: null,
      peerRatio: null,
      runs,
      machine: machine(),
      atLeast: 1,
      misses,
    },
  ],
  values.json,
);
