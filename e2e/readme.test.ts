/**
 * The README as a newcomer uses it: every command in it is typed at a terminal, through npm, and does what is said beside
 * it. A command that this file does not know fails, so none can be added unchecked.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { access, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createWorld } from '@rekindle/core/testing';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { buildPagesIfStale } from './pages-build.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
/** Lines that a person would type: those of the shell's fences. */
const LINES = [...README.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, lines = '']) => lines.trim().split('\n'));
const COMMAND = 'npm run -s rekindle -- ';
const RUNS = LINES.filter((line) => line.startsWith(COMMAND));
/** Checked to be there only: a test that runs the tests has no end. */
const SCRIPTS = ['npm test', 'npm run check'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-readme-'));
  // As root PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Keys that a developer's .env could bring in. */
const SETTINGS = ['DATABASE_URL', 'REDIS_URL', 'APP_SECRET', 'PUBLIC_URL', 'SENDGRID_API_KEY', 'OPENAI_API_KEY'];

/** A person's shell: nothing of the test runner, nor of the npm that started it, and no settings but the given ones. */
function shell(given: Record<string, string>): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const key of Object.keys(environment))
    if (/^(npm_|VITEST|TEST|NODE_ENV$)/i.test(key)) Reflect.deleteProperty(environment, key);
  const none = Object.fromEntries(SETTINGS.map((key) => [key, '']));
  const quiet = { npm_config_update_notifier: 'false', npm_config_loglevel: 'error', LOG_LEVEL: 'warn' };
  return { ...environment, ...none, ...quiet, HOST: '127.0.0.1', ROLE: 'all', ...given };
}

interface Typed {
  child: ChildProcessByStdio<null, Readable, Readable>;
  pid: number;
  said: { out: string; err: string };
}

/** Types a line, in a process group of its own as a terminal does it. */
function type(line: string, environment: Record<string, string>): Typed {
  const [program = '', ...words] = line.split(' ');
  const child = spawn(program, words, {
    cwd: ROOT,
    env: shell(environment),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString()));
  const typed = { child, pid: Number(child.pid), said };
  onTestFinished(() => {
    if (isAlive(typed)) process.kill(-typed.pid, 'SIGKILL');
  });
  return typed;
}

/** What went to the error stream, but for an installation that was due. */
function complaints({ said }: Typed): string {
  return said.err.replace(/^Install(ing|ed) .*\n/gm, '');
}

/** Whether any process of its group is left. */
function isAlive({ pid }: Typed): boolean {
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

/** Runs an operator's command of the README to its end and gives what it printed as JSON. */
async function printed(line: string): Promise<string> {
  const withJson = line.includes(' --json') ? line : `${line} --json`;
  const typed = type(withJson, { DATABASE_URL: inject('testServer').ownerUrl });
  const [code] = (await once(typed.child, 'close')) as [number | null];
  expect({ code, complaints: complaints(typed) }).toEqual({ code: 0, complaints: '' });
  return typed.said.out;
}

test('the README has at most 150 lines, and no command that is not checked here', () => {
  expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  expect(LINES.length).toBeGreaterThan(0);
  const unknown = LINES.filter((line) => !RUNS.includes(line) && !SCRIPTS.includes(line) && line !== 'npm start');
  expect(unknown).toEqual([]);
  const otherFences = README.replace(/^```sh\n.*?^```$/gms, '').match(/^(npm|npx|node) .*$/gm);
  expect(otherFences).toBeNull();
});

test('what it names as scripts are scripts', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'check', 'rekindle']));
});

const count = z.int().min(0);
/** The keys that others build on; more may stand beside them. */
const figures = z.object({
  customers: count,
  orders: count,
  rejectedRows: z.object({ total: count, byReason: z.record(z.string(), count) }),
  lapsing: count,
  revenueAtRisk: z.object({ amount: count, currency: z.string() }),
  audience: count,
  holdout: count,
  messages: count,
  accepted: count,
  inDoubt: count,
  opens: count,
  clicks: count,
  ordersAfter: z.object({ treated: count, holdout: count }),
  incrementalRevenue: z.object({
    estimate: z.int(),
    interval: z.tuple([z.int(), z.int()]),
    confidence: z.number(),
    verdict: z.string(),
  }),
  seconds: z.record(z.string(), z.number()),
  peakMemoryBytes: count,
});
type Figures = z.infer<typeof figures>;

/** What holds of every log: nobody was mailed, so the truth is zero. */
function isHonest(seen: Figures): void {
  expect(seen.audience).toBeGreaterThan(0);
  expect(seen.messages).toBe(seen.audience - seen.holdout);
  expect([seen.inDoubt, seen.opens, seen.clicks]).toEqual([0, 0, 0]);
  const [low, high] = seen.incrementalRevenue.interval;
  expect(low < 0 && high > 0).toBe(true);
  expect(seen.peakMemoryBytes).toBeLessThan(1 << 30);
}

