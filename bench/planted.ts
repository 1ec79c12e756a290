/**
 * `node bench/planted.ts [--seeds 100] [--customers 500] [--at-once 2] [--json]`: how often the reported interval of a whole
 * campaign covers what the simulated shop planted. At least 95 of 100, for an interval that promises 95 %. Each seed is a shop
 * of its own, in a database of its own on one server; so many live at once.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { withScratchDatabase } from '../server/src/demo/scratch.ts';
import { runSimulated } from '../server/src/demo/simulated.ts';
import { machine, median, printRows, round } from './row.ts';

const SECRET = 'a bench that keeps nothing secret';
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    customers: { type: 'string', default: '500' },
    'at-once': { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
const customers = Number(values.customers);
const atOnce = Number(values['at-once']);

interface Outcome {
  seed: number;
  planted: number;
  /** Undefined where nothing was reported, which covers nothing */
  interval: readonly [number, number] | undefined;
}

async function live(databaseUrl: string, seed: number): Promise<Outcome> {
  const { figures, planted } = await withScratchDatabase({ databaseUrl, secret: SECRET }, (database) =>
    runSimulated({
      database,
      config: { ...readConfig({}), APP_SECRET: SECRET, LOG_LEVEL: 'warn' },
      seed: `planted ${String(seed)}`,
      people: customers,
      asOf: new Date('2026-03-02T07:00:00Z'),
      looks: 0,
    }),
  );
  const [low, high] = figures.incrementalRevenue?.interval ?? [];
  return { seed, planted, interval: low === undefined || high === undefined ? undefined : [low, high] };
}

const covers = ({ planted, interval }: Outcome): boolean =>
  interval !== undefined && interval[0] <= planted && planted <= interval[1];

const outcomes: Outcome[] = [];
const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-planted-'));
// As root PostgreSQL runs as a user of its own, who must be able to enter.
await chmod(folder, 0o755);
try {
  const server = await startEmbeddedPostgres({
    folder: path.join(folder, 'postgres'),
    password: 'bench',
    durable: false,
  });
  try {
    let next = 1;
    const lives = async (): Promise<void> => {
      while (next <= seeds) {
        outcomes.push(await live(server.ownerUrl, next++));
        const missed = outcomes.filter((one) => !covers(one)).length;
        process.stderr.write(`${String(outcomes.length)} of ${String(seeds)} seeds, ${String(missed)} missed\n`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lives));
  } finally {
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

outcomes.sort((a, b) => a.seed - b.seed);
const misses = outcomes.filter((one) => !covers(one));
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
      runs: outcomes.map((one) => (covers(one) ? 1 : 0)),
      machine: machine(),
      atLeast: 1,
      misses,
      customers,
      // Minor units: an interval says something where it is not much wider than what was planted.
      medianPlanted: Math.round(median(outcomes.map((one) => one.planted))),
      medianWidth: Math.round(median(outcomes.map(({ interval }) => (interval ? interval[1] - interval[0] : 0)))),
    },
  ],
  values.json,
);
