/** The demo store's platforms: connected, read and told by the real connectors, and the same again at the next start. */
import { readConfig, seededRandom, STAGES, uuidOf, wallClock, type Engine } from '@rekindle/core';
import { buildStore, createTestDatabase, TEST_SECRET, type TestDatabase } from '@rekindle/core/testing';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { composeEngine, type Composed } from '../compose.ts';
import { startProcess, type Running } from '../process.ts';
import { openPlatforms, type LocalPlatforms } from './platforms.ts';

const PEOPLE = 12;

let base: TestDatabase;
let storeId: string;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(base.database, { name: 'Demo', simulated: true });
  await base.database.inStore(storeId, async (tx) => {
    await tx.run('UPDATE stores SET score_version = 1 WHERE id = $1', [storeId]);
    for (let number = 0; number < PEOPLE; number++) {
      const id = uuidOf('customer', storeId, 'csv', String(number));
      await tx.run(
        `INSERT INTO customers (id, store_id, key, email, first_name, last_name, country, created_at, updated_at)
         VALUES ($1, $2, $3, $4, 'Ana', $5, 'ES', now() - interval '2 years', now())`,
        [id, storeId, `csv:${String(number)}`, `ana${String(number)}@mail.example`, `Gil ${String(number)}`],
      );
      await tx.run(
        `INSERT INTO consents (store_id, customer_id, state, basis, at, source)
         VALUES ($1, $2, 'subscribed', 'express', now() - interval '1 year', 'csv')`,
        [storeId, id],
      );
      await tx.run(
        `INSERT INTO scores (store_id, version, customer_id, state, p_return_90, value_at_risk, days_since_last, life_stage, reasons)
         VALUES ($1, 1, $2, 'scored', 0.25, $3, 90, $4, '[]')`,
        [storeId, id, 1000 - number, number === 3 ? 'slipping' : 'active'],
      );
    }
  });
});
afterAll(() => base.drop());

interface Started {
  engine: Engine;
  platforms: LocalPlatforms;
  running: Running;
  missing: string[];
}

/** As server/src/local.ts does it, without a worker: the test runs the stages itself. */
async function start(): Promise<Started> {
  const missing: string[] = [];
  const platforms = await openPlatforms(base.database, storeId, (sentence) => missing.push(sentence));
  const config = {
    ...readConfig({}),
    ...platforms.config,
    APP_SECRET: TEST_SECRET,
    SENDGRID_API_KEY: 'SG.nothing-is-sent',
    PORT: 0,
    ROLE: 'web' as const,
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const engine: Composed = composeEngine(config, {
    database: base.database,
    clock: wallClock,
    random: seededRandom('local'),
    log,
  });
  const running = await startProcess(engine, config);
  await platforms.connect(engine, running.url);
  return { engine, platforms, running, missing };
}

async function stop({ running, platforms }: Started): Promise<void> {
  await running.stop();
  await platforms.close();
}

const known = () =>
  base.database.inStore(storeId, (tx) =>
    tx.rows<{ platform: string; ids: string }>(
      `SELECT platform, string_agg(external_id || '=' || customer_id, ' ' ORDER BY external_id) AS ids FROM identities
       WHERE store_id = $1 GROUP BY platform ORDER BY platform`,
      [storeId],
    ),
  );

test('know the demo’s people, show them with the panel, and are the same at the next start', async () => {
  const first = await start();
  // Where Shopify's schema cannot be had the start goes on and says so.
  const names = first.missing.length === 0 ? ['hubspot', 'salesforce', 'shopify'] : ['hubspot', 'salesforce'];
  if (first.missing.length > 0) console.info(`skipped: the shop. ${first.missing.join(' ')}`);
  // Everybody's score, and that mail is allowed.
  const told = names.length * PEOPLE * 2;
  try {
    expect(await STAGES.ingest(first.engine, storeId)).toMatchObject({
      sources: names.length,
      customers: 0,
      orders: 0,
    });
    expect(await STAGES.writeback(first.engine, storeId)).toMatchObject({ pushed: told, failed: 0, unreachable: 0 });
    const links = await base.database.inStore(storeId, (tx) =>
      tx.rows<{ platform: string; page: string }>(
        `SELECT c.platform, replace(c.settings ->> 'recordPage', '{id}', i.external_id) AS page FROM connections c
         JOIN identities i ON i.store_id = c.store_id AND i.platform = c.platform AND i.customer_id = $2
         WHERE c.store_id = $1 AND c.settings ? 'recordPage' ORDER BY c.platform`,
        [storeId, uuidOf('customer', storeId, 'csv', '3')],
      ),
    );
    expect(links.map((link) => link.platform)).toEqual(['hubspot', 'salesforce']);
    for (const { page } of links) {
      const answer = await fetch(page);
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Ana Gil 3')]);
    }
  } finally {
    await stop(first);
  }
  const before = await known();
  expect(before.map((one) => one.platform)).toEqual(names);

  const second = await start();
  try {
    expect(await STAGES.ingest(second.engine, storeId)).toMatchObject({ customers: 0, orders: 0, unreachable: 0 });
    expect(await known()).toEqual(before);
    // The stand-ins forgot what they were told: they are told again.
    expect(await STAGES.writeback(second.engine, storeId)).toMatchObject({ pushed: told, failed: 0, unreachable: 0 });
  } finally {
    await stop(second);
  }
});
