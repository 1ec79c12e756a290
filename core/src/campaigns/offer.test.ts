/** The offer goes to who needs it, in a world where that was planted; and by the campaign's rule where it is not known. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { saveSettings, storeSettings } from '../accounts/index.ts';
import { playbookWriter, writeCampaigns } from '../generation/index.ts';
import { explain } from '../replay/index.ts';
import { uuidOf, seededRandom } from '../random.ts';
import { schedule } from '../scheduling/index.ts';
import { score } from '../scoring/index.ts';
import { refreshSegments } from '../segments/index.ts';
import { buildEngine, buildHistory, buildStore, createTestDatabase, drawRepeats, type BuyingLaw, type TestDatabase, type TestEngine } from '../testing/index.ts'; // prettier-ignore
import { approveCampaign, dealOffer, listCampaigns, offerFor, planCampaigns, type Campaign } from './index.ts';

const THEN = new Date('2026-04-27T10:00:00Z');
const NOW = new Date('2026-06-01T10:00:00Z');
const DAY = 86_400_000;
const PEOPLE = 2400;
const QUICK: BuyingLaw = { leaves: 'after_repeats', r: 8, alpha: 24, a: 1, b: 8 };
const SLOW: BuyingLaw = { leaves: 'after_repeats', r: 8, alpha: 80, a: 1, b: 8 };

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

/** Those who buy every three weeks order without an offer, those who buy every ten weeks need it, where people are planted to differ. */
const isQuick = (i: number): boolean => i % 2 === 0;

interface World {
  /** Chance of an order by kind and offer */
  chance: (i: number, offered: boolean) => number;
  learning: boolean;
  /** Without a past, nothing was tried */
  tried?: boolean;
}

/** A shop whose past campaign sent its mail with and without the offer by lot; its people answered as the world says. */
async function world(name: string, { chance, learning, tried = true }: World): Promise<{ storeId: string; engine: TestEngine; id: (i: number) => string }> {
  const storeId = await buildStore(db.database, { name, timeZone: 'UTC' });
  const random = seededRandom(name);
  const id = (i: number): string => uuidOf('customer', storeId, `p${String(i)}`);
  await buildHistory(
    db.database,
    storeId,
    Array.from({ length: PEOPLE }, (_, i) => {
      const first = THEN.getTime() - (200 + Math.floor(random.next() * 300)) * DAY;
      const law = isQuick(i) ? QUICK : SLOW;
      return [0, ...drawRepeats(random, law, (THEN.getTime() - first) / DAY / 7)].map((week) => ({
        customer: `p${String(i)}`,
        at: new Date(first + week * 7 * DAY),
        amount: 2500,
      }));
    }).flat(),
  );
  await db.database.inStore(storeId, async (tx) => {
    // Where an order allows a mail.
    await tx.run(`UPDATE customers SET country = 'ES' WHERE store_id = $1`, [storeId]);
    await saveSettings(tx, storeSettings.parse({ offer: { kind: 'percent', value: 20, code: 'BACK20' }, offerTest: learning }));
  });
  await score(buildEngine(db.database, { now: THEN }), storeId);
  if (tried) await plantTrial(storeId, id, (i) => ({ offered: random.next() < 0.5, u: random.next(), i }), chance);
  const engine = buildEngine(db.database, { now: NOW, writer: playbookWriter });
  await score(engine, storeId);
  await refreshSegments(engine, storeId);
  return { storeId, engine, id };
} // prettier-ignore

