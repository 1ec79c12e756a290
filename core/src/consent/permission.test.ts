import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import fc from 'fast-check';
import type { SourceConsent } from '../ports.ts';
import { uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { consentClock, mailableSql, mayMail, RULES, type PermissionQuestion } from './index.ts';

const now = new Date('2026-03-15T12:00:00Z');
const ask = (question: Partial<PermissionQuestion>) =>
  mayMail({ country: 'ES', consent: undefined, lastSaleAt: null, now, ...question });
const said = (state: SourceConsent['state'], basis: SourceConsent['basis'], at = '2025-12-01T00:00:00Z') => ({
  state,
  basis,
  at: new Date(at),
});
const sale = new Date('2025-01-10T00:00:00Z');

describe('who may be written to', () => {
  test('a sale stands for consent in Spain, not in Poland', () => {
    expect(ask({ lastSaleAt: sale })).toEqual({ allowed: true, basis: 'soft_opt_in' });
    expect(ask({ country: 'PL', lastSaleAt: sale })).toEqual({ allowed: false, reason: 'no_consent' });
  });

  test('in Spain the person must have been asked, in Canada not', () => {
    const consent = said('not_asked', 'none');
    expect(ask({ consent, lastSaleAt: sale })).toEqual({ allowed: false, reason: 'no_consent' });
    expect(ask({ country: 'CA', consent, lastSaleAt: sale })).toEqual({ allowed: true, basis: 'implied' });
  });

  test('in Canada a sale counts for 24 months to the instant, an enquiry for 6', () => {
    const canadian = { country: 'CA', lastSaleAt: new Date('2024-03-15T12:00:00Z') };
    expect(ask(canadian)).toEqual({ allowed: false, reason: 'consent_expired' });
    expect(ask({ ...canadian, now: new Date(now.getTime() - 1) })).toEqual({ allowed: true, basis: 'implied' });
    expect(consentClock({ ...canadian, consent: undefined })).toEqual({ basis: 'implied', expiresAt: now });
    expect(ask({ country: 'CA', consent: said('subscribed', 'none') })).toEqual({ allowed: true, basis: 'enquiry' });
    expect(ask({ country: 'CA', consent: said('subscribed', 'none', '2025-09-01T00:00:00Z') })).toEqual({
      allowed: false,
      reason: 'consent_expired',
    });
  });

  test('an express yes does not expire; Germany wants it confirmed', () => {
    const consent = said('subscribed', 'express', '2012-01-01T00:00:00Z');
    expect(ask({ country: 'CA', consent })).toEqual({ allowed: true, basis: 'express' });
    expect(ask({ country: 'DE', consent })).toEqual({ allowed: false, reason: 'no_consent' });
    expect(ask({ country: 'DE', consent, lastSaleAt: sale })).toEqual({ allowed: true, basis: 'soft_opt_in' });
    expect(ask({ country: 'DE', consent: said('subscribed', 'double_opt_in') })).toEqual({
      allowed: true,
      basis: 'express',
    });
  });

  test('in the United States anybody, until the person says no', () => {
    expect(ask({ country: 'US' })).toEqual({ allowed: true, basis: 'opt_out' });
    expect(ask({ country: 'US', consent: said('unsubscribed', 'none'), lastSaleAt: now })).toEqual({
      allowed: false,
      reason: 'unsubscribed',
    });
  });

  test('an unknown country gets the short clock', () => {
    expect(ask({ country: null, lastSaleAt: sale })).toEqual({ allowed: true, basis: 'soft_opt_in' });
    expect(ask({ country: 'XX', lastSaleAt: new Date('2024-01-10T00:00:00Z') })).toEqual({
      allowed: false,
      reason: 'consent_expired',
    });
  });

  test('every country stands in one rule', () => {
    const all = RULES.flatMap((rule) => rule.countries);
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((country) => !/^[A-Z]{2}$/.test(country))).toEqual([]);
  });
});

describe('the same in SQL', () => {
  let base: TestDatabase;
  beforeAll(async () => {
    base = await createTestDatabase(inject('testServer'));
  });
  afterAll(() => base.drop());

  const instant = fc.date({
    min: new Date('2022-01-01T00:00:00Z'),
    max: new Date('2026-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  const person = fc.record({
    country: fc.constantFrom(null, 'XX', ...RULES.flatMap((rule) => rule.countries.slice(0, 2)), 'ca', 'CA', 'CA'),
    lastSaleAt: fc.option(instant),
    // Older records that must not count, then the newest.
    history: fc.array(
      fc.record({
        state: fc.constantFrom('subscribed', 'subscribed', 'unsubscribed', 'pending', 'not_asked'),
        basis: fc.constantFrom('express', 'double_opt_in', 'soft_opt_in', 'none'),
        at: instant,
      }),
      { maxLength: 3 },
    ),
  });

  test('agrees with the rule on random people', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 40, maxLength: 120 }), instant, async (people, at) => {
        const storeId = await buildStore(base.database, { name: `Round ${String(round++)}` });
        const ids = people.map((_, place) => uuidOf('customer', storeId, String(place)));
        const judged = await base.database.inStore(storeId, async (tx) => {
          await tx.run("SET LOCAL TIME ZONE 'Pacific/Apia'");
          await tx.run(
            `INSERT INTO customers (id, store_id, key, country, created_at, updated_at)
             SELECT id, $1, id::text, country, now(), now() FROM unnest($2::uuid[], $3::text[]) AS p (id, country)`,
            [storeId, ids, people.map((one) => one.country)],
          );
          await tx.run(
            `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at)
             SELECT $1, id, 1, 1, 1, at, at FROM unnest($2::uuid[], $3::timestamptz[]) AS p (id, at) WHERE at IS NOT NULL`,
            [storeId, ids, people.map((one) => one.lastSaleAt)],
          );
          const history = people.flatMap((one, place) => one.history.map((row) => ({ ...row, id: ids[place] })));
          await tx.run(
            `INSERT INTO consents (store_id, customer_id, state, basis, at, source)
             SELECT $1, id, state, basis, at, 'test' FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS p (id, state, basis, at)
             ON CONFLICT DO NOTHING`,
            [storeId, ...(['id', 'state', 'basis', 'at'] as const).map((column) => history.map((row) => row[column]))],
          );
          return tx.rows<{ customer_id: string; basis: string | null; reason: string | null; expires_at: Date | null }>(
            mailableSql({ customers: 'SELECT id AS customer_id FROM customers', now: '$1::timestamptz' }),
            [at],
          );
        });
        const bySql = new Map(judged.map((row) => [row.customer_id, row]));
        for (const [place, one] of people.entries()) {
          const consent = one.history.reduce<SourceConsent | undefined>(
            (newest, row) => (!newest || row.at >= newest.at ? row : newest),
            undefined,
          );
          const question = { country: one.country, consent, lastSaleAt: one.lastSaleAt };
          const permission = mayMail({ ...question, now: at });
          const clock = consentClock(question);
          expect(bySql.get(ids[place] ?? '')).toEqual({
            customer_id: ids[place],
            basis: permission.allowed ? permission.basis : null,
            reason: permission.allowed ? null : permission.reason,
            expires_at: clock.basis === null ? null : clock.expiresAt,
          });
        }
      }),
      { numRuns: 25, seed: 5 },
    );
  });
});
