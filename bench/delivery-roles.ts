/**
 * What the processes of the delivery bench do, each one thing: take mails (`sink`), deliver as the product does (`ledger`),
 * deliver without a ledger (`bare`), post the same bytes and nothing else (`raw`), or send as a first version would (`naive`).
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  connectDatabase,
  linkAddress,
  renderPlan,
  STAGES,
  uuidOf,
  type Database,
  type Engine,
  type MailBatch,
  type MailRecipient,
} from '@rekindle/core';
import { fakeClock } from '@rekindle/core/testing';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake } from '@rekindle/connector-sendgrid/fake';
import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { Liquid } from 'liquidjs';
import { buildEngine } from '../server/src/reliability/scene.ts';
import { loadWords, pageOfPeople, type BarePerson } from './delivery.store.ts';

export const DAY = 86_400_000;
/** A day like another: the clock stands, so that every mail is due at once. */
export const NOW = Date.UTC(2026, 5, 10, 12);
export const SECRET = 'a bench that keeps nothing secret';
const PUBLIC_URL = 'https://mail.example.com';
const BATCH = 1000;
/** Batches under way at once: what core/src/delivery has. */
const AT_ONCE = 3;
/** Jobs under way at once in the naive sender. */
const NAIVE_AT_ONCE = 20;

/** As long as a mail of the built-in writer is, with the same places that differ. */
export const WORDS = {
  subject: '{{ customer.first_name | default: "Hello" }}, we miss you',
  html: `<!doctype html><html><body><table><tr><td>${'<p style="margin:0 0 16px;font:16px/24px sans-serif;color:#222">A line of a mail that says what is new, and why it is worth a look.</p>'.repeat(40)}<h1>Hello {{ customer.first_name | default: "there" }}</h1><a href="{{ link.shop }}">See what is new</a><p><a href="{{ link.unsubscribe }}">Unsubscribe</a> <a href="{{ link.preferences }}">Choose what you get</a></p>{% if link.open %}<img src="{{ link.open }}" width="1" height="1" alt="">{% endif %}</td></tr></table></body></html>`,
  text: `Hello {{ customer.first_name | default: "there" }},\n\n${'A line of a mail that says what is new, and why it is worth a look.\n'.repeat(20)}\n{{ link.shop }}\n\nUnsubscribe: {{ link.unsubscribe }}\nChoose: {{ link.preferences }}\n`,
};

export type Role = 'ledger' | 'bare' | 'raw' | 'naive';

export interface Task {
  role: Role;
  databaseUrl: string;
  ownerUrl: string;
  storeId: string;
  messages: number;
  sink: { url: string; apiKey: string };
}

export interface Done {
  messages: number;
  seconds: number;
  planningSeconds?: number;
  peakMemoryBytes: number;
}

async function sink(): Promise<void> {
  const fake = await startSendGridFake({ keep: 0, specification: false });
  process.on('message', () => process.send?.({ taken: [...fake.accepted.values()].reduce((sum, n) => sum + n, 0) }));
  process.send?.({ url: fake.url, apiKey: fake.apiKey });
}

function engineFor(task: Task, database: Database): Engine {
  const email = sendGrid({ apiKey: task.sink.apiKey, baseUrl: task.sink.url });
  return { ...buildEngine(database, fakeClock(new Date(NOW)), email), publicUrl: PUBLIC_URL };
}

async function ledger(task: Task, database: Database): Promise<Omit<Done, 'peakMemoryBytes'>> {
  const engine = engineFor(task, database);
  const start = performance.now();
  await STAGES.scheduling({ ...engine, clock: fakeClock(new Date(NOW - 3 * DAY)) }, task.storeId);
  const planned = performance.now();
  const report = await STAGES.delivery(engine, task.storeId);
  const seconds = (performance.now() - start) / 1000;
  if (report['accepted'] !== task.messages) throw new Error(`delivery took ${String(report['accepted'])} mails`);
  return { messages: task.messages, seconds, planningSeconds: (planned - start) / 1000 };
}

