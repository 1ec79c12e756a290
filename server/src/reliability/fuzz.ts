/**
 * Malformed requests on every route of the server, taken from its own table, so that a new route is under fire on its first
 * day: well-formed ones bent in one to four places and then signed as the vendor would, so that they come past the door, and
 * bytes that are hardly HTTP. Counted: answers of 5xx, deaths of the process, and how often its event loop stood still.
 *
 * Payload n of a seed is always the same but for what times and ids of the store go into it; what failed is named by n.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { seededRandom, type Database, type Random } from '@rekindle/core';
import { buildPages as builtPages } from '../local/pages.ts';
import type { FromSite, Route, SiteSettings, ToSite } from './fuzz/protocol.ts';
import { pick, whole } from './fuzz/nasty.ts';
import { bendDraft, spoil, writeOut, type Request } from './fuzz/request.ts';
import { draftFor, hasSample } from './fuzz/samples.ts';
import { HOST, openTarget, type Target } from './fuzz/target.ts';
import { openWire, type Answer } from './fuzz/wire.ts';
import type { Report } from './report.ts';

const PROGRAM = path.join(import.meta.dirname, 'fuzz/site-process.ts');
/** Requests at once */
const WIRES = 16;
/** Of the payloads, for the pages: each of theirs costs as much as fifty others. */
const PAGE_SHARE = 0.03;
/** Of the payloads, spoiled as bytes */
const RAW_SHARE = 0.05;
const CONTROL_PAYLOADS = 2500;
const BEAT_MS = 500;
/** Payloads of a run that are described where they failed */
const SHOWN = 5;

export async function fuzz({
  database,
  trials,
  seed,
}: {
  database: Database;
  trials: number;
  seed: number;
}): Promise<Report> {
  await builtPages();
  const target = await openTarget(database);
  const fair = await fire({ database, target, payloads: trials, seed: `fuzz ${String(seed)}`, broken: false });
  const control = await fire({
    database,
    target,
    payloads: CONTROL_PAYLOADS,
    seed: `fuzz control ${String(seed)}`,
    broken: true,
  });
  return {
    name: 'fuzz',
    seed,
    trials: fair.sent,
    messages: fair.sent,
    lost: fair.broken,
    duplicated: fair.deaths,
    inDoubt: 0,
    // A machine that is busy with something else holds every process up: only what this one did itself is held against it.
    leaked: fair.ownStalls,
    recoveryP99Seconds: null,
    positiveControlCaught: control.broken > 0 && control.deaths > 0 && control.ownStalls > 0,
    more: {
      unrecorded: 0,
      routes: fair.routes.length,
      routesWithoutSample: fair.routes.filter((route) => !hasSample(route)).length,
      answered2xx: fair.answers[2] ?? 0,
      answered3xx: fair.answers[3] ?? 0,
      answered4xx: fair.answers[4] ?? 0,
      answered429: fair.tooMany,
      closed: fair.closed,
      silent: fair.silent,
      payloadsPerSecond: Math.round(fair.sent / fair.seconds),
      stallsByAnything: fair.stalls,
      longestStallMs: Math.round(fair.longest),
      longestOwnStallMs: Math.round(fair.longestOwn),
      memoryMegabytes: fair.memory,
      control5xx: control.broken,
      controlDeaths: control.deaths,
      controlStalls: control.ownStalls,
      ...Object.fromEntries(fair.examples.map((example, at) => [`failed${String(at + 1)}`, example])),
    },
  };
}

interface Fire {
  database: Database;
  target: Target;
  payloads: number;
  seed: string;
  broken: boolean;
}

