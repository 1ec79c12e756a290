/**
 * The news of mails comes as badly as it may: every event 1 to 46 times, up to 29 hours late, in any order, in other batches,
 * three webhooks at once, and some are answered 5xx (before or after they were committed) and come again. Through the product's
 * route, signature and recorder; what stands at the end must be what the same history leaves that came once and in order.
 */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  keysFrom,
  seededRandom,
  STAGES,
  uuidOf,
  type Database,
  type EmailProvider,
  type Engine,
  type Random,
} from '@rekindle/core';
import { buildStore, fakeClock, type FakeClock } from '@rekindle/core/testing';
import { sendGrid } from '@rekindle/connector-sendgrid';
import type { Hono } from 'hono';
import { buildHttp } from '../http/build.ts';
import { createHitBuffer } from '../http/public/hits.ts';
import { drawArrivals, drawHistory, START, whole, type Arrival, type WireEvent } from './chaos/history.ts';
import { insertPeople, letLastWordWin, readEndState, type Addressed, type Part } from './chaos/world.store.ts';
import type { Report } from './report.ts';
import { buildEngine, SECRET } from './scene.ts';

/** Histories that come in together, mixed: a batch is about many people. */
const TOGETHER = 40;
const AT_ONCE = 3;
/** Share of transactions that fail by our fault */
const FAULTS = 0.15;
const DAY = 86_400_000;
const CONTROL = 80;

type Broken = 'no copies known' | 'last word wins';

export async function webhookChaos(given: { database: Database; trials: number; seed: number }): Promise<Report> {
  const { seed, trials } = given;
  const fair = await playAll({ ...given, seed: `webhook-chaos ${String(seed)}` });
  const control = { ...given, trials: Math.min(trials, CONTROL), seed: `webhook-chaos broken ${String(seed)}` };
  const copies = await playAll({ ...control, broken: 'no copies known' });
  const last = await playAll({ ...control, broken: 'last word wins' });
  return {
    name: 'webhook-chaos',
    seed,
    trials,
    messages: fair.messages,
    lost: fair.differing,
    duplicated: Math.max(0, fair.kept - fair.events),
    inDoubt: 0,
    leaked: 0,
    recoveryP99Seconds: null,
    positiveControlCaught: copies.differing > 0 && last.differing > 0,
    more: {
      events: fair.events,
      copiesDelivered: fair.delivered,
      webhooks: fair.webhooks,
      answered5xx: fair.refused,
      unrecorded: Math.max(0, fair.events - fair.kept),
      linesThatDiffer: fair.differing,
      proofsOfTheSameSecond: fair.proofs,
      ...(fair.example === '' ? {} : { example: fair.example }),
      controlWithoutDeduplication: copies.differing,
      controlLastWordWins: last.differing,
    },
  };
}

interface Play {
  database: Database;
  trials: number;
  seed: string;
  broken?: Broken;
}

interface Played {
  messages: number;
  /** In the histories, each once */
  events: number;
  /** Rows of events at the end */
  kept: number;
  delivered: number;
  webhooks: number;
  refused: number;
  /** Rows that only one of the two ends has */
  differing: number;
  /** Rows of consents that are the same but for which of two events of one second they name */
  proofs: number;
  /** The first of those that differ */
  example: string;
}

async function playAll(play: Play): Promise<Played> {
  const sum = {
    messages: 0,
    events: 0,
    kept: 0,
    delivered: 0,
    webhooks: 0,
    refused: 0,
    differing: 0,
    proofs: 0,
    example: '',
  };
  for (let first = 0; first < play.trials; first += TOGETHER) {
    const name = `${play.seed} ${play.broken ?? ''} ${String(first)}`;
    const random = seededRandom(name);
    const people = drawPeople(random, Math.min(TOGETHER, play.trials - first));
    const labels = people.flatMap((person) => person.messages);
    const history = drawHistory(random, labels);
    const arrivals = drawArrivals(random, history);
    const clean = await openWorld({ ...play, broken: undefined, name: `${name} clean`, people, faults: undefined });
    await clean.take([{ at: START + 10 * DAY, events: history }]);
    const chaotic = await openWorld({ ...play, name: `${name} chaos`, people, faults: random.fork('faults') });
    await chaotic.take(arrivals);
    const ends = [await clean.end(), await chaotic.end()] as const;
    const all = compare(...ends);
    const differences = all.filter(({ part }) => part !== 'proofs');
    sum.messages += labels.length;
    sum.events += history.length;
    sum.kept += ends[1].events.length;
    sum.delivered += arrivals.reduce((total, { events }) => total + events.length, 0);
    sum.webhooks += chaotic.counts.webhooks;
    sum.refused += chaotic.counts.refused;
    sum.differing += differences.length;
    sum.proofs += all.length - differences.length;
    sum.example ||= differences[0]?.line ?? '';
  }
  return sum;
}

interface DrawnPerson {
  name: string;
  messages: string[];
  saidYesAt: Date | null;
}

function drawPeople(random: Random, count: number): DrawnPerson[] {
  return Array.from({ length: count }, (_, number) => ({
    name: `person${String(number)}`,
    messages: Array.from({ length: 1 + whole(random, 2) }, (__, place) => `mail${String(number)}.${String(place)}`),
    saidYesAt: random.next() < 0.4 ? new Date(START - DAY + whole(random, 3 * 86_400) * 1000) : null,
  }));
}

type EndState = Record<Part, string[]>;

interface World {
  counts: { webhooks: number; refused: number };
  /** Delivers all, and again what was answered 5xx, until everything was answered 200. */
  take(arrivals: Arrival[]): Promise<void>;
  /** What stands there, under names that both worlds share */
  end(): Promise<EndState>;
}