async function plantTrial(
  storeId: string,
  id: (i: number) => string,
  deal: (i: number) => { offered: boolean; u: number },
  chance: World['chance'],
): Promise<void> {
  const campaign = uuidOf('past', storeId);
  const dealt = Array.from({ length: PEOPLE }, (_, i) => ({ i, ...deal(i) }));
  await db.database.inStore(storeId, async (tx) => {
    await tx.run(
      `INSERT INTO campaigns (id, store_id, key, name, segment_id, state, plan, holdout_share, score_version, planned_at, approved_at, send_from, send_until, measure_until, created_at)
       VALUES ($2, $1, 'past', 'Past', $2, 'completed', $3, 0.1, 1, $4, $4, $4, $5, $5, $4)`,
      [storeId, campaign, JSON.stringify({ goal: 'win_back', offer: { kind: 'percent', value: 20, code: 'OLD', until: NOW }, offerTest: true }), THEN, new Date(THEN.getTime() + 40 * DAY)],
    ); // prettier-ignore
    for (const key of ['a', 'b'])
      await tx.run(
        `INSERT INTO variants (id, store_id, campaign_id, key, language, subject, preheader, content, html, text, writer, created_at)
         VALUES ($3, $1, $2, $4, 'en', '', '', $5, '', '', 'playbook', $6)`,
        [storeId, campaign, uuidOf('variant', campaign, key), key, JSON.stringify({ offered: key === 'a' }), THEN],
      );
    await tx.run(
      `INSERT INTO holdouts (store_id, campaign_id, customer_id, arm, draw, variant_key, decided_at)
       SELECT $1, $2, id, 'treated', 0.5, key, $5 FROM unnest($3::uuid[], $4::text[]) AS p (id, key)`,
      [storeId, campaign, dealt.map(({ i }) => id(i)), dealt.map(({ offered }) => (offered ? 'a' : 'b')), THEN],
    );
    const ordered = dealt.filter(({ i, offered, u }) => u < chance(i, offered));
    await tx.run(
      `INSERT INTO outcomes (store_id, campaign_id, customer_id, arm, orders, revenue, updated_at)
       SELECT $1, $2, id, 'treated', 1, 2000, $4 FROM unnest($3::uuid[]) AS p (id)`,
      [storeId, campaign, ordered.map(({ i }) => id(i)), THEN],
    );
    await tx.run(
      `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, variant_id, state, accepted_at, created_at)
       SELECT gen_random_uuid(), $1, $2, '', id, $2, 'accepted', $4, $4 FROM unnest($3::uuid[]) AS p (id)`,
      [storeId, campaign, dealt.map(({ i }) => id(i)), THEN],
    );
  });
}

async function plan({ storeId, engine }: { storeId: string; engine: TestEngine }): Promise<Campaign> {
  const report = await planCampaigns(engine, storeId);
  expect(report).toMatchObject({ planned: 1 });
  const [campaign] = await db.database.inStore(storeId, (tx) => listCampaigns(tx, 'draft'));
  return campaign!;
}

interface Dealt {
  id: string;
  key: string;
  reason: string | null;
}

const dealtTo = (storeId: string, campaignId: string) =>
  db.database.inStore(storeId, (tx) =>
    tx.rows<Dealt>(
      `SELECT customer_id AS id, variant_key AS key, offer_reason AS reason FROM holdouts WHERE store_id = $1 AND campaign_id = $2 AND arm = 'treated'`,
      [storeId, campaignId],
    ),
  );

