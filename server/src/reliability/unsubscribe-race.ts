/**
 * People unsubscribe by one click, over HTTP, while two worker processes send to them. The moment at which a request starts
 * (in the worker) and the moment at which the unsubscription is answered (in the server, before a byte of the answer leaves)
 * are read from the one clock of the machine. A start after an answer is a leak.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { linkAddress, seededRandom, type Database, type Random } from '@rekindle/core';
import type { Faults } from '@rekindle/connector-sendgrid/fake';
import { Hono } from 'hono';
import { buildHttp } from '../http/build.ts';
import { createHitBuffer } from '../http/public/hits.ts';
import { serveHttp } from '../http/serve.ts';
import { trialClock } from './clock.ts';
import { openCrew } from './crew.ts';
import { readWaiting, type Waiting } from './ledger.store.ts';
import type { Audit } from './audit.ts';
import type { Report } from './report.ts';
import { openScene, type Scene } from './scene.ts';
import { countOpen, settleAll } from './settle.ts';

const WORKERS = 2;
const BATCH = 10;
/** People who click at the same time */
const CLICKING = 6;
/** Places in the line, before and after the mail that is sent now, whose people click now */
const BEHIND = 20;
const AHEAD = 60;
/** Sending takes as long as clicking. */
const SLOW: Faults = { slow: 0.25 };
/** Nanoseconds between start and answer that count as close */
const CLOSE = 50e6;

export async function unsubscribeRace(given: { database: Database; trials: number; seed: number }): Promise<Report> {
  const { database, trials, seed } = given;
  const fair = await race({ database, people: trials, seed: `unsubscribe-race ${String(seed)}`, dawdleMs: 0 });
  // A sender that looks and then queues.
  const late = await race({
    database,
    people: Math.min(trials, 200),
    seed: `unsubscribe-race dawdles ${String(seed)}`,
    dawdleMs: 150,
  });
  const { audit } = fair;
  return {
    name: 'unsubscribe-race',
    seed,
    trials: fair.acknowledged,
    messages: audit.messages,
    lost: audit.lost,
    duplicated: audit.duplicated,
    inDoubt: audit.inDoubt,
    leaked: fair.leaked,
    recoveryP99Seconds: null,
    positiveControlCaught: late.leaked > 0,
    more: {
      startedBefore: fair.startedBefore,
      neverSent: audit.leftOut,
      // The race was one: so many were decided by less than 50 ms.
      closerThan50Ms: fair.close,
      unrecorded: audit.unrecorded,
      controlLeaked: late.leaked,
    },
  };
}

interface Raced {
  audit: Audit;
  acknowledged: number;
  leaked: number;
  startedBefore: number;
  close: number;
}

async function race(play: { database: Database; people: number; seed: string; dawdleMs: number }): Promise<Raced> {
  const clock = trialClock();
  const scene = await openScene({ ...play, messages: play.people, clock, batch: BATCH, wordAfter: 500, faults: SLOW });
  const started = new Map<string, number>();
  const crew = openCrew({
    settings: {
      databaseUrl: play.database.url,
      storeId: scene.storeId,
      clock: clock.settings,
      provider: { url: scene.provider.url, apiKey: scene.provider.apiKey },
      timeoutMs: 5000,
      batch: BATCH,
      beatMs: 20,
      dawdleMs: play.dawdleMs,
    },
    onSending: (messageIds, at) => {
      for (const id of messageIds) started.set(id, Math.max(at, started.get(id) ?? 0));
    },
  });
  const site = await openSite(scene);
  try {
    const people = await play.database.inStore(scene.storeId, readWaiting);
    for (let worker = 0; worker < WORKERS; worker++) await crew.join({ last: worker > 0 });
    const answered = await clickAll(scene, site.url, people, seededRandom(play.seed).fork('clicks'));
    scene.provider.setFaults({});
    const audit = await settleAll(scene, (shift) => {
      clock.put(shift);
      crew.put(shift);
    });
    return { audit, acknowledged: answered.size, ...compare(started, answered) };
  } finally {
    await site.close();
    await crew.close();
    await scene.close();
  }
}

function compare(started: Map<string, number>, answered: Map<string, number>) {
  const both = [...started].flatMap(([id, start]) => {
    const answer = answered.get(id);
    return answer === undefined ? [] : [start - answer];
  });
  return {
    leaked: both.filter((after) => after > 0).length,
    startedBefore: both.filter((after) => after <= 0).length,
    close: both.filter((after) => Math.abs(after) < CLOSE).length,
  };
}

interface Site {
  url: string;
  close(): Promise<void>;
}

/** The product's own pages. */
async function openSite(scene: Scene): Promise<Site> {
  const hits = createHitBuffer(scene.engine);
  const app = buildHttp(scene.engine, {
    hits,
    readiness: { draining: () => false, pendingMigrations: () => Promise.resolve([]) },
  });
  const door = new Hono();
  door.post('*', async (context) => {
    const answer = await app.fetch(context.req.raw);
    answer.headers.set('x-answered-at', process.hrtime.bigint().toString());
    return answer;
  });
  const listening = await serveHttp(door, { host: '127.0.0.1', port: 0 });
  return {
    url: listening.url,
    async close() {
      await listening.close();
      await hits.close();
    },
  };
}

/**
 * Everybody clicks once, at about the time at which her mail is sent: neither side runs away from the other. Gives when each
 * was answered.
 */
async function clickAll(scene: Scene, url: string, people: Waiting[], random: Random): Promise<Map<string, number>> {
  const answered = new Map<string, number>();
  const quiet = new Set(people.keys());
  let handled = 0;
  let watching = true;
  async function watch(): Promise<void> {
    for (; watching; await wait(Math.max(25, people.length / 200)))
      handled = people.length - (await countOpen(scene, ['scheduled']));
  }
  /** Whose mail is next, or has just gone; anybody when all are out. */
  function choose(): number | undefined {
    for (let tries = 0; tries < 30; tries++) {
      const place = handled - BEHIND + Math.floor(random.next() * (BEHIND + AHEAD));
      if (quiet.has(place)) return place;
    }
    return handled === people.length ? quiet.values().next().value : undefined;
  }
  async function click(): Promise<void> {
    while (quiet.size > 0) {
      const place = choose();
      const person = place === undefined ? undefined : people[place];
      if (place === undefined || person === undefined) {
        await wait(5);
        continue;
      }
      quiet.delete(place);
      answered.set(person.messageId, await unsubscribe(scene, url, person));
    }
  }
  const watched = watch();
  try {
    await Promise.all(Array.from({ length: CLICKING }, click));
  } finally {
    watching = false;
    await watched;
  }
  return answered;
}

/** The button of a mail program. Gives when the server had its answer. */
async function unsubscribe(scene: Scene, url: string, person: Waiting): Promise<number> {
  const link = linkAddress(scene.engine.keys, url, { kind: 'unsubscribe', storeId: scene.storeId, ...person });
  const answer = await fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`unsubscribing was answered ${String(answer.status)}`);
  return Number(answer.headers.get('x-answered-at'));
}