interface WorldOptions {
  database: Database;
  name: string;
  people: DrawnPerson[];
  broken?: Broken | undefined;
  /** Where faults are drawn from; undefined: none happen. */
  faults: Random | undefined;
}

async function openWorld({ database, name, people, broken, faults }: WorldOptions): Promise<World> {
  const storeId = await buildStore(database, { name, createdAt: new Date(START - 30 * DAY) });
  const idOf = (label: string): string => uuidOf('chaos', storeId, label);
  const addressed: Addressed[] = people.map((one) => ({
    customerId: idOf(one.name),
    email: `${one.name}@chaos.example`,
    messageIds: one.messages.map(idOf),
    saidYesAt: one.saidYesAt,
  }));
  await database.inStore(storeId, (tx) => insertPeople(tx, addressed, new Date(START - DAY)));

  const clock = fakeClock(new Date(START));
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const webhookKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const provider = sendGrid({ apiKey: 'SG.chaos', webhookKey });
  const email = broken === 'no copies known' ? forgetful(provider) : provider;
  const engine = worldEngine(faults ? faulty(database, faults) : database, clock, email);
  const hits = createHitBuffer(engine);
  const readiness = { draining: () => false, pendingMigrations: () => Promise.resolve([]) };
  const app = buildHttp(engine, { readiness, hits });
  const counts = { webhooks: 0, refused: 0 };

  async function post({ events }: Arrival): Promise<boolean> {
    counts.webhooks++;
    const told = events.map((event) => ({ ...event, rekindle_message_id: idOf(event.rekindle_message_id) }));
    const status = await postSigned(app, `/webhooks/sendgrid/${storeId}`, { events: told, privateKey, clock });
    if (status >= 500) counts.refused++;
    else if (status !== 200) throw new Error(`a webhook was answered ${String(status)}`);
    return status === 200;
  }

  return {
    counts,
    async take(arrivals) {
      const queue = arrivals.toSorted((a, b) => a.at - b.at);
      for (let now = queue.splice(0, AT_ONCE); now.length > 0; now = queue.splice(0, AT_ONCE)) {
        clock.set(new Date(Math.max(...now.map(({ at }) => at), clock.now().getTime())));
        const answers = await Promise.all(now.map(post));
        // After all three: the harness's own statement must not wait for theirs crosswise.
        if (broken === 'last word wins') await database.inStore(storeId, letLastWordWin);
        // A vendor waits a little, and comes again with the same.
        const again = now.filter((_, place) => answers[place] === false);
        queue.push(...again.map((one) => ({ ...one, at: one.at + DAY / 24 })));
        queue.sort((a, b) => a.at - b.at);
        // What was kept for later is taken up by the product itself, as the worker does.
        if (faults && faults.next() < 0.1) await STAGES.events({ ...engine, database }, storeId);
      }
      await STAGES.events({ ...engine, database }, storeId);
      await hits.close();
    },
    async end() {
      const state = await database.inStore(storeId, readEndState);
      const labels = people.flatMap((one) => [one.name, ...one.messages]).map((label) => [idOf(label), label] as const);
      const shared = new Map<string, string>(labels);
      const named = (line: string): string =>
        line.replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => shared.get(id) ?? id);
      return Object.fromEntries(Object.entries(state).map(([part, lines]) => [part, lines.map(named)])) as EndState;
    },
  };
}

function worldEngine(database: Database, clock: FakeClock, email: EmailProvider): Engine {
  const keys = keysFrom(SECRET);
  // Addresses are hashed by store: here alike in all, so that two stores can be compared.
  return { ...buildEngine(database, clock, email), keys: { ...keys, mac: (purpose) => keys.mac(purpose, 'chaos') } };
}

async function postSigned(
  app: Hono,
  path: string,
  { events, privateKey, clock }: { events: WireEvent[]; privateKey: KeyObject; clock: FakeClock },
): Promise<number> {
  const body = Buffer.from(JSON.stringify(events));
  const timestamp = String(Math.floor(clock.now().getTime() / 1000));
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString('base64');
  const headers = {
    'x-twilio-email-event-webhook-signature': signature,
    'x-twilio-email-event-webhook-timestamp': timestamp,
  };
  return (await app.request(path, { method: 'POST', headers, body })).status;
}

/** A database that fails now and then: before it commits, or after, when nobody hears of it. */
function faulty(database: Database, random: Random): Database {
  return {
    ...database,
    async inStore(storeId, work) {
      const drawn = random.next();
      const result = await database.inStore(storeId, async (tx) => {
        const done = await work(tx);
        if (drawn < FAULTS / 2) throw new Error('a fault before the commit');
        return done;
      });
      if (drawn < FAULTS) throw new Error('a fault after the commit');
      return result;
    },
  };
}

/** A broken variant: no two events are ever the same one. */
function forgetful(provider: EmailProvider): EmailProvider {
  let count = 0;
  return {
    ...provider,
    readEvents: (raw, now) =>
      provider
        .readEvents(raw, now)
        .map((event) => ({ ...event, vendorEventId: `${event.vendorEventId} ${String(++count)}` })),
  };
}

/** Rows that only one of the two has: + more than in the clean end, - missing. */
function compare(clean: EndState, chaotic: EndState): { part: string; line: string }[] {
  return Object.entries(clean).flatMap(([part, lines]) => {
    const others = chaotic[part as Part];
    const [here, there] = [tally(lines), tally(others)];
    return [...new Set([...lines, ...others])].flatMap((line) => {
      const more = (there.get(line) ?? 0) - (here.get(line) ?? 0);
      return more === 0 ? [] : [{ part, line: `${more > 0 ? '+' : '-'} ${part} ${line}` }];
    });
  });
}

function tally(lines: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}