describe('where people were planted to differ', () => {
  const differ = (i: number, offered: boolean): number => (isQuick(i) ? 0.5 : offered ? 0.4 : 0.05);
  let shop: Awaited<ReturnType<typeof world>>;
  let campaign: Campaign;
  let dealt: Dealt[];
  beforeAll(async () => {
    shop = await world('They differ', { chance: differ, learning: true });
    campaign = await plan(shop);
    dealt = await dealtTo(shop.storeId, campaign.id);
  });

  test('the plan deals by person and says why; one in five is still drawn', () => {
    expect(campaign.plan.offerDeal).toMatchObject({ by: 'person', drawn: 0.2 });
    expect(campaign.plan.offerDeal?.reason).toMatch(/some need the offer and others order without it/);
    expect(campaign.plan).toMatchObject({ offerTest: false, dealing: 'even' });
    expect(dealt.length).toBeGreaterThan(150);
    const drawn = dealt.filter(({ reason }) => reason === 'drawn');
    expect(drawn.length / dealt.length).toBeGreaterThan(0.16);
    expect(drawn.length / dealt.length).toBeLessThan(0.24);
    const offered = drawn.filter(({ key }) => key === 'a').length / drawn.length;
    expect(offered).toBeGreaterThan(0.4);
    expect(offered).toBeLessThan(0.6);
  });

  test('who needs the offer gets it, and who orders without it does not', () => {
    const quick = new Set(Array.from({ length: PEOPLE }, (_, i) => i).filter(isQuick).map(shop.id)); // prettier-ignore
    const judged = dealt.filter(({ reason }) => reason !== 'drawn');
    expect(judged.every(({ key, reason }) => (key === 'a' ? reason === 'needed' : reason === 'not_needed'))).toBe(true);
    const right = judged.filter(({ id, key }) => quick.has(id) === (key === 'b'));
    // By chance half would be.
    expect(right.length / judged.length).toBeGreaterThan(0.7);
    // What the dealing brings in the planted world, in values of an order, against the offer for all and for none.
    const value = (offered: (one: Dealt) => boolean): number =>
      judged.reduce((sum, one) => {
        const with20 = offered(one);
        return sum + differ(quick.has(one.id) ? 0 : 1, with20) * (with20 ? 0.8 : 1);
      }, 0) / judged.length;
    const byPerson = value(({ key }) => key === 'a');
    expect(byPerson).toBeGreaterThan(value(() => true) + 0.01);
    expect(byPerson).toBeGreaterThan(value(() => false) + 0.05);
  });

  test('the mail carries the code or not, and the decision comes out again with its reason', async () => {
    await writeCampaigns(shop.engine, shop.storeId);
    const variants = await db.database.inStore(shop.storeId, (tx) =>
      tx.rows<{ key: string; text: string }>('SELECT key, text FROM variants WHERE store_id = $1 AND campaign_id = $2', [shop.storeId, campaign.id]),
    ); // prettier-ignore
    expect(variants.map(({ key, text }) => [key, text.includes('BACK20')])).toEqual(expect.arrayContaining([['a', true], ['b', false]])); // prettier-ignore
    await approveCampaign(shop.engine, shop.storeId, campaign.id, 'user:1');
    await schedule(shop.engine, shop.storeId);
    for (const [reason, words] of [
      ['needed', /^Needs it: the offer brings \+/],
      ['not_needed', /^Likely to order without it: the offer would bring −/],
      ['drawn', /^Dealt by lot/],
    ] as const) {
      const one = dealt.find((row) => row.reason === reason)!;
      const told = await explain(shop.engine, shop.storeId, { campaignId: campaign.id, customerId: one.id });
      const steps = told.steps.filter(({ step }) => step === 'offer' || step === 'variant' || step === 'holdout');
      expect(steps.map(({ same, because }) => [same, because])).toEqual([[true, null], [true, null], [true, null]]); // prettier-ignore
      expect(told.steps.find(({ step }) => step === 'offer')?.what.at(-1)).toMatch(words);
    }
  });

  test('a decision that was meddled with does not come out again', async () => {
    const one = dealt.find(({ reason }) => reason === 'needed')!;
    await db.database.inStore(
      shop.storeId,
      (tx) =>
      tx.run(`UPDATE mail_scores SET offer_net = -0.5 WHERE store_id = $1 AND customer_id = $2`, [shop.storeId, one.id]), // prettier-ignore
    );
    const told = await explain(shop.engine, shop.storeId, { campaignId: campaign.id, customerId: one.id });
    expect(told.steps.find(({ step }) => step === 'offer')).toMatchObject({ same: false });
  });
});

describe('the campaign’s rule', () => {
  test('holds where people do not differ: everybody gets the offer, with the reason', async () => {
    const shop = await world('All alike', { chance: (_, offered) => (offered ? 0.2 : 0.15), learning: false });
    const campaign = await plan(shop);
    expect(campaign.plan.offerDeal).toMatchObject({ by: 'rule', drawn: 0 });
    expect(campaign.plan.offerDeal?.reason).toMatch(/do not show that people differ/);
    expect((await dealtTo(shop.storeId, campaign.id)).every(({ reason }) => reason === null)).toBe(true);
  });

  test('holds where nothing was tried, and a store that wants to learn draws lots', async () => {
    const shop = await world('Never tried', { chance: () => 0, learning: true, tried: false });
    const campaign = await plan(shop);
    expect(campaign.plan).toMatchObject({ offerTest: true, offerDeal: { by: 'test' } });
    expect(campaign.plan.offerDeal?.reason).toMatch(/nothing is known|Not enough yet/);
  });

  test('gives the offer to a person of whom nothing is known', () => {
    const deal = dealOffer({ advice: 'by_person', reason: 'So.' }, { offered: true, learning: false })!;
    const who = { deal, drawKey: 'k', campaignKey: 'c', customerKey: 'p' };
    expect(deal).toEqual({ by: 'person', reason: 'So.', drawn: 0 });
    expect([offerFor(null, who), offerFor(0.01, who), offerFor(-0.01, who)]).toEqual(['not_known', 'needed', 'not_needed']); // prettier-ignore
    expect(dealOffer(undefined, { offered: false, learning: true })).toBeNull();
  });
});
