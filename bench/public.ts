/**
 * `node bench/public.ts [--requests 20000] [--runs 5] [--rate 5000] [--seconds 5] [--json]`: click redirects of the product's
 * server against node:http that checks the same MAC, in turn (`vs-raw`, by requests a second of the server's processor time), and
 * how long one takes at a given rate (`latency`). Every click is recorded all the while.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { linkAddress, keysFrom } from '@rekindle/core';
import { startSendGridFake } from '@rekindle/connector-sendgrid/fake';
import { SECRET } from '../server/src/reliability/scene.ts';
import { percentile } from '../server/src/reliability/report.ts';
import { openClients } from './clients.ts';
import { compareRow, machine, printRows, round } from './row.ts';
import { openSiteProcess, type SiteProcess } from './site-process.ts';
import { withShop } from './site.ts';

const PEOPLE = 2000;
const CONNECTIONS = 32;
const SLOWEST_MS = 20;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    runs: { type: 'string', default: '5' },
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const requests = Number(values.requests);
const clients = openClients(CONNECTIONS);

interface Flood {
  /** By the clock, and by the server's processor time */
  perSecond: number;
  perCpuSecond: number;
}

/** As fast as it goes. */
async function flood(site: SiteProcess, paths: string[]): Promise<Flood> {
  const cpu = await site.cpuSeconds();
  const start = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < requests) {
        const status = await clients.ask({ url: site.url + (paths[next++ % paths.length] ?? '') });
        if (status !== 302) throw new Error(`a click was answered ${String(status)}`);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  return { perSecond: requests / seconds, perCpuSecond: requests / ((await site.cpuSeconds()) - cpu) };
}

/** At a rate, whether or not the ones before are answered: a delay counts for all who wait behind it. */
async function pace(site: SiteProcess, paths: string[], rate: number, seconds: number): Promise<number[]> {
  const took: number[] = [];
  const open: Promise<void>[] = [];
  const start = performance.now();
  for (let sent = 0; sent < rate * seconds;) {
    for (const due = ((performance.now() - start) / 1000) * rate; sent < due && sent < rate * seconds; sent++) {
      const at = start + (sent / rate) * 1000;
      open.push(
        clients.ask({ url: site.url + (paths[sent % paths.length] ?? '') }).then(() => {
          took.push(performance.now() - at);
        }),
      );
    }
    await wait(1);
  }
  await Promise.all(open);
  return took;
}

const provider = await startSendGridFake({ keep: 0, specification: false });
try {
  await withShop(PEOPLE, provider.publicKey, async ({ databaseUrl, storeId, messageIds }) => {
    const keys = keysFrom(SECRET);
    const paths = messageIds.map((messageId) =>
      linkAddress(keys, '', { kind: 'click', storeId, messageId, url: 'https://shop.example/tea?size=a' }),
    );
    const task = { databaseUrl, webhookKey: provider.publicKey };
    const ours = await openSiteProcess({ ...task, role: 'product' });
    const raw = await openSiteProcess({ ...task, role: 'raw' });
    const runs: { ours: Flood; raw: Flood }[] = [];
    for (let run = 0; run < Number(values.runs); run++) {
      // Who comes first changes: a warm machine must not always favour the same one.
      const first = run % 2 === 0 ? await flood(ours, paths) : undefined;
      const limit = await flood(raw, paths);
      runs.push({ ours: first ?? (await flood(ours, paths)), raw: limit });
    }
    const rate = Number(values.rate);
    const took = await pace(ours, paths, rate, Number(values.seconds));
    const p99 = percentile(took, 0.99) ?? NaN;
    await ours.close();
    await raw.close();
    printRows(
      [
        compareRow(
          'public vs-raw',
          'clicks/CPU-s',
          runs.map((run) => ({ figure: run.ours.perCpuSecond, limit: run.raw.perCpuSecond })),
          { atLeast: 0.5, perSecond: runs.map((run) => Math.round(run.ours.perSecond)) },
        ),
        {
          name: 'public latency',
          figure: round(p99, 1),
          unit: `ms p99 at ${String(rate)} clicks/s`,
          limit: SLOWEST_MS,
          ratio: round(SLOWEST_MS / p99),
          peer: null,
          peerRatio: null,
          runs: [round(p99, 1)],
          machine: machine(),
          atLeast: 1,
          median: round(percentile(took, 0.5) ?? NaN, 1),
        },
      ],
      values.json,
    );
  });
} finally {
  clients.close();
  await provider.close();
}
