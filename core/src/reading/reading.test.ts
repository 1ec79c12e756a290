import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  buildEngine,
  buildPages,
  buildStore,
  campaignId,
  createTestDatabase,
  type TestDatabase,
  type TestEngine,
} from '../testing/index.ts';
import {
  readCampaign,
  readCampaigns,
  readCustomer,
  readCustomers,
  readOverview,
  readSettings,
  type CustomersQuery,
} from './index.ts';

const NOW = new Date('2026-06-15T09:00:00Z');
let files: TestDatabase;
let engine: TestEngine;
let shop: string;
let empty: string;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
  engine = buildEngine(files.database, { now: NOW });
  shop = await buildPages(files.database, {
    name: 'Read shop',
    now: NOW,
    customers: 230,
    campaigns: [
      {
        state: 'completed',
        name: 'First',
        plannedAt: new Date('2026-03-01T09:00:00Z'),
        looks: 3,
        lift: { estimate: 1000, half: 400 },
      },
      { state: 'awaiting_approval', name: 'Second', plannedAt: new Date('2026-06-14T09:00:00Z'), looks: 0 },
    ],
  });
  empty = await buildStore(files.database, { name: 'Empty shop' });
});
afterAll(() => files.drop());

async function walk(query: CustomersQuery) {
  const rows = [];
  let after: string | undefined;
  do {
    const page = await readCustomers(engine, shop, { ...query, ...(after === undefined ? {} : { after }) });
    rows.push(...page.rows);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return rows;
}

describe('customers', () => {
  test.each(['risk', 'silence'] as const)('every page by %s: everybody once, in order', async (sort) => {
    const rows = await walk({ view: 'all', sort });
    expect(new Set(rows.map((row) => row.id)).size).toBe(230);
    expect(rows).toHaveLength(230);
    const values = rows.map((row) => (sort === 'risk' ? (row.valueAtRisk ?? -1) : row.daysSinceLast));
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(rows.some((row) => row.valueAtRisk === null)).toBe(true);
  });

  test('a view holds its life stage and as many as it says', async () => {
    const { stages } = await readCustomers(engine, shop, { view: 'slipping', sort: 'risk' });
    for (const { stage, customers } of stages) {
      const rows = await walk({ view: stage, sort: 'risk' });
      expect(rows).toHaveLength(customers);
      expect(rows.every((row) => row.lifeStage === stage)).toBe(true);
    }
  });

  test.each([
    ['MARIA', 1],
    ['maría de los angeles guadalupe fernandez', 1],
    ['10007', 1],
    ['Person7@customers.example', 1],
    ["%_'\\", 0],
    ['customer', 0],
  ])('search %s finds %i', async (search, found) => {
    expect((await readCustomers(engine, shop, { view: 'all', sort: 'risk', search })).rows).toHaveLength(found);
  });

  test('a cursor that nobody gave is the first page', async () => {
    const first = await readCustomers(engine, shop, { view: 'all', sort: 'risk' });
    for (const after of ['x', '_', '1_2', '..._00000000-0000-4000-8000-000000000000'])
      expect((await readCustomers(engine, shop, { view: 'all', sort: 'risk', after })).rows).toEqual(first.rows);
  });

  test('one of them, with reasons and permission; nobody of another store', async () => {
    const [row] = (await readCustomers(engine, shop, { view: 'slipping', sort: 'risk' })).rows;
    const page = await readCustomer(engine, shop, row?.id ?? '');
    expect(page.customer.name).toBe(row?.name);
    expect(page.score?.reasons.map((one) => one.code)).toContain('late');
    expect(page.consent.permission.allowed).toBe(true);
    await expect(readCustomer(engine, empty, row?.id ?? '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(readCustomer(engine, shop, "1'; --")).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('the overview puts first what waits for a person, and adds up what was measured', async () => {
  const page = await readOverview(engine, shop);
  expect(page.campaign?.name).toBe('Second');
  expect(page.lift?.series).toHaveLength(3);
  expect(page.stages.reduce((sum, one) => sum + one.customers, 0)).toBe(230);
  expect(page.sync.counts.customers).toBe(230);
});

test('the overview tells a first pull from a later one, and since when it runs', async () => {
  const storeId = await buildStore(files.database, { name: 'Joining shop' });
  const pull = async () => (await readOverview(engine, storeId)).sync.pull;
  const sql = (text: string) => files.database.inStore(storeId, (tx) => tx.run(text, [storeId]));
  expect(await pull()).toEqual({ since: null, first: false });
  await sql(`INSERT INTO connections (id, store_id, platform, account, created_at)
    VALUES ('00000000-0000-4000-8000-00000000c0de', $1, 'shop', 'joining', now())`);
  expect(await pull()).toEqual({ since: null, first: true });
  await sql(`UPDATE connections SET state = 'syncing', progress = 40, last_pull_at = now() WHERE store_id = $1`);
  await sql(
    `INSERT INTO stage_runs (store_id, stage, state, started_at) VALUES ($1, 'ingest', 'running', '2026-06-15T08:59:00Z')`,
  );
  expect(await pull()).toEqual({ since: new Date('2026-06-15T08:59:00Z'), first: true });
  await sql(`INSERT INTO imports (id, store_id, connection_id, source, state, started_at, finished_at)
    VALUES ('00000000-0000-4000-8000-00000000da7a', $1, '00000000-0000-4000-8000-00000000c0de', 'shop', 'done', now(), now())`);
  expect((await pull()).first).toBe(false);
});

test('a campaign with what its messages and people did', async () => {
  expect((await readCampaigns(engine, shop)).campaigns.map((one) => one.name)).toEqual(['Second', 'First']);
  const page = await readCampaign(engine, shop, campaignId(shop, 'First'));
  const { treated } = page.campaign.funnel;
  expect(page.messages.reduce((sum, row) => sum + row.messages, 0)).toBe(treated);
  expect(page.outcomes.find((row) => row.arm === 'treated')?.people).toBe(treated);
  expect(page.variants[0]?.preview.html).toContain('Hello Ana,');
  expect(page.series).toHaveLength(3);
  await expect(readCampaign(engine, empty, campaignId(shop, 'First'))).rejects.toMatchObject({ code: 'not_found' });
});

test('an empty store can be read', async () => {
  const overview = await readOverview(engine, empty);
  expect(overview).toMatchObject({
    campaign: null,
    lift: null,
    scoring: null,
    sync: { counts: { customers: 0, orders: 0 } },
  });
  expect((await readCustomers(engine, empty, { view: 'all', sort: 'risk' })).rows).toEqual([]);
  expect((await readCampaigns(engine, empty)).campaigns).toEqual([]);
  expect((await readSettings(engine, empty)).settings.holdoutShare).toBe(0.2);
});
