/**
 * Where a trial plays: a store with one running campaign whose mails are all due, and SendGrid's stand-in beside it, which
 * counts what it took and later posts its signed events. Everything on this machine; nothing of it is left.
 */
import { setTimeout as wait } from 'node:timers/promises';
import {
  keysFrom,
  playbookWriter,
  receiveEvents,
  seededRandom,
  STAGES,
  type Clock,
  type Database,
  type EmailProvider,
  type Engine,
  type Log,
} from '@rekindle/core';
import { buildCampaign, buildStore, fakeClock } from '@rekindle/core/testing';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake, type Faults, type SendGridFake } from '@rekindle/connector-sendgrid/fake';
import { widenHours } from './ledger.store.ts';

const DAY = 86_400_000;
/** Guards nothing that outlives a trial. */
export const SECRET = 'a trial of reliability has no secrets';

export interface SceneOptions {
  database: Database;
  /** Names the store, and all chance comes from it */
  seed: string;
  messages: number;
  clock: Clock;
  faults?: Faults;
  /** Milliseconds between a mail that was taken and word of it; 'never': none comes by itself. */
  wordAfter?: number | 'never';
  /** Milliseconds that an answer of the provider is waited for. Default 30,000 */
  timeoutMs?: number;
  batch?: number;
}

export interface Scene {
  storeId: string;
  /** An engine in this process: it takes the provider's events, and may send */
  engine: Engine;
  provider: SendGridFake;
  customerId: (number: number) => string;
  /** Posts the events of all that was taken and not told of yet. */
  tellAll(): Promise<void>;
  close(): Promise<void>;
}

interface Taken {
  messageId: string;
  at: Date;
  due: number;
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const { database, seed, clock, wordAfter = 'never' } = options;
  const random = seededRandom(`scene ${seed}`);
  const untold: Taken[] = [];
  const provider = await startSendGridFake({
    seed,
    clock,
    keep: 0,
    specification: false,
    faults: options.faults ?? {},
    onAccepted: (ids, at) => {
      const due = performance.now() + (wordAfter === 'never' ? Infinity : wordAfter * (0.5 + random.next()));
      for (const messageId of ids) untold.push({ messageId, at, due });
    },
  });
  const engine = buildEngine(database, clock, mailThrough(provider, options));
  const storeId = await buildStore(database, { name: `Reliability ${seed}`, createdAt: daysAway(clock, -30) });
  const campaign = await planAll(engine, storeId, options.messages);

  async function tell(upTo: number): Promise<void> {
    const due = untold.filter((taken) => taken.due <= upTo);
    if (due.length === 0) return;
    const raw = provider.signed(due.map(({ messageId, at }) => ({ kind: 'processed', messageId, at })));
    await receiveEvents(engine, storeId, 'sendgrid', raw);
    // Vendors post twice now and then.
    if (random.next() < 0.2) await receiveEvents(engine, storeId, 'sendgrid', raw);
    const told = new Set(due);
    untold.splice(0, untold.length, ...untold.filter((taken) => !told.has(taken)));
  }

  const stopping = new AbortController();
  async function keepTelling(): Promise<void> {
    while (!stopping.signal.aborted) {
      // A database that is away for a moment is told later, as a vendor would.
      await tell(performance.now()).catch(() => undefined);
      await wait(50, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const telling = keepTelling();
  return {
    storeId,
    engine,
    provider,
    customerId: (number) => campaign.customerId(number),
    tellAll: () => tell(Infinity),
    async close() {
      stopping.abort();
      await telling;
      await provider.close();
    },
  };
}

/** A provider as the product has it, but for the size of a batch: a kill must not find the whole campaign in one request. */
export function mailThrough(
  provider: Pick<SendGridFake, 'apiKey' | 'url'> & { publicKey?: string },
  options: { batch?: number; timeoutMs?: number },
): EmailProvider {
  const whole = sendGrid({
    apiKey: provider.apiKey,
    baseUrl: provider.url,
    webhookKey: provider.publicKey,
    timeoutMs: options.timeoutMs ?? 30_000,
  });
  return { ...whole, maximumBatch: options.batch ?? 20 };
}

export function buildEngine(database: Database, clock: Clock, email: EmailProvider): Engine {
  return {
    database,
    clock,
    email,
    random: seededRandom('a trial'),
    keys: keysFrom(SECRET),
    writer: playbookWriter,
    log: QUIET,
    dns: null,
    publicUrl: 'http://127.0.0.1',
    webhooks: {},
    connector: () => Promise.reject(new Error('a trial pulls nothing')),
  };
}

/** What goes wrong here is what the trial is about: it is counted, not told. */
const QUIET: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A campaign whose window is over yesterday: every mail is due. */
async function planAll(engine: Engine, storeId: string, people: number) {
  const { database, clock } = engine;
  const plannedAt = daysAway(clock, -3);
  await database.inStore(storeId, widenHours);
  const campaign = await buildCampaign(database, storeId, {
    people,
    plannedAt,
    sendUntil: daysAway(clock, -1),
    measureUntil: daysAway(clock, 100),
  });
  await STAGES.scheduling({ ...engine, clock: fakeClock(plannedAt) }, storeId);
  return campaign;
}

function daysAway(clock: Clock, days: number): Date {
  return new Date(clock.now().getTime() + days * DAY);
}
