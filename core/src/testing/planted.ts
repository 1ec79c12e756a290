/** A shop in which something is planted: told in days before now, written as the other stages would leave it. */
import type { Database, StoreTransaction } from '../database/connect.ts';
import { uuidOf } from '../random.ts';
import { buildStore } from './store.ts';

const DAY = 86_400_000;

export interface PlantedOrder {
  by: string;
  /** Days before now, parts of a day too */
  ago: number;
  /** Minor units; 3,000 unless told, negative for a return */
  amount?: number;
  returned?: boolean;
  products?: string[];
}

export interface PlantedPerson {
  name: string;
  /** Mail domain; null: no address */
  domain?: string | null;
  country?: string;
  /** Scored as of this life stage; without one there is no score */
  stage?: string;
  /** Minor units a year */
  risk?: number;
  worth?: number;
}

export interface PlantedMail {
  to: string;
  ago: number;
  version?: string;
  hour?: number;
  source?: 'preference' | 'random';
  clicked?: boolean;
  left?: boolean;
  bounced?: boolean;
  complained?: boolean;
  openedBy?: 'human' | 'machine';
}

export interface PlantedCampaign {
  name: string;
  /** Days before now when it was approved */
  ago: number;
  mails?: PlantedMail[];
  /** People drawn; `bought`: minor units in its window */
  drawn?: { who: string; arm: 'treated' | 'holdout' | 'control'; version?: string; bought?: number; before?: number }[];
  /** Measured looks at revenue, as measurement writes them */
  look?: { verdict: string; estimate: number; low: number; high: number; pValue: number };
}

export interface PlantedShop {
  people?: PlantedPerson[];
  orders?: PlantedOrder[];
  campaigns?: PlantedCampaign[];
  pairs?: { product: string; next: string; baskets: number; confidence: number; lift: number }[];
  scoring?: { method: string; reason?: string };
  models?: { name: string; warnings?: string[]; figures: unknown }[];
  controlShare?: number;
}

/** Writes the shop; its clock is UTC. The same name makes the same ids. */
export async function plantShop(database: Database, name: string, now: Date, shop: PlantedShop): Promise<string> {
  const controlShare = shop.controlShare ?? 0;
  const storeId = await buildStore(database, { name, timeZone: 'UTC', controlShare });
  await database.inStore(storeId, async (tx) => {
    const write: Writer = { tx, now, id: (...words) => uuidOf(storeId, ...words), put: (table, rows) => put(tx, table, rows) }; // prettier-ignore
    await writePeople(write, shop);
    await writeOrders(write, shop);
    for (const campaign of shop.campaigns ?? []) await writeCampaign(write, campaign, shop.campaigns ?? []);
    await writeScoring(write, shop);
  });
  return storeId;
}

interface Writer {
  tx: StoreTransaction;
  now: Date;
  id(...words: string[]): string;
  put(table: string, rows: Row[]): Promise<void>;
}
type Row = Record<string, unknown>;

async function put(tx: StoreTransaction, table: string, rows: Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys({ store_id: tx.storeId, ...first }).join(', ');
  const whole = rows.map((row) => ({ store_id: tx.storeId, ...row }));
  await tx.run(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(whole)],
  );
}

const before = ({ now }: Writer, ago: number): Date => new Date(now.getTime() - Math.round(ago * DAY));

async function writePeople(write: Writer, shop: PlantedShop): Promise<void> {
  const people = new Map<string, PlantedPerson>();
  const names = [
    ...(shop.orders ?? []).map((one) => one.by),
    ...(shop.campaigns ?? []).flatMap((one) => [
      ...(one.mails ?? []).map((mail) => mail.to),
      ...(one.drawn ?? []).map((drawn) => drawn.who),
    ]),
  ];
  for (const name of names) people.set(name, { name });
  for (const person of shop.people ?? []) people.set(person.name, person);
  await write.put(
    'customers',
    [...people.values()].map((person) => ({
      id: write.id('person', person.name),
      key: `csv:${person.name}`,
      email: person.domain === null ? null : `${person.name}@${person.domain ?? 'customers.example'}`,
      email_verified: true,
      country: person.country ?? 'ES',
      created_at: before(write, 900),
      updated_at: write.now,
    })),
  );
  await write.put(
    'scores',
    [...people.values()]
      .filter((person) => person.stage !== undefined)
      .map((person) => ({
        version: 1,
        customer_id: write.id('person', person.name),
        state: 'scored',
        expected_value_365: person.worth ?? 0,
        value_at_risk: person.risk ?? 0,
        days_since_last: 100,
        life_stage: person.stage,
        reasons: [],
      })),
  );
}

