/**
 * `node bench/cycle.ts [--customers 10000,100000,1000000] [--json]`: seconds a stage for one whole campaign of the simulated
 * shop, from its files to the measured effect, and how the cost grows. Nobody reacts to the mails: the stages are measured,
 * not the simulation. Mails go over HTTP to SendGrid's fake in the same process, so both share the two cores.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { openSimulatedStore } from '../server/src/demo/open-store.ts';
import { withScratchDatabase } from '../server/src/demo/scratch.ts';
import { PAST_DAYS, simulatedWorld } from '../server/src/demo/simulated.ts';
import { openSurroundings } from '../server/src/demo/surroundings.ts';
import { liveThrough } from '../server/src/demo/timeline.ts';
import { timeStages } from '../server/src/demo/timings.ts';
import { machine, printRows, round, type BenchRow } from './row.ts';

const DAY = 86_400_000;
const AS_OF = new Date('2026-03-02T07:00:00Z');
const UNTIL = new Date(AS_OF.getTime() + 60 * DAY + 3_600_000);
const SECRET = 'a bench that keeps nothing secret';
const SEED = '1';

interface Measured {
  customers: number;
  seconds: Record<string, number>;
  messages: number;
  /** Resident memory at the end of each stage, bytes */
  memory: Record<string, number>;
  peakMemoryBytes: number;
}

/** Writes the shop's files, as they stand at the end, and lives through a campaign on them. */
async function measureOne(customers: number): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-bench-'));
  try {
    return await measureIn(folder, customers);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string, customers: number): Promise<Measured> {
  const world = simulatedWorld({ seed: SEED, people: customers, asOf: AS_OF, effect: false });
  const source = { orders: path.join(folder, 'orders.csv'), customers: path.join(folder, 'customers.csv') };
  await pipeline(Readable.from(world.ordersCsv(UNTIL)), createWriteStream(source.orders));
  await pipeline(Readable.from(world.customersCsv(UNTIL)), createWriteStream(source.customers));
  const config = { ...readConfig({}), APP_SECRET: SECRET, LOG_LEVEL: 'warn' as const };
  return withScratchDatabase({ secret: SECRET }, async (database) => {
    const clock = fakeClock(AS_OF);
    const around = await openSurroundings({ database, config, seed: SEED, clock });
    try {
      const at = new Date(AS_OF.getTime() - PAST_DAYS * DAY);
      const storeId = await openSimulatedStore(database, { source, seed: SEED, at });
      const timings = timeStages(around.engine, storeId);
      const react = (now: Date): Promise<void> => {
        clock.set(now);
        return Promise.resolve();
      };
      await liveThrough({ engine: around.engine, clock, storeId, asOf: AS_OF, until: UNTIL, looks: 0, timings, react });
      const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
      return {
        customers,
        seconds: timings.seconds(),
        memory: timings.memory(),
        messages: around.mails.accepted.size,
        peakMemoryBytes,
      };
    } finally {
      await around.close();
    }
  });
}

/** The exponent of the growth between two sizes: 1 is in step with the customers, 0 costs the same whatever their number. */
function growth(small: Measured, large: Measured): Record<string, number> {
  const tenfold = Math.log(large.customers / small.customers);
  return Object.fromEntries(
    Object.entries(large.seconds).map(([stage, seconds]) => [
      stage,
      round(Math.log(seconds / Math.max(0.001, small.seconds[stage] ?? 0.001)) / tenfold, 2),
    ]),
  );
}

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '10000,100000,1000000' },
    json: { type: 'boolean', default: false },
  },
});
const rows: BenchRow[] = [];
let before: Measured | undefined;
for (const customers of values.customers.split(',').map(Number)) {
  if (!Number.isInteger(customers) || customers < 100)
    throw new Error('--customers takes numbers from 100 on, by commas');
  const measured = await measureOne(customers);
  const total = round(Object.values(measured.seconds).reduce((sum, seconds) => sum + seconds, 0));
  rows.push({
    name: `cycle ${String(customers)}`,
    figure: total,
    unit: 's',
    limit: null,
    ratio: null,
    peer: null,
    peerRatio: null,
    runs: [total],
    machine: machine(),
    ...measured,
    ...(before ? { growthExponent: growth(before, measured) } : {}),
  });
  if (!values.json) {
    const stages = Object.entries(measured.seconds).map(([stage, seconds]) => `${stage} ${String(seconds)}`);
    process.stdout.write(
      `${String(customers)} customers, ${String(measured.messages)} mails: ${stages.join(', ')}; peak ${String(Math.round(measured.peakMemoryBytes / 2 ** 20))} MB\n`,
    );
  }
  before = measured;
}
printRows(rows, values.json);