/** The same pages, words, links and requests, as many on their way at once; nothing is claimed, checked or written down. */
async function bare(task: Task, database: Database): Promise<Omit<Done, 'peakMemoryBytes'>> {
  const engine = engineFor(task, database);
  const start = performance.now();
  let after = '00000000-0000-0000-0000-000000000000';
  let begun = 0;
  // A page begins where the one before it ended.
  let turn: Promise<unknown> = Promise.resolve();
  async function lane(): Promise<void> {
    while (begun < task.messages) {
      begun += BATCH;
      const mine = turn.then(() => bareBatch(engine, task, after));
      turn = mine.then(({ last }) => (after = last));
      const result = await engine.email.send((await mine).mail);
      if (result.outcome !== 'accepted') throw new Error(`the provider did not take a batch: ${result.outcome}`);
    }
  }
  await atOnce(lane);
  return { messages: task.messages, seconds: (performance.now() - start) / 1000 };
}

/** As many of it at once as a delivery has batches on their way. */
async function atOnce(lane: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function bareBatch(engine: Engine, task: Task, after: string): Promise<{ mail: MailBatch; last: string }> {
  const { people, words } = await engine.database.inStore(task.storeId, async (tx) => ({
    people: await pageOfPeople(tx, after, BATCH),
    words: await loadWords(tx),
  }));
  const plan = renderPlan(words);
  const last = people.at(-1)?.messageId;
  if (last === undefined) throw new Error('the bench ran out of people');
  const mail = {
    batchId: uuidOf('bare', last),
    from: { email: 'hello@shop.example', name: 'Bench' },
    template: plan.template,
    recipients: people.map((person) => mailFor(engine, plan, task.storeId, person)),
  };
  return { mail, last };
}

function mailFor(
  { keys, publicUrl }: Engine,
  plan: ReturnType<typeof renderPlan>,
  storeId: string,
  { messageId, customerId, email, firstName }: BarePerson,
): MailRecipient {
  const { unsubscribe, ...link } = linksFor(keys, publicUrl, storeId, messageId, customerId);
  return {
    messageId,
    email,
    gaps: plan.fill({ customer: { first_name: firstName }, link: { unsubscribe, ...link } }),
    headers: { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

function linksFor(keys: Engine['keys'], publicUrl: string, storeId: string, messageId: string, customerId: string) {
  const link = { storeId, messageId };
  return {
    shop: linkAddress(keys, publicUrl, { kind: 'click', ...link, url: 'https://shop.example' }),
    unsubscribe: linkAddress(keys, publicUrl, { kind: 'unsubscribe', ...link, customerId }),
    preferences: linkAddress(keys, publicUrl, { kind: 'preferences', ...link, customerId }),
    open: linkAddress(keys, publicUrl, { kind: 'open', ...link }),
  };
}

/**
 * The request of one full batch, ready as bytes, posted again and again over kept connections, as many at once as a delivery has
 * batches on their way: what the socket and the stand-in let through. The stand-in does with them what it does with the product's:
 * it reads and judges every mail. A socket that only swallowed bytes would be no sender's limit.
 */
async function raw(task: Task, database: Database): Promise<Omit<Done, 'peakMemoryBytes'>> {
  const captured = await captureRequest(task, database);
  const agent = new Agent({ keepAlive: true });
  const whole = Math.floor(task.messages / captured.recipients);
  if (whole * captured.recipients !== task.messages)
    throw new Error(`--messages must be a multiple of ${String(captured.recipients)}`);
  const start = performance.now();
  let begun = 0;
  await atOnce(async () => {
    while (begun++ < whole) await post(task.sink, captured.body, agent);
  });
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  return { messages: task.messages, seconds };
}

/** What the product's own client sends for a batch, to the byte. */
async function captureRequest(task: Task, database: Database): Promise<{ body: Buffer; recipients: number }> {
  const pieces: Buffer[] = [];
  const server = createServer((incoming, answer) => {
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => answer.writeHead(202).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const engine = engineFor({ ...task, sink: { ...task.sink, url } }, database);
  const { mail } = await bareBatch(engine, task, '00000000-0000-0000-0000-000000000000');
  await engine.email.send(mail);
  server.close();
  server.closeAllConnections();
  return { body: Buffer.concat(pieces), recipients: mail.recipients.length };
}

function post(to: Task['sink'], body: Buffer | string, agent?: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${to.apiKey}`, 'content-type': 'application/json' };
    const outgoing = request(`${to.url}/v3/mail/send`, { method: 'POST', headers, agent }, (answer) => {
      answer.resume();
      answer.on('end', () => {
        if (answer.statusCode === 202) resolve();
        else reject(new Error(`the stand-in answered ${String(answer.statusCode)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** One job a recipient in a stock queue, the template parsed and rendered by LiquidJS each time, one POST each. */
async function naive(task: Task, database: Database): Promise<Omit<Done, 'peakMemoryBytes'>> {
  const engine = engineFor(task, database);
  // Only the people and words are taken from the engine's tables.
  await STAGES.scheduling({ ...engine, clock: fakeClock(new Date(NOW - 3 * DAY)) }, task.storeId);
  const { people, words } = await database.inStore(task.storeId, async (tx) => ({
    people: await pageOfPeople(tx, '00000000-0000-0000-0000-000000000000', task.messages),
    words: await loadWords(tx),
  }));
  const connection = { connectionString: task.ownerUrl, schema: 'bench_naive', max: 5, migrate: true };
  const queue = new Queue('naive', { connection }, createPostgresBackend);
  const liquid = new Liquid();
  const agent = new Agent({ keepAlive: true });
  const start = performance.now();
  for (let from = 0; from < people.length; from += 500)
    await queue.addBulk(people.slice(from, from + 500).map((data) => ({ name: 'mail', data })));
  let done = 0;
  await new Promise<void>((resolve, reject) => {
    const worker = new Worker(
      'naive',
      async (job: { data: BarePerson }) => {
        const { data } = job;
        const scope = {
          customer: { first_name: data.firstName },
          link: linksFor(engine.keys, PUBLIC_URL, task.storeId, data.messageId, data.customerId),
        };
        const [subject, html, text] = await Promise.all(
          [words.subject, words.html, words.text].map(
            (source) => liquid.parseAndRender(source, scope) as Promise<string>,
          ),
        );
        const { unsubscribe } = scope.link;
        const body = {
          personalizations: [
            {
              to: [{ email: data.email }],
              headers: {
                'List-Unsubscribe': `<${unsubscribe}>`,
                'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              },
              custom_args: { rekindle_message_id: data.messageId },
            },
          ],
          from: { email: 'hello@shop.example', name: 'Bench' },
          subject,
          content: [
            { type: 'text/plain', value: text },
            { type: 'text/html', value: html },
          ],
        };
        await post(task.sink, JSON.stringify(body), agent);
      },
      { connection, concurrency: NAIVE_AT_ONCE },
      createPostgresBackend,
    );
    worker.on('completed', () => {
      if (++done === people.length) void worker.close().then(resolve, reject);
    });
    worker.on('failed', (_, error) => {
      reject(error);
    });
  });
  const seconds = (performance.now() - start) / 1000;
  await queue.close();
  agent.destroy();
  return { messages: task.messages, seconds };
}

const PLAY = { ledger, bare, raw, naive };

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === 'sink') await sink();
  else
    process.once('message', (task: Task) => {
      const database = connectDatabase({ url: task.databaseUrl });
      PLAY[task.role](task, database).then(
        async (done) => {
          await database.close();
          process.send?.({ ...done, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 } satisfies Done);
        },
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
}
