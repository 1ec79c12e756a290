/**
 * `node bench/delivery.ts [--messages 1000000] [--naive 2000] [--runs N] [--json]`: a campaign planned, rendered, sent to
 * SendGrid's stand-in on this machine and recorded. Rows: `vs-raw`, against posting the same bytes and nothing else;
 * `vs-naive`, against one job a recipient, LiquidJS and one POST each; `ledger-cost`, against the same without a ledger;
 * `memory`, against a campaign of 10,000. The stand-in, and each thing measured, is a process of its own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connectDatabase, migrate } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { buildCampaign, buildStore } from '@rekindle/core/testing';
import { putWords, widenHours } from './delivery.store.ts';
import { DAY, NOW, SECRET, WORDS, type Done, type Role, type Task } from './delivery-roles.ts';
import { compareRow, machine, printRows, round, type BenchRow } from './row.ts';

/** Mails a second over SMTP on two cores, as measured for Parcelvoy; see docs/reliability.md. */
const PARCELVOY = 103;
const SMALL = 10_000;
const ROLES = path.join(import.meta.dirname, 'delivery-roles.ts');

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    naive: { type: 'string', default: '2000' },
    runs: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const messages = Number(values.messages);
const naive = Math.min(messages, Number(values.naive));
const runs = Number(values.runs);

/** One role in a process of its own, so that its memory is its own. */
async function play(task: Task): Promise<Done> {
  const child = fork(ROLES, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send(task);
  const [done] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the ${task.role} of the bench ended early (exit ${String(code)})`);
    }),
  ])) as [Done];
  child.disconnect();
  return done;
}

async function openSink(): Promise<{ url: string; apiKey: string; taken: () => Promise<number>; close(): void }> {
  const child = fork(ROLES, ['sink'], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [opened] = (await once(child, 'message')) as [{ url: string; apiKey: string }];
  return {
    ...opened,
    async taken() {
      child.send('count');
      const [answer] = (await once(child, 'message')) as [{ taken: number }];
      return answer.taken;
    },
    close: () => child.kill(),
  };
}

const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-bench-'));
// As root PostgreSQL runs as a user of its own, who must be able to enter.
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'bench' });
const sink = await openSink();
try {
  const { url } = await migrate({
    ownerUrl: server.ownerUrl,
    folder: path.join(import.meta.dirname, '../prisma/migrations'),
    secret: SECRET,
  });
  const database = connectDatabase({ url });
  let shops = 0;

  async function openShop(people: number): Promise<string> {
    const storeId = await buildStore(database, {
      name: `Bench ${String(shops++)}`,
      createdAt: new Date(NOW - 30 * DAY),
    });
    await database.inStore(storeId, widenHours);
    await buildCampaign(database, storeId, {
      people,
      plannedAt: new Date(NOW - 3 * DAY),
      sendUntil: new Date(NOW - DAY),
      measureUntil: new Date(NOW + 100 * DAY),
    });
    await database.inStore(storeId, (tx) => putWords(tx, WORDS));
    return storeId;
  }
  async function run(role: Role, people: number, storeId?: string): Promise<Done> {
    const before = await sink.taken();
    const done = await play({
      role,
      databaseUrl: url,
      ownerUrl: server.ownerUrl,
      storeId: storeId ?? (await openShop(people)),
      messages: people,
      sink: { url: sink.url, apiKey: sink.apiKey },
    });
    const taken = (await sink.taken()) - before;
    if (taken !== people) throw new Error(`${role}: the provider took ${String(taken)} of ${String(people)} mails`);
    return done;
  }

  const small = await run('ledger', Math.min(messages, SMALL));
  const measured: { whole: Done; bare: Done; raw: Done }[] = [];
  for (let number = 0; number < runs; number++) {
    const storeId = await openShop(messages);
    const whole = await run('ledger', messages, storeId);
    measured.push({ whole, bare: await run('bare', messages, storeId), raw: await run('raw', messages, storeId) });
  }
  const plain = await run('naive', naive);
  await database.close();

  const rate = (done: Done): number => done.messages / done.seconds;
  const whole = measured.map((one) => rate(one.whole));
  const first = measured[0]?.whole ?? small;
  const rows: BenchRow[] = [
    compareRow(
      'delivery vs-raw',
      'messages/s',
      measured.map((one) => ({ figure: rate(one.whole), limit: rate(one.raw) })),
      {
        atLeast: 0.25,
        peer: PARCELVOY,
        peerRatio: round((whole[0] ?? 0) / PARCELVOY, 1),
        messages,
        planningSeconds: round(first.planningSeconds ?? 0, 1),
        lastMessageSeconds: round(first.seconds, 1),
        hoursForAMillion: round(1_000_000 / (whole[0] ?? 1) / 3600, 2),
      },
    ),
    compareRow(
      'delivery vs-naive',
      'messages/s',
      whole.map((figure) => ({ figure, limit: rate(plain) })),
      { atLeast: 20, naiveMessages: naive },
    ),
    // Handing over alone on both sides: whoever has no ledger plans none.
    compareRow(
      'delivery ledger-cost',
      'messages/s',
      measured.map((one) => ({
        figure: one.whole.messages / (one.whole.seconds - (one.whole.planningSeconds ?? 0)),
        limit: rate(one.bare),
      })),
      { atLeast: 0.7 },
    ),
    {
      name: 'delivery memory',
      figure: Math.round(first.peakMemoryBytes / 2 ** 20),
      unit: 'MB',
      limit: Math.round(small.peakMemoryBytes / 2 ** 20),
      ratio: round(small.peakMemoryBytes / first.peakMemoryBytes),
      peer: null,
      peerRatio: null,
      runs: measured.map((one) => Math.round(one.whole.peakMemoryBytes / 2 ** 20)),
      machine: machine(),
      // At most a fifth more than a campaign of ten thousand needs
      atLeast: 0.83,
    },
  ];
  printRows(rows, values.json);
} finally {
  sink.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
