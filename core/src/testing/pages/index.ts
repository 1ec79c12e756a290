/**
 * Small stores to look at pages with, written straight into the tables: what each stage would have left, for stories that a
 * real cycle needs weeks of virtual time to reach. Deterministic. Never a source of figures about the engine.
 */
import type { Database, StoreTransaction } from '../../database/connect.ts';
import { seededRandom, uuidOf } from '../../random.ts';
import type { Reason } from '../../scoring/index.ts';
import { BUILT_IN_SEGMENTS } from '../../segments/built-in.ts';
import { buildStore, type StoreOptions } from '../store.ts';
import { buildCampaignStory, type CampaignStory } from './campaigns.ts';
import { makeBuyers, type Buyer } from './people.ts';

export { playJourney } from './journeys.ts';
export { campaignId, type CampaignStory } from './campaigns.ts';

export interface PagesStory extends StoreOptions {
  name: string;
  now: Date;
  /** 0: an empty store */
  customers: number;
  /** An average order, minor units. Default 3400. */
  basket?: number;
  /** So young that nobody can be scored */
  young?: boolean;
  campaigns?: CampaignStory[];
}

/** Makes the store and gives its id. */
export async function buildPages(database: Database, story: PagesStory): Promise<string> {
  const storeId = await buildStore(database, { ...story, simulated: true });
  if (story.customers === 0) return storeId;
  const random = seededRandom(story.name);
  const young = story.young ?? false;
  const buyers = makeBuyers(random, {
    count: story.customers,
    now: story.now,
    basket: story.basket ?? 3400,
    young,
  }).map((buyer) => ({
    ...buyer,
    id: uuidOf('customer', storeId, String(buyer.number)),
  }));
  await database.inStore(storeId, async (tx) => {
    await addPeople(tx, buyers, story);
    await addScores(tx, buyers, story);
    for (const campaign of story.campaigns ?? [])
      await buildCampaignStory(tx, buyers, campaign, story.currency ?? 'EUR');
  });
  return storeId;
}

