/** What goes back stands there once, whatever came in between, and one bad record spoils no other. */
import type { ConsentPayload, OutcomePayload, ScorePayload, WriteBack } from '@rekindle/core';
import { describe, expect, test } from 'vitest';
import { standing } from './fake/index.ts';
import { openShop, schemaMissing, type Opened } from './fake/testing.ts';
import { shopifyConnector } from './src/index.ts';

const missing = await schemaMissing();

const CAMPAIGN = '4d4ce8b4-6f43-4e0a-9f0e-2f3f6f1f0001';
const score: ScorePayload = {
  state: 'scored',
  lifeStage: 'slipping',
  lifeStageWords: 'Slipping away',
  chanceToReturn: 0.42,
  expectedValue90: { amount: 3150, currency: 'EUR' },
  expectedValue365: { amount: 9900, currency: 'EUR' },
  valueAtRisk: { amount: 5, currency: 'EUR' },
  nextOrderOn: '2026-03-01',
  reasons: ['Usually orders every 30 days.', 'Spends more than most.'],
  nextAction: { code: 'win_back', words: 'Write to win back' },
  scoreVersion: 7,
};
const unknownScore: ScorePayload = {
  ...score,
  state: 'not_enough_data',
  chanceToReturn: null,
  expectedValue90: null,
  expectedValue365: null,
  valueAtRisk: null,
  nextOrderOn: null,
  reasons: [],
};
const outcome: OutcomePayload = {
  name: 'Win back, spring',
  state: 'running',
  treated: 900,
  heldBack: 100,
  verdict: 'not_yet',
  verdictWords: 'Not yet.',
  incrementalRevenue: { amount: 0, low: -100, high: 100, confidence: 0.95, currency: 'EUR' },
  sends: { accepted: 890, opened: 300, clicked: 90, unsubscribed: 4, complained: 1, failed: 10 },
  ordersAfter: 60,
  startedOn: '2026-02-01',
};
const consent = (state: ConsentPayload['state'], at: string): ConsentPayload => ({
  channel: 'email',
  state,
  basis: 'none',
  at,
});

const record = (id: number, kind: WriteBack['kind'], subjectId: string, payload: object): WriteBack => ({
  id,
  kind,
  subjectId,
  payload: { ...payload },
});
const allWell = (records: WriteBack[]) => records.map(({ id }) => ({ id, ok: true }));

async function opened(work: (shop: Opened, people: string[]) => Promise<void>): Promise<void> {
  const open = await openShop({ customers: 20, orders: 0 });
  const mailed = [...open.shop.state.customers.values()].filter((one) => one.email !== null);
  try {
    await work(
      open,
      mailed.map((one) => String(one.id)),
    );
  } finally {
    await open.fake.close();
  }
}