/** Sends all payloads at a server of its own; one that dies is replaced, and the rest goes to the next. */
async function fire({ database, target, payloads, seed, broken }: Fire) {
  const start = performance.now();
  const settings: SiteSettings = { databaseUrl: database.url, env: target.env, broken };
  const sum = {
    routes: [] as Route[],
    answers: [] as number[],
    sent: 0,
    broken: 0,
    tooMany: 0,
    closed: 0,
    silent: 0,
    deaths: 0,
    stalls: 0,
    ownStalls: 0,
    longest: 0,
    longestOwn: 0,
    memory: 0,
    seconds: 0,
    examples: [] as string[],
  };
  let next = 0;
  function note(payload: number, about: string, answer: Answer): void {
    sum.sent++;
    if (answer === 'closed') sum.closed++;
    else if (answer === 'silent') sum.silent++;
    else {
      const class_ = Math.floor(answer / 100);
      sum.answers[class_] = (sum.answers[class_] ?? 0) + 1;
      if (answer === 429) sum.tooMany++;
      if (answer >= 500) {
        sum.broken++;
        if (sum.examples.length < SHOWN)
          sum.examples.push(`${String(answer)} for payload ${String(payload)}: ${about}`);
      }
    }
  }
  // A broken variant that was caught in all three is caught.
  const enough = (): boolean => broken && sum.broken > 0 && sum.deaths > 0 && sum.ownStalls > 0;
  while (next < payloads && !enough()) {
    const site = await openSite(settings);
    sum.routes = site.routes;
    const plan = planOf(broken ? site.routes.filter((route) => !route.page) : site.routes);
    let gone = false;
    site.child.once('exit', () => (gone = true));
    const beat = setInterval(() => site.ask(), BEAT_MS);
    await Promise.all(
      Array.from({ length: WIRES }, async (_, number) => {
        const wire = openWire(site.port, () => addressOf(number, next));
        while (!gone && next < payloads) {
          const payload = next++;
          const random = seededRandom(`${seed} ${String(payload)}`);
          const route = plan(random);
          const request = payloadFor(random, target, route);
          note(payload, `${route.method} ${route.path}`, await wire.send(request.bytes, request));
        }
        wire.close();
      }),
    );
    clearInterval(beat);
    const told = await site.close();
    if (gone) {
      sum.deaths++;
      if (sum.examples.length < SHOWN) sum.examples.push(`the process died at about payload ${String(next)}`);
    }
    sum.stalls += told.stalls;
    sum.ownStalls += told.ownStalls;
    sum.longest = Math.max(sum.longest, told.longest);
    sum.longestOwn = Math.max(sum.longestOwn, told.longestOwn);
    sum.memory = Math.max(sum.memory, told.memory);
  }
  return { ...sum, seconds: (performance.now() - start) / 1000 };
}

/** Which route comes next: each of the server's own as often as any other, and the pages together by their share. */
function planOf(routes: Route[]): (random: Random) => Route {
  const pages = routes.filter((route) => route.page);
  const own = routes.filter((route) => !route.page);
  return (random) => pick(random, pages.length > 0 && random.next() < PAGE_SHARE ? pages : own);
}

function payloadFor(random: Random, target: Target, route: Route): Request {
  const draft = bendDraft(random, draftFor(random, target, route), whole(random, 5));
  const request = writeOut(random, draft, HOST);
  return random.next() < RAW_SHARE ? spoil(random, request) : request;
}

/** A visitor of its own for each connection, so that what limits one visitor does not hide everything behind it. */
function addressOf(wire: number, count: number): string {
  return `127.${String(1 + wire)}.${String((count >> 8) & 255)}.${String(1 + (count % 254))}`;
}

async function openSite(settings: SiteSettings) {
  const child: ChildProcess = fork(PROGRAM, [], { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
  const sum = { stalls: 0, ownStalls: 0, longest: 0, longestOwn: 0, memory: 0 };
  const ready = new Promise<Extract<FromSite, { say: 'ready' }>>((resolve, reject) => {
    child.on('message', (message: FromSite) => {
      if (message.say === 'ready') resolve(message);
      else {
        sum.stalls += message.stalls;
        sum.ownStalls += message.ownStalls;
        sum.longest = Math.max(sum.longest, message.longest);
        sum.longestOwn = Math.max(sum.longestOwn, message.longestOwn);
        sum.memory = Math.max(sum.memory, message.memory);
      }
    });
    child.once('exit', (code) => {
      reject(new Error(`the server under fire did not start (exit ${String(code)})`));
    });
  });
  const tell = (message: ToSite): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  tell({ say: 'open', settings });
  const { url, routes } = await ready;
  return {
    child,
    routes,
    port: Number(new URL(url).port),
    ask: () => {
      tell({ say: 'beat' });
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const heard = once(child, 'message');
        tell({ say: 'beat' });
        await Promise.race([heard, once(child, 'exit')]);
        child.kill('SIGKILL');
      }
      return sum;
    },
  };
}
