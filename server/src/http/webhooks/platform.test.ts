/** What platforms tell by themselves, over real HTTP into a real database. */
import {
  connectAccount,
  credentialsOf,
  findStoreOfAccount,
  listExports,
  openAccount,
  readExport,
} from '@rekindle/core';
import { buildCampaign } from '@rekindle/core/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openSite, type Site } from '../testing/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite(inject('testServer'));
});
afterAll(() => site.close());

const AT = '2026-03-01T09:00:00Z';
let shops = 0;
let events = 0;

/** A shop of its own, connected. */
async function shop() {
  const account = `shop${String(++shops)}.example`;
  const opened = await openAccount(
    site.engine,
    { platform: 'shop', account, credentials: { token: 'secret' }, actor: 'user:7' },
    {
      name: account,
      currency: 'EUR',
      timeZone: 'Europe/Madrid',
      country: 'ES',
      language: 'en',
      senderEmail: 'a@shop.example',
    },
  );
  const { storeId } = opened;
  const rows = <Row extends object>(sql: string, values: unknown[] = []) =>
    site.engine.database.inStore(storeId, (tx) => tx.rows<Row>(sql, values));
  return {
    ...opened,
    account,
    rows,
    tell: (kind: string, more: object = {}, vendorEventId = `e${String(++events)}`) =>
      site.platformHook([{ vendorEventId, account, at: AT, kind, ...more }]),
    /** Tables in which a word stands, whatever their columns are. */
    async holding(word: string): Promise<string[]> {
      const tables = await rows<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
      );
      const found = await Promise.all(
        tables.map(async ({ name }) => {
          const hits = await rows(`SELECT FROM ${name} t WHERE t::text ILIKE $1 OR t::text ILIKE $2 LIMIT 1`, [
            `%${word}%`,
            `%${Buffer.from(word).toString('hex')}%`,
          ]);
          return hits.length > 0 ? [name] : [];
        }),
      );
      return found.flat();
    },
  };
}

const person = (externalId: string, email: string, more: object = {}) => ({
  batch: {
    rowsRead: 1,
    customers: [{ externalId, email, firstName: 'Ann', lastName: 'Ames', phone: '+34612345678', ...more }],
    orderLines: [],
  },
});

describe('a webhook of a platform', () => {
  test('that brings rows has put them there when it is answered, once however often it comes', async () => {
    const one = await shop();
    const answer = await one.tell('rows', person('1', 'ann@mail.example'), 'same');
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    await one.tell('rows', person('1', 'other@mail.example'), 'same');
    expect(await one.rows('SELECT email FROM customers')).toEqual([{ email: 'ann@mail.example' }]);
    expect(await one.rows('SELECT source, vendor_event_id, octet_length(body) AS bytes FROM webhook_inbox')).toEqual([
      { source: 'shop', vendor_event_id: 'same', bytes: 0 },
    ]);
  });

  test('that comes twice at once has its effect once', async () => {
    const one = await shop();
    const answers = await Promise.all([1, 2, 3].map(() => one.tell('rows', person('1', 'a@mail.example'), 'twin')));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(await one.rows('SELECT FROM webhook_inbox')).toHaveLength(1);
    expect(await one.rows('SELECT FROM customers')).toHaveLength(1);
  });

  test('with a wrong signature is refused, one that is none is too', async () => {
    const one = await shop();
    const event = { vendorEventId: 'x', account: one.account, at: AT, kind: 'look' };
    expect((await site.platformHook([event], { signature: 'wrong' })).status).toBe(401);
    expect((await site.platformHook([event], {})).status).toBe(401);
    expect((await site.platformHook('nonsense')).status).toBe(400);
    expect(await one.rows('SELECT FROM webhook_inbox')).toEqual([]);
  });

  test('of an account that is nobody’s is answered like any other', async () => {
    const event = { vendorEventId: 'x', account: 'stranger.example', at: AT, kind: 'erase_account' };
    const answer = await site.platformHook([event]);
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    expect((await fetch(`${site.server.url}/webhooks/nobody`, { method: 'POST' })).status).toBe(404);
  });

  test('that we fail to take is answered 5xx, keeps nothing, and succeeds when it comes again', async () => {
    const one = await shop();
    const told = person('1', 'a@mail.example');
    const event = { vendorEventId: 'again', account: one.account, at: AT, kind: 'rows', ...told };
    const broken = await site.platformHook([event], { signature: 'right', fault: 'ours' });
    expect(broken.status).toBe(500);
    expect(await one.rows('SELECT FROM webhook_inbox')).toEqual([]);
    expect((await site.platformHook([event])).status).toBe(200);
    expect(await one.rows('SELECT FROM identities')).toHaveLength(1);
  });

  test('that says look makes the connection due', async () => {
    const one = await shop();
    await one.rows('UPDATE connections SET next_pull_at = NULL');
    await one.tell('look');
    expect(await one.rows('SELECT next_pull_at FROM connections')).toEqual([{ next_pull_at: site.engine.clock.now() }]);
  });

  test('that says removed ends the connection, forgets what signed us in and stops the mail', async () => {
    const one = await shop();
    await buildCampaign(site.engine.database, one.storeId, { people: 1 });
    await one.tell('removed');
    expect(await one.rows('SELECT state FROM connections')).toEqual([{ state: 'disconnected' }]);
    const vault = credentialsOf(site.engine, { id: one.connectionId, storeId: one.storeId });
    expect(await vault.read()).toBeUndefined();
    expect(await one.rows('SELECT state FROM campaigns')).toEqual([{ state: 'paused' }]);
    // What it still has to say is no longer ours to know.
    await one.tell('rows', person('1', 'ann@mail.example'));
    expect(await one.rows('SELECT FROM identities')).toEqual([]);
  });

  test('that says merged makes one of two', async () => {
    const one = await shop();
    await one.tell('rows', person('1', 'ann@mail.example'));
    await one.tell('rows', person('2', 'bob@mail.example', { firstName: 'Bob', phone: '+34600000000' }));
    await one.tell('merged', { from: '2', into: '1' });
    expect(await one.rows('SELECT external_id FROM identities')).toEqual([{ external_id: '1' }]);
    expect(await one.rows('SELECT reason FROM merges')).toEqual([{ reason: 'platform' }]);
  });
});