async function writeOrders(write: Writer, shop: PlantedShop): Promise<void> {
  const orders = shop.orders ?? [];
  const products = new Set([
    ...orders.flatMap((one) => one.products ?? []),
    ...(shop.pairs ?? []).flatMap((one) => [one.product, one.next]),
  ]);
  await write.put('products', [...products].map((name) => ({ id: write.id('product', name), platform: 'csv', external_id: name, name, created_at: write.now }))); // prettier-ignore
  await write.put(
    'orders',
    orders.map((one, i) => ({
      id: write.id('order', String(i)),
      customer_id: write.id('person', one.by),
      platform: 'csv',
      external_id: String(i),
      kind: one.returned ? 'return' : 'sale',
      ordered_at: before(write, one.ago),
      amount: one.amount ?? (one.returned ? -3000 : 3000),
      currency: 'EUR',
    })),
  );
  await write.put(
    'order_lines',
    orders.flatMap((one, i) =>
      one.products
        ? [
            {
              order_id: write.id('order', String(i)),
              lines: one.products.map((_, line) => line + 1),
              product_ids: one.products.map((product) => write.id('product', product)),
              quantities: one.products.map(() => 1),
              amounts: one.products.map(() => Math.round((one.amount ?? 3000) / (one.products?.length ?? 1))),
            },
          ]
        : [],
    ),
  );
  await write.put('product_pairs', (shop.pairs ?? []).map(({ product, next, ...rest }) => ({ ...rest, product_id: write.id('product', product), next_id: write.id('product', next), support: 0.1, surely: rest.confidence - 0.1, made_at: write.now }))); // prettier-ignore
  await write.tx.run(
    `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at)
     SELECT $1, customer_id, count(DISTINCT ordered_at::date) FILTER (WHERE kind = 'sale'), count(*) FILTER (WHERE kind = 'sale'),
       sum(amount), min(ordered_at) FILTER (WHERE kind = 'sale'), max(ordered_at) FILTER (WHERE kind = 'sale')
     FROM orders WHERE store_id = $1 GROUP BY customer_id`,
    [write.tx.storeId],
  );
}

