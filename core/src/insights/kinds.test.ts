/** Every kind of finding is found where it is planted, in rows, and not where it is not. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildEngine, createTestDatabase, plantShop, type PlantedShop, type TestDatabase } from '../testing/index.ts';
import { findInsights, KINDS, openInsights, type Insight } from './index.ts';
import { MAIL_CASES, MODEL_CASES } from './testing/mails.ts';
import { ORDER_CASES } from './testing/orders.ts';
import { PEOPLE_CASES } from './testing/people.ts';
import { NOW } from './testing/shops.ts';

const CASES = [...ORDER_CASES, ...PEOPLE_CASES, ...MAIL_CASES, ...MODEL_CASES];

/** What has no price: hours, clicks, complaints, how well a model does, and ends that nobody can put a figure on. */
const NO_PRICE: ReadonlySet<string> = new Set([
  'weekday_sells', 'hour_sells', 'products_together', 'bought_once', 'second_order_gap', 'hour_works', 'hour_fails',
  'picking_hours_pays', 'version_tires', 'domain_bounces', 'complaints_high', 'unsubscribes_up', 'clicks_up', 'clicks_down',
  'machines_open', 'campaign_broken', 'campaign_unclear', 'mails_tire', 'mail_moves_some', 'offer_needed', 'offer_wasted',
  'model_off', 'no_model', 'programme_broken', 'programme_unclear',
]); // prettier-ignore

/** A page a file: `_app.campaigns.$id.tsx`. */
const PAGES = readdirSync(new URL('../../../shopify-app/app/routes', import.meta.url))
  .filter((name) => name.startsWith('_app.') && name !== '_app.$.tsx')
  .map((name) => `/${name.slice('_app.'.length, -'.tsx'.length).replace(/\.?_index$/, '').replaceAll('.', '/')}`); // prettier-ignore

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

interface Looks {
  found: Insight[];
  /** News of a second look, by a store that reads Spanish by then */
  again: number;
  spanish: Insight[];
}

async function lookAt(name: string, shop: PlantedShop): Promise<Looks> {
  const engine = buildEngine(db.database, { now: NOW });
  const storeId = await plantShop(db.database, name, NOW, shop);
  await findInsights(engine, storeId);
  const found = await db.database.inStore(storeId, (tx) => openInsights(tx));
  engine.clock.advance(60_000);
  await db.database.inStore(storeId, (tx) =>
    tx.db.updateTable('stores').set({ language: 'es' }).where('id', '=', storeId).execute(),
  );
  const again = await findInsights(engine, storeId);
  const spanish = await db.database.inStore(storeId, (tx) => openInsights(tx));
  return { found, again: Number(again['news']), spanish };
}

/** Every text of a finding. */
function textsOf({ title, because, sizeOf, action, picture }: Insight): string[] {
  const bars = picture.kind === 'bars' ? picture.bars.flatMap((bar) => [bar.label, bar.words]) : [];
  return [title, because, sizeOf ?? '', action.label, picture.unit, ...bars];
}

/** English words that no Spanish sentence holds, and marks of numbers as England writes them. */
const ENGLISH =
  /\b(the|of|and|with|mails?|customers?|weeks?|orders?|people|chance|by|at|in the|than|January|March|Monday|Clicked|Expected)\b|[€£] ?\d|\d\.\d\b|\d%/i;

function expectSpanish(one: Insight, english: Insight | undefined): void {
  expect(
    textsOf(one)
      .join(' | ')
      .replace(/\w+\.example/g, ''),
    one.kind,
  ).not.toMatch(ENGLISH);
  expect(one.title).not.toBe(english?.title);
  expect(one.because).not.toBe(english?.because);
  expect(one.action.url).toBe(english?.action.url);
}

function expectWhole(one: Insight): void {
  expect(one.title).toMatch(/[.]$/);
  expect(one.because.length).toBeGreaterThan(10);
  const words = JSON.stringify([one.title, one.because, one.sizeOf ?? '', one.action.label, one.picture]);
  expect(words, one.kind).not.toMatch(/NaN|undefined|Infinity|null|@|nbd|[a-z]_[a-z]/);
  expect(one.picture.kind === 'bars' ? one.picture.bars.length : one.picture.points.length, one.kind).toBeGreaterThan(
    0,
  );
  expect(one.action.label.length).toBeGreaterThan(3);
  const path = new URL(one.action.url, 'https://rekindle.example').pathname.replace(/[0-9a-f-]{36}$/, '$id');
  expect(PAGES, `${one.kind} leads to ${one.action.url}`).toContain(path);
  if (NO_PRICE.has(one.kind)) return;
  expect(one.size, `${one.kind} has no size`).toBeGreaterThan(0);
  expect(one.sizeOf, `${one.kind} does not say what its size is of`).not.toBeNull();
}

test.each(CASES.map((one, i) => [`${one.kinds.join(' and ')} (${String(i + 1)})`, one] as const))(
  '%s',
  async (name, { kinds, planted, base }) => {
    const there = await lookAt(`with ${name}`, planted);
    expect(there.found.map((one) => one.kind)).toEqual(expect.arrayContaining(kinds));
    for (const one of there.found) expectWhole(one);
    expect(there.spanish).toHaveLength(there.found.length);
    for (const one of there.spanish) expectSpanish(one, there.found.find(({ id }) => id === one.id)); // prettier-ignore
    expect(there.again, 'it is told twice').toBe(0);
    const without = await lookAt(`without ${name}`, base);
    for (const kind of kinds) expect(without.found.map((one) => one.kind)).not.toContain(kind);
  },
);

test('every kind that is declared has its case, and there are thirty at least', () => {
  expect(new Set(CASES.flatMap((one) => one.kinds))).toEqual(new Set(KINDS));
  expect(KINDS.length).toBeGreaterThanOrEqual(30);
});