async function addPeople(tx: StoreTransaction, buyers: (Buyer & { id: string })[], story: PagesStory): Promise<void> {
  const before = new Date(story.now.getTime() - 20 * 60_000);
  const people = buyers.map((buyer) => ({
    id: buyer.id,
    store_id: tx.storeId,
    key: `csv:${String(10_000 + buyer.number)}`,
    email: buyer.number % 19 === 0 ? null : `person${String(buyer.number)}@customers.example`,
    first_name: buyer.firstName,
    last_name: buyer.lastName,
    country: buyer.country,
    time_zone: buyer.timeZone,
    time_zone_source: 'country',
    created_at: buyer.orders[0]?.at,
    updated_at: before,
  }));
  const orders = buyers.flatMap((buyer) =>
    buyer.orders.map((order, place) => ({
      id: uuidOf('order', buyer.id, String(place)),
      store_id: tx.storeId,
      customer_id: buyer.id,
      platform: 'csv',
      external_id: `${String(buyer.number)}-${String(place)}`,
      kind: 'sale',
      ordered_at: order.at,
      amount: order.amount,
      currency: story.currency ?? 'EUR',
    })),
  );
  const totals = buyers.map((buyer) => ({
    store_id: tx.storeId,
    customer_id: buyer.id,
    purchase_days: buyer.orders.length,
    orders: buyer.orders.length,
    revenue: buyer.orders.reduce((sum, order) => sum + order.amount, 0),
    first_order_at: buyer.orders[0]?.at,
    last_order_at: buyer.orders.at(-1)?.at,
    repeat_revenue: 0,
  }));
  const identities = people.map((one) => ({
    store_id: tx.storeId,
    platform: 'csv',
    external_id: one.key.slice(4),
    customer_id: one.id,
  }));
  const consents = buyers
    .filter((buyer) => buyer.number % 13 === 0 || buyer.number % 5 === 0)
    .map((buyer) => ({
      store_id: tx.storeId,
      customer_id: buyer.id,
      channel: 'email',
      state: buyer.number % 13 === 0 ? 'unsubscribed' : 'subscribed',
      basis: buyer.number % 13 === 0 ? 'none' : 'express',
      at: buyer.orders.at(-1)?.at,
      source: 'csv',
      evidence: {},
    }));
  await put(tx, 'customers', people);
  await put(tx, 'identities', identities);
  await put(tx, 'orders', orders);
  await put(tx, 'customer_totals', totals);
  await tx.run(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source, evidence)
     SELECT store_id, customer_id, channel, state, basis, at, source, evidence FROM jsonb_populate_recordset(null::consents, $1)`,
    [JSON.stringify(consents)],
  );
  await put(tx, 'connections', [
    {
      id: uuidOf('connection', tx.storeId),
      store_id: tx.storeId,
      platform: 'csv',
      account: 'orders.csv',
      state: 'connected',
      settings: {},
      progress: 100,
      last_pull_at: before,
      created_at: before,
    },
  ]);
  await put(tx, 'imports', [
    {
      id: uuidOf('import', tx.storeId),
      store_id: tx.storeId,
      source: 'csv',
      state: 'done',
      started_at: before,
      finished_at: before,
      rows_read: orders.length + 12,
      customers: buyers.length,
      orders: orders.length,
      rejected: { total: 12, byReason: { no_customer: 9, zero_price: 3 } },
    },
  ]);
}

async function addScores(tx: StoreTransaction, buyers: (Buyer & { id: string })[], story: PagesStory): Promise<void> {
  const { now } = story;
  await put(tx, 'score_runs', [
    {
      store_id: tx.storeId,
      version: 1,
      as_of: now,
      method: story.young ? 'rhythm' : 'bg-nbd',
      reason: story.young
        ? 'The first order is only 41 days old: too little to know how often people come back. Until then a simple rule is used.'
        : null,
      customers: buyers.length,
      data_version: 1,
      created_at: now,
    },
  ]);
  // Like the models: whoever is late is expected from now on, and of those long gone nothing is expected.
  const next = (buyer: Buyer, share: number) => {
    if (buyer.state !== 'scored' || buyer.lifeStage === 'lapsed' || buyer.lifeStage === 'lost') return null;
    const days = Math.max(buyer.interval * share, buyer.daysSince + buyer.interval * (share - 0.6) * 0.5);
    return new Date((buyer.orders.at(-1)?.at ?? now).getTime() + Math.max(days, buyer.daysSince) * 86_400_000);
  };
  await put(
    tx,
    'scores',
    buyers.map((buyer) => {
      const scored = buyer.state === 'scored';
      return {
        store_id: tx.storeId,
        version: 1,
        customer_id: buyer.id,
        state: buyer.state,
        p_alive: scored ? buyer.alive : null,
        p_return_90: scored ? buyer.alive * 0.8 : null,
        expected_orders_90: scored ? (90 / buyer.interval) * buyer.alive : null,
        expected_orders_365: scored ? (365 / buyer.interval) * buyer.alive : null,
        expected_value_90: scored ? 5000 : null,
        expected_value_365: scored ? Math.round(((story.basket ?? 3400) * 365 * buyer.alive) / buyer.interval) : null,
        value_at_risk: buyer.valueAtRisk,
        usual_interval_days: scored ? buyer.interval : null,
        days_since_last: buyer.daysSince,
        next_order_at: next(buyer, 1),
        next_order_low: next(buyer, 0.6),
        next_order_high: next(buyer, 1.7),
        life_stage: buyer.lifeStage,
        best_hour: null,
        reasons: reasonsOf(buyer, story.basket ?? 3400),
      };
    }),
  );
  await tx.run('UPDATE stores SET data_version = 1, score_version = 1 WHERE id = $1', [tx.storeId]);
  const meant = buyers.filter((buyer) => ['slipping', 'lapsed'].includes(buyer.lifeStage));
  await put(tx, 'segments', [
    {
      id: uuidOf('segment', tx.storeId, 'win-back'),
      store_id: tx.storeId,
      key: 'win-back',
      name: 'Win back',
      rule: BUILT_IN_SEGMENTS.find((one) => one.key === 'win-back')?.rule,
      built_in: true,
      members: meant.length,
      score_version: 1,
      refreshed_at: now,
    },
  ]);
}

function reasonsOf(buyer: Buyer, basket: number): Reason[] {
  const days = Math.max(1, buyer.daysSince);
  if (buyer.state !== 'scored') return [{ code: 'needs_history', have: 41, need: 90 }];
  const rhythm: Reason = { code: 'bought_often', times: buyer.orders.length, every: buyer.interval };
  const worth: Reason = { code: 'worth', yearly: Math.round((basket * 365) / buyer.interval) };
  const percent = Math.round(buyer.alive * 100);
  if (buyer.lifeStage === 'active') return [{ code: 'on_time', days, usual: buyer.interval }, rhythm, worth];
  if (buyer.lifeStage === 'slipping')
    return [{ code: 'late', days, usual: buyer.interval }, worth, { code: 'others_came_back', percent }];
  return [
    { code: 'past_boundary', days, boundary: Math.round(buyer.interval * 2.4) },
    worth,
    { code: 'likely_gone', percent: 100 - percent },
  ];
}

/** Rows that all have the same keys. Columns they do not name get their defaults. */
async function put(tx: StoreTransaction, table: string, rows: object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await tx.run(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(rows)],
  );
}