/** What is known of the logs that the README names. */
const KNOWN: Record<string, (seen: Figures) => void> = {
  'online_retail_I.csv.gz': (seen) => {
    // Counts of this log once lines without customer, cancellations and zero prices are set aside.
    expect([seen.customers, seen.orders]).toEqual([4338, 18532]);
    expect(seen.rejectedRows.byReason['no_customer']).toBe(135_080);
  },
  'CDNOW_sample.txt': (seen) => {
    expect(seen.customers).toBe(2357);
  },
};

/** The file behind --orders. */
function logOf(line: string): string {
  return / --orders (\S+)/.exec(line)?.[1] ?? '';
}

describe('a log that is named', () => {
  const named = RUNS.filter((line) => logOf(line).startsWith('../'));
  const here = named.filter((line) => existsSync(path.resolve(ROOT, logOf(line))));
  for (const line of named) if (!here.includes(line)) console.info(`skipped: ${logOf(line)} is not here (${line})`);

  test.skipIf(here.length === 0).for(here)('%s', { timeout: 600_000 }, async (line) => {
    const seen = figures.parse(JSON.parse(await printed(line)));
    isHonest(seen);
    KNOWN[path.basename(logOf(line))]?.(seen);
  });
});

describe('an own log, with headers of its own', () => {
  const [line, ...more] = RUNS.filter((one) => !logOf(one).startsWith('../'));

  test('is the only other command', () => {
    expect([line === undefined ? '' : logOf(line), more]).toEqual(['orders.csv', []]);
  });

  test('is read through --columns, the same to the byte twice', { timeout: 600_000 }, async () => {
    const file = path.join(folder, 'orders.csv');
    const log = germanLog();
    await writeFile(file, log.text);
    const moved = (line ?? '').replace(' orders.csv ', ` ${file} `);
    const first: unknown = JSON.parse(await printed(moved));
    const seen = figures.parse(first);
    isHonest(seen);
    expect(seen).toMatchObject({ customers: log.customers, orders: log.orders, rejectedRows: { total: 0 } });
    const { seconds: _seconds, peakMemoryBytes: _bytes, ...rest } = first as Figures;
    expect(await printed(`${moved} --no-timings`)).toBe(`${JSON.stringify(rest, null, 2)}\n`);
  });
});

/** Two years of a shop as its bookkeeping would export them in Germany: other headers, semicolons, decimal commas. */
function germanLog(): { text: string; customers: number; orders: number } {
  const [from, until] = [new Date('2024-01-01T00:00:00Z'), new Date('2026-01-01T00:00:00Z')];
  const [, ...rows] = [...createWorld({ seed: 'readme', people: 800, from, until }).ordersCsv(until)]
    .join('')
    .trim()
    .split('\n')
    .map((row) => row.split(',').slice(0, 4));
  const german = rows.map(([customer = '', order = '', at = '', amount = '']) =>
    [customer, order, at, amount.replace('.', ',')].join(';'),
  );
  return {
    text: ['Kunde;Beleg;Datum;Betrag', ...german, ''].join('\n'),
    customers: new Set(rows.map(([customer]) => customer)).size,
    orders: new Set(rows.map(([, order]) => order)).size,
  };
}

test.runIf(LINES.includes('npm start'))(
  'npm start: from nothing to the pages of a simulated shop, and Ctrl-C leaves no process',
  { timeout: 600_000 },
  async () => {
    await buildPagesIfStale();
    const home = path.join(folder, 'home');
    const typed = type('npm start', { PORT: '0', REKINDLE_HOME: home });
    const answer = await fetch(await printedAddress(typed));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/simulated/i);

    const running = path.join(home, 'postgres/postmaster.pid');
    const postgres = Number((await readFile(running, 'utf8')).split('\n')[0]);
    expect(isRunning(postgres)).toBe(true);

    process.kill(-typed.pid, 'SIGINT');
    await once(typed.child, 'close', { signal: AbortSignal.timeout(20_000) });
    // Whoever inherits the last of them may take seconds to let it be forgotten.
    await vi.waitFor(
      () => {
        expect([isAlive(typed), isRunning(postgres)]).toEqual([false, false]);
      },
      { timeout: 20_000, interval: 100 },
    );
    await expect(access(running)).rejects.toThrow('ENOENT');
    expect(complaints(typed)).toBe('');
  },
);

/** The one URL that a start prints, once it has. Throws what was said where it ends before. */
function printedAddress({ child, said }: Typed): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout.on('data', () => {
      const [, address] = /Rekindle is running: (http:\S+)\n/.exec(said.out) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once('close', () => {
      reject(new Error(`npm start has ended: ${said.out}${said.err}`));
    });
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