describe.skipIf(missing !== undefined)(missing ?? 'with Shopify’s schema', () => {
  test('a score stands as metafields that merchants can read, and what is not known any more goes', () =>
    opened(async ({ connector, shop }, [anna = '']) => {
      expect(await connector.push([record(1, 'score', anna, score)])).toEqual([{ id: 1, ok: true }]);
      expect(shop.metafieldsOf(Number(anna))).toEqual({
        life_stage: 'Slipping away',
        chance_to_return: '0.4200',
        expected_value_90: '{"amount":"31.50","currency_code":"EUR"}',
        expected_value_365: '{"amount":"99.00","currency_code":"EUR"}',
        value_at_risk: '{"amount":"0.05","currency_code":"EUR"}',
        next_order_on: '2026-03-01',
        reasons: '["Usually orders every 30 days.","Spends more than most."]',
        next_action: 'Write to win back',
      });
      expect(shop.state.definitions.size).toBe(8);
      await connector.push([record(2, 'score', anna, unknownScore)]);
      expect(shop.metafieldsOf(Number(anna))).toEqual({
        life_stage: 'Slipping away',
        next_action: 'Write to win back',
      });
    }));

  test('one person that the shop does not know spoils nobody else’s score', () =>
    opened(async ({ connector, shop }, people) => {
      const records = [...people.slice(0, 4), '999999', ...people.slice(4, 7)].map((id, place) =>
        record(place, 'score', id, score),
      );
      const results = await connector.push(records);
      expect(results.filter((result) => !result.ok)).toMatchObject([{ id: 4, retryable: false }]);
      for (const id of people.slice(0, 7)) expect(Object.keys(shop.metafieldsOf(Number(id)))).toHaveLength(8);
    }));

  test('several people share a call', () =>
    opened(async ({ connector, fake }, people) => {
      await connector.push(people.slice(0, 9).map((id, place) => record(place, 'score', id, score)));
      expect(fake.asked.filter((name) => name === 'SetMetafields')).toHaveLength(3);
    }));

  test('newer figures of a campaign replace the older; it is one activity', () =>
    opened(async ({ connector, shop }) => {
      const later = { ...outcome, state: 'completed', sends: { ...outcome.sends, opened: 400 } };
      await connector.push([record(1, 'outcome', CAMPAIGN, outcome)]);
      await connector.push([record(2, 'outcome', CAMPAIGN, later)]);
      expect(shop.state.activities.size).toBe(1);
      expect(shop.state.activities.get(CAMPAIGN)?.status).toBe('INACTIVE');
      expect([...shop.state.engagements]).toEqual([
        [
          `${CAMPAIGN} 2026-02-01 +01:00`,
          expect.objectContaining({ uniqueViewsCount: 400, sendsCount: 890, orders: '60' }),
        ],
      ]);
    }));

  test('a wish is told; a newer one that was said in the shop stays', () =>
    opened(async ({ connector, shop, clock }) => {
      const anna = shop.addCustomer({
        email: 'anna@example.com',
        consent: 'SUBSCRIBED',
        createdAt: new Date('2026-01-01'),
      });
      await connector.push([
        record(1, 'consent', String(anna.id), consent('unsubscribed', '2026-02-01T10:00:00.000Z')),
      ]);
      expect(anna.consent).toMatchObject({ state: 'UNSUBSCRIBED', updatedAt: new Date('2026-02-01T10:00:00Z') });
      shop.setConsent(anna.id, 'SUBSCRIBED');
      expect(anna.consent.updatedAt).toEqual(clock.now());
      const late = record(2, 'consent', String(anna.id), consent('unsubscribed', '2026-02-02T10:00:00.000Z'));
      expect(await connector.push([late])).toEqual([{ id: 2, ok: true }]);
      expect(anna.consent.state).toBe('SUBSCRIBED');
    }));

  test('lost answers, 429 and repeats leave the same as if all had gone well', () =>
    opened(async (open, people) => {
      const records = [
        ...people.slice(0, 8).map((id, place) => record(place, 'score', id, score)),
        record(20, 'outcome', CAMPAIGN, outcome),
        ...people
          .slice(8, 12)
          .map((id, place) => record(30 + place, 'consent', id, consent('unsubscribed', '2026-02-25T10:00:00.000Z'))),
      ];
      const before = new Map([...open.shop.state.customers.values()].map((one) => [one.id, one.consent]));
      expect(await open.connector.push(records)).toEqual(allWell(records));
      const wanted = standing(open.shop);
      const { metafields, activities, engagements, definitions, consents } = open.shop.state;
      for (const kept of [metafields, activities, engagements, definitions, consents]) kept.clear();
      for (const one of open.shop.state.customers.values()) one.consent = before.get(one.id) ?? one.consent;
      open.fake.setFaults({ error_after: 0.25, reset_after: 0.15, too_many: 0.1, throttled: 0.1 });
      for (let tries = 0; tries < 5; tries++) await shopifyConnector(open.options).push(records);
      open.fake.setFaults({});
      expect(await shopifyConnector(open.options).push(records)).toEqual(allWell(records));
      expect(standing(open.shop)).toEqual(wanted);
    }));

  test('while Shopify is away, the rest is not even tried, and all of it later', () =>
    opened(async ({ connector, fake }, people) => {
      fake.setFaults({ error_before: 1 });
      const records = [
        ...people.slice(0, 9).map((id, place) => record(place, 'score', id, score)),
        record(20, 'outcome', CAMPAIGN, outcome),
      ];
      const results = await connector.push(records);
      expect(results).toHaveLength(10);
      expect(results.every((result) => !result.ok && result.retryable)).toBe(true);
      expect(fake.asked.filter((name) => name !== 'access_token')).toHaveLength(7);
      fake.setFaults({});
      expect(await connector.push(records)).toEqual(allWell(records));
    }));

  test('an unreadable payload and a touch are refused for good, naming nobody', () =>
    opened(async ({ connector }, [anna = '']) => {
      const results = await connector.push([
        record(1, 'score', anna, { email: 'anna@example.com' }),
        record(2, 'consent', anna, {}),
        record(3, 'touch', 'm1', { externalId: anna }),
      ]);
      expect(results).toMatchObject([1, 2, 3].map((id) => ({ id, ok: false, retryable: false })));
      expect(JSON.stringify(results)).not.toContain('@');
    }));
});
