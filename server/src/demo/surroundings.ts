/**
 * Everything around the engine in a run of the demo, in one process and over real HTTP: SendGrid's fake takes the mails,
 * our own server takes its webhooks and the links people follow, the clock is virtual. No mail leaves the machine.
 */
import { createLog, seededRandom, type Config, type Database, type Engine, type Progress } from '@rekindle/core';
import type { FakeClock } from '@rekindle/core/testing';
import { startSendGridFake, type SendGridFake } from '@rekindle/connector-sendgrid/fake';
import { Hono } from 'hono';
import { composeEngine } from '../compose.ts';
import { buildHttp } from '../http/build.ts';
import { createHitBuffer, type HitBuffer } from '../http/public/hits.ts';
import { serveHttp, type Listening } from '../http/serve.ts';

export interface Surroundings {
  engine: Engine;
  mails: SendGridFake;
  /** Writes what people opened and clicked up to now. */
  settle(): Promise<void>;
  /** Where this store's webhooks go. */
  listenFor(storeId: string): void;
  close(): Promise<void>;
}

export interface SurroundingsOptions {
  database: Database;
  config: Config;
  seed: string;
  clock: FakeClock;
  progress?: Progress | undefined;
  /** Told of every mail that was taken. */
  onAccepted?: (messageIds: string[], at: Date) => void;
}

export async function openSurroundings(options: SurroundingsOptions): Promise<Surroundings> {
  const { clock, seed } = options;
  const mails = await startSendGridFake({
    seed,
    clock,
    keep: 20_000,
    ...(options.onAccepted ? { onAccepted: options.onAccepted } : {}),
  });
  // Links carry the server's address, and the server serves the engine: the door opens first, what is behind it follows.
  const door = new Hono();
  const behind: { http?: Hono } = {};
  door.all('*', (context) => behind.http?.fetch(context.req.raw) ?? context.text('not yet', 503));
  const http: Listening = await serveHttp(door, { host: '127.0.0.1', port: 0 });

  const engine = composeEngine(
    {
      ...options.config,
      PUBLIC_URL: http.url,
      // Whatever the environment names: no mail of a demo leaves the machine.
      EMAIL_PROVIDER: 'sendgrid',
      SENDGRID_API_KEY: mails.apiKey,
      SENDGRID_URL: mails.url,
      SENDGRID_WEBHOOK_KEY: mails.publicKey,
    },
    {
      database: options.database,
      clock,
      random: seededRandom(seed),
      log: createLog({ level: options.config.LOG_LEVEL === 'info' ? 'warn' : options.config.LOG_LEVEL }),
      standIn: true,
      ...(options.progress ? { progress: options.progress } : {}),
    },
  );
  const hits: HitBuffer = createHitBuffer(engine);
  behind.http = buildHttp(engine, {
    hits,
    readiness: { draining: () => false, pendingMigrations: () => Promise.resolve([]) },
  });
  return {
    engine,
    mails,
    settle: () => hits.flush(),
    listenFor: (storeId) => {
      mails.setWebhookUrl(`${http.url}/webhooks/sendgrid/${storeId}`);
    },
    async close() {
      await hits.close();
      await http.close();
      await mails.close();
    },
  };
}
