/** What the benches of the public site share: a database with a shop whose mails are out. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDatabase, migrate, STAGES, uuidOf, wallClock, type Database } from '@rekindle/core';
import { startEmbeddedPostgres } from '@rekindle/core/embedded';
import { buildCampaign, buildStore, fakeClock } from '@rekindle/core/testing';
import { SECRET } from '../server/src/reliability/scene.ts';
import { siteEngine } from './site-process.ts';

const DAY = 86_400_000;

export interface Shop {
  database: Database;
  databaseUrl: string;
  storeId: string;
  messageIds: string[];
}

/** A durable PostgreSQL of its own with one store and so many messages; gone afterwards. */
export async function withShop<Result>(people: number, webhookKey: string, work: (shop: Shop) => Promise<Result>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-bench-'));
  // As root PostgreSQL runs as a user of its own, who must be able to enter.
  await chmod(folder, 0o755);
  const server = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres'), password: 'bench' });
  try {
    const { url } = await migrate({
      ownerUrl: server.ownerUrl,
      folder: path.join(import.meta.dirname, '../prisma/migrations'),
      secret: SECRET,
    });
    const database = connectDatabase({ url });
    try {
      const now = wallClock.now().getTime();
      const storeId = await buildStore(database, { name: 'Bench', createdAt: new Date(now - 30 * DAY) });
      const campaign = await buildCampaign(database, storeId, {
        people,
        plannedAt: new Date(now - 3 * DAY),
        sendUntil: new Date(now - DAY),
      });
      const engine = { ...siteEngine(database, webhookKey), clock: fakeClock(new Date(now - 3 * DAY)) };
      await STAGES.scheduling(engine, storeId);
      const messageIds = Array.from({ length: people }, (_, number) =>
        uuidOf('message', storeId, campaign.id, '', campaign.customerId(number), '1'),
      );
      return await work({ database, databaseUrl: url, storeId, messageIds });
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
