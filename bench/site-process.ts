/**
 * A server in a process of its own for the benches of the public site: `product`, the product's routes with a database behind
 * them, or `raw`, node:http that checks the same MAC and answers the same redirect, and nothing else.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connectDatabase, LINK_PATHS, readLink, wallClock, type Database, type Keys } from '@rekindle/core';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { buildEngine } from '../server/src/reliability/scene.ts';
import { buildHttp } from '../server/src/http/build.ts';
import { createHitBuffer } from '../server/src/http/public/hits.ts';
import { quickClicks } from '../server/src/http/public/quick.ts';
import { serveHttp } from '../server/src/http/serve.ts';

export interface SiteTask {
  role: 'product' | 'raw';
  databaseUrl: string;
  /** Public key of the provider's signed webhooks */
  webhookKey: string;
}

export interface SiteProcess {
  url: string;
  /** Processor time it has used so far, in seconds */
  cpuSeconds(): Promise<number>;
  /** Writes what is gathered, and ends. */
  close(): Promise<void>;
}

export async function openSiteProcess(task: SiteTask): Promise<SiteProcess> {
  const child = fork(import.meta.filename, [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const gone = once(child, 'exit').then(() => {
    throw new Error(`the ${task.role} site ended early`);
  });
  gone.catch(() => undefined);
  const hear = async <Answer>(): Promise<Answer> => {
    const [answer] = (await Promise.race([once(child, 'message'), gone])) as [Answer];
    return answer;
  };
  child.send(task);
  const { url } = await hear<{ url: string }>();
  return {
    url,
    async cpuSeconds() {
      child.send('cpu');
      return (await hear<{ seconds: number }>()).seconds;
    },
    async close() {
      const ended = once(child, 'exit');
      child.send('close');
      await ended;
    },
  };
}

/** An engine as the server has it, whose provider takes webhooks of this key. */
export function siteEngine(database: Database, webhookKey: string) {
  return buildEngine(database, wallClock, sendGrid({ apiKey: 'SG.bench', webhookKey }));
}

async function product(task: SiteTask): Promise<{ url: string; close: () => Promise<void> }> {
  const database = connectDatabase({ url: task.databaseUrl });
  const engine = siteEngine(database, task.webhookKey);
  const hits = createHitBuffer(engine);
  const readiness = { draining: () => false, pendingMigrations: () => Promise.resolve([]) };
  const app = buildHttp(engine, { readiness, hits });
  const listening = await serveHttp(app, { host: '127.0.0.1', port: 0, quick: quickClicks(engine, { hits }) });
  return {
    url: listening.url,
    async close() {
      await listening.close();
      await hits.close();
      await database.close();
    },
  };
}

async function raw(task: SiteTask): Promise<{ url: string; close: () => Promise<void> }> {
  const database = connectDatabase({ url: task.databaseUrl });
  const { keys } = siteEngine(database, task.webhookKey);
  const server = createServer((request, answer) => {
    const url = targetOf(keys, request.url ?? '');
    if (url === undefined) answer.writeHead(404).end();
    else answer.writeHead(302, { location: url }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await database.close();
    },
  };
}

function targetOf(keys: Keys, address: string): string | undefined {
  return address.startsWith(LINK_PATHS.click) ? readLink(keys, 'click', address.slice(3))?.url : undefined;
}

if (process.argv[1] === import.meta.filename) {
  const [task] = (await once(process, 'message')) as [SiteTask];
  const site = await (task.role === 'product' ? product : raw)(task);
  process.on('message', (said) => {
    if (said === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.({ seconds: (user + system) / 1e6 });
    } else void site.close().then(() => process.exit(0));
  });
  process.send?.({ url: site.url });
}