async function writeCampaign(write: Writer, campaign: PlantedCampaign, all: readonly PlantedCampaign[]): Promise<void> {
  const id = write.id('campaign', campaign.name);
  const approved = before(write, campaign.ago);
  await write.put('campaigns', [{ id, key: campaign.name, name: campaign.name, segment_id: write.id('segment'), state: 'measuring', plan: {}, funnel: {}, holdout_share: 0.2, score_version: 1, planned_at: approved, approved_at: approved, send_from: approved, measure_until: new Date(approved.getTime() + 60 * DAY), created_at: approved }]); // prettier-ignore
  const versions = new Set([
    'a',
    ...(campaign.mails ?? []).flatMap((mail) => mail.version ?? []),
    ...(campaign.drawn ?? []).flatMap((one) => one.version ?? []),
  ]);
  await write.put('variants', [...versions].map((key) => ({ id: write.id('variant', campaign.name, key), campaign_id: id, key, language: 'en', weight: 1, subject: key, preheader: '', content: {}, html: '', text: '', writer: 'playbook', created_at: approved }))); // prettier-ignore
  const mails = campaign.mails ?? [];
  const when = (mail: PlantedMail, happened: boolean | undefined): Date | null =>
    happened ? new Date(before(write, mail.ago).getTime() + 3_600_000) : null;
  await write.put(
    'messages',
    mails.map((mail, i) => ({
      id: write.id('message', campaign.name, String(i)),
      campaign_id: id,
      step: '',
      customer_id: write.id('person', mail.to),
      occurrence: i + 1,
      variant_id: write.id('variant', campaign.name, mail.version ?? 'a'),
      message_class: 'marketing',
      state: 'accepted',
      token: 1,
      hour_source: mail.source ?? null,
      local_hour: mail.hour ?? null,
      accepted_at: before(write, mail.ago),
      clicked_at: when(mail, mail.clicked),
      bounced_at: when(mail, mail.bounced),
      complained_at: when(mail, mail.complained),
      unsubscribed_at: when(mail, mail.left),
      created_at: approved,
    })),
  );
  await write.tx.run(
    `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id, agent)
     SELECT $1, 'public', id::text, 'open', $2, id, agent FROM unnest($3::uuid[], $4::text[]) AS e (id, agent)`,
    [
      write.tx.storeId,
      before(write, 5),
      mails.flatMap((mail, i) => (mail.openedBy ? [write.id('message', campaign.name, String(i))] : [])),
      mails.flatMap((mail) => mail.openedBy ?? []),
    ],
  );
  const drawn = campaign.drawn ?? [];
  await write.put(
    'holdouts',
    drawn.map((one) => ({
      campaign_id: id,
      customer_id: write.id('person', one.who),
      arm: one.arm === 'control' ? 'left_out' : one.arm,
      reason: one.arm === 'control' ? 'store_control' : null,
      draw: 0.5,
      variant_key: one.version ?? null,
      pre_revenue: one.before ?? 0,
      pre_orders: one.before ? 1 : 0,
      decided_at: approved,
    })),
  );
  await write.put(
    'outcomes',
    drawn
      .filter((one) => one.arm !== 'control')
      .map((one) => ({
        campaign_id: id,
        customer_id: write.id('person', one.who),
        arm: one.arm,
        orders: one.bought ? 1 : 0,
        revenue: one.bought ?? 0,
        first_order_at: one.bought ? approved : null,
        updated_at: write.now,
      })),
  );
  if (campaign.look) await writeLook(write, campaign, all.length);
}

async function writeLook(write: Writer, { name, look }: PlantedCampaign, many: number): Promise<void> {
  if (!look) return;
  const { verdict, estimate, low, high, pValue } = look;
  const bounds = { estimate, low, high };
  const detail = { currency: 'EUR', confidence: 0.95, progress: 1, daysLeft: 0, enough: true, buyers: { treated: 90, holdout: 9 }, treatedTotal: 90, treatedRevenue: 270_000, cap: null, perTreated: bounds, standardError: (high - low) / 5, cuped: { theta: 0, varianceReduction: 0 }, srm: { pValue: verdict === 'broken' ? 0.0001 : 0.5, ok: verdict !== 'broken' }, attributed: { orders: 0, revenue: 0, windowDays: many } }; // prettier-ignore
  await write.put('measurements', ['revenue', 'orders', 'return_rate'].map((metric) => ({ campaign_id: write.id('campaign', name), metric, measured_at: before(write, 1), treated: 800, holdout: 200, treated_mean: 340, holdout_mean: 210, ...bounds, confidence: 0.95, p_value: pValue, verdict, detail }))); // prettier-ignore
}

async function writeScoring(write: Writer, { scoring, models }: PlantedShop): Promise<void> {
  const { method = 'bg-nbd', reason = null } = scoring ?? {};
  await write.tx.run('UPDATE stores SET score_version = 1, data_version = data_version + 1');
  await write.put('score_runs', [{ version: 1, as_of: write.now, method, reason, customers: 1, data_version: 1, created_at: write.now }]); // prettier-ignore
  await write.put('models', (models ?? []).map(({ name, warnings, figures }) => ({ id: write.id('model', name), name, fitted_at: write.now, as_of: write.now, customers: 1000, parameters: {}, standard_errors: {}, log_likelihood: -1, converged: true, warnings: warnings ?? [], holdout: figures }))); // prettier-ignore
}