describe('the law', () => {
  const CANARY = 'canary-7f3a';

  /** A person whose name stands wherever a person's name can stand. */
  async function canary() {
    const one = await shop();
    await one.tell('rows', person(CANARY, `${CANARY}@mail.example`, { firstName: CANARY, lastName: CANARY }));
    await one.tell('rows', person('other', 'other@mail.example', { phone: '+34600000001' }));
    const [found] = await one.rows<{ id: string }>('SELECT id FROM customers WHERE first_name = $1', [CANARY]);
    const values = [one.storeId, found?.id];
    await one.rows(
      `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, created_at) VALUES ($2, $1, $1, $2, $1, 'accepted', now())`,
      values,
    );
    await one.rows(
      `INSERT INTO events (store_id, source, vendor_event_id, kind, at, customer_id, detail) VALUES ($1, 'shop', 'c', 'open', now(), $2, $3)`,
      [...values, { reason: CANARY }],
    );
    await one.rows(
      `INSERT INTO write_backs (store_id, platform, kind, subject_id, dedupe_key, payload, next_attempt_at, created_at)
       VALUES ($1, 'shop', 'score', $2, 'score', $3, now(), now()), ($1, 'shop', 'touch', 'm', 'touch', $4, now(), now())`,
      [one.storeId, CANARY, { words: CANARY }, { externalId: CANARY }],
    );
    await one.rows(
      `INSERT INTO webhook_inbox (store_id, source, vendor_event_id, received_at, body) VALUES ($1, 'mail', 'w', now(), convert_to($2, 'UTF8'))`,
      [one.storeId, JSON.stringify({ to: `${CANARY}@mail.example` })],
    );
    await one.tell('export_person', { externalId: CANARY });
    return { ...one, customerId: found?.id ?? '' };
  }

  test('a person who asks to be erased is gone from every table; only a keyed hash of her address stays', async () => {
    const one = await canary();
    expect((await one.holding(CANARY)).length).toBeGreaterThan(4);
    const answer = await one.tell('erase_person', { externalId: CANARY, email: `${CANARY}@mail.example` });
    expect(answer.status).toBe(200);
    expect(await one.holding(CANARY)).toEqual([]);
    expect(await one.holding(one.customerId)).toEqual([]);
    expect(await one.rows('SELECT reason FROM suppressions')).toEqual([{ reason: 'erased' }]);
    // Nobody else went with her.
    expect(await one.rows('SELECT email FROM customers')).toEqual([{ email: 'other@mail.example' }]);
  });

  test('one who is told again afterwards is mailed by nobody', async () => {
    const one = await canary();
    await one.tell('erase_person', { externalId: CANARY });
    await one.tell('rows', person('new-id', `${CANARY}@mail.example`));
    expect(await one.rows('SELECT reason FROM suppressions')).toEqual([{ reason: 'erased' }]);
  });

  test('a person who asks what is kept of her gets all of it, sealed until somebody of the store fetches it', async () => {
    const one = await canary();
    const [listed, ...more] = await site.engine.database.inStore(one.storeId, listExports);
    expect(more).toEqual([]);
    expect(listed).toMatchObject({ customerId: one.customerId, fetchedAt: null });
    const told = JSON.parse(await readExport(site.engine, one.storeId, listed?.id ?? '')) as Record<string, unknown[]>;
    expect(told['customer']).toMatchObject([{ email: `${CANARY}@mail.example` }]);
    expect(told['messages']).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('other@mail.example');
    const theirs = await shop();
    await expect(readExport(site.engine, theirs.storeId, listed?.id ?? '')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a shop that asks to be forgotten is gone with all it had, and comes back as a new one', async () => {
    const one = await canary();
    await one.tell('removed');
    expect((await one.tell('erase_account')).status).toBe(200);
    for (const word of [CANARY, one.storeId, one.account]) expect(await one.holding(word)).toEqual([]);
    expect(await findStoreOfAccount(site.engine, { platform: 'shop', account: one.account })).toBeUndefined();
    const directory = await site.engine.database.inDirectory((tx) =>
      tx.rows('SELECT FROM stores WHERE id = $1 UNION ALL SELECT FROM organisations WHERE name = $2', [
        one.storeId,
        one.account,
      ]),
    );
    expect(directory).toEqual([]);
  });

  test('a store that has other platforms goes on without the one that is forgotten', async () => {
    const one = await canary();
    await connectAccount(site.engine, { platform: 'crm', account: one.account, storeId: one.storeId, actor: 'user:7' });
    await one.rows(
      `INSERT INTO identities (store_id, platform, external_id, customer_id) SELECT $1, 'crm', 'k', id FROM customers WHERE email = 'other@mail.example'`,
      [one.storeId],
    );
    await one.tell('erase_account');
    expect(await one.holding(CANARY)).toEqual([]);
    expect(await one.rows('SELECT platform FROM connections')).toEqual([{ platform: 'crm' }]);
    expect(await one.rows('SELECT email FROM customers')).toEqual([{ email: 'other@mail.example' }]);
  });
});
