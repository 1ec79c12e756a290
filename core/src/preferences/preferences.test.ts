import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import {
  addPreference,
  askedFor,
  askedSql,
  ASKED_REASONS,
  newestPreferenceSql,
  NO_PREFERENCE,
  samePreference,
  wishSentences,
  type Preference,
} from './index.ts';

const NOW = new Date('2026-03-02T10:00:00Z');
const HOUR = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

let base: TestDatabase;
let storeId: string;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(base.database);
});
afterAll(() => base.drop());

/** Hours around the edges of what can be asked for, of both sides. */
const edges = [0, 7, 30, 90].flatMap((days) => [-1, 0, 1].map((hour) => hoursAgo(days * 24 + hour)));
const preference: fc.Arbitrary<Preference> = fc.record({
  topicsOff: fc.subarray(['offers', 'news', 'reminders']),
  daysBetween: fc.constantFrom(null, 7, 30, 90),
  pausedUntil: fc.constantFrom(null, hoursAgo(1), NOW, hoursAgo(-1)),
  language: fc.constantFrom(null, 'en', 'es'),
});

test('the database judges a set of people as the rule judges each', async () => {
  const people = fc.sample(
    fc.record({ preference, topic: fc.constantFrom('offers', 'news'), last: fc.option(fc.constantFrom(...edges)) }),
    {
      numRuns: 400,
      seed: 5,
    },
  );
  const id = (i: number): string => uuidOf('asked', String(i));
  const rows = await base.database.inStore(storeId, async (tx) => {
    for (const [i, one] of people.entries()) {
      await addPreference(tx, {
        ...NO_PREFERENCE,
        topicsOff: ['offers', 'news'],
        customerId: id(i),
        at: hoursAgo(9),
        source: 'test',
      });
      await addPreference(tx, { ...one.preference, customerId: id(i), at: hoursAgo(8), source: 'test' });
    }
    return tx.rows<{ place: number; asked: string | null }>(
      `SELECT p.place::int, ${askedSql({ topic: 'p.topic', now: '$5::timestamptz', mailedAfter: (since) => `p.last > ${since}` })} AS asked
       FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) WITH ORDINALITY AS p (id, topic, last, place)
       ${newestPreferenceSql('p.id')} WHERE $1::uuid IS NOT NULL ORDER BY p.place`,
      [storeId, people.map((_, i) => id(i)), people.map(({ topic }) => topic), people.map(({ last }) => last), NOW],
    );
  });
  const judged = people.map((one) => askedFor(one.preference, { topic: one.topic, now: NOW, lastMailAt: one.last }));
  expect(rows.map(({ asked }) => asked)).toEqual(judged);
  expect(new Set(judged)).toEqual(new Set([null, ...ASKED_REASONS]));
});

test('whoever asked for nothing gets everything; the same wishes in another order are the same', () => {
  expect(askedFor(NO_PREFERENCE, { topic: 'offers', now: NOW, lastMailAt: NOW })).toBeNull();
  fc.assert(fc.property(preference, (one) => samePreference(one, { ...one, topicsOff: one.topicsOff.toReversed() })));
  expect(samePreference(NO_PREFERENCE, { ...NO_PREFERENCE, pausedUntil: NOW })).toBe(false);
});

test('is told in the words of a shopkeeper, in both languages', () => {
  const topics = [{ key: 'news', en: 'New in the shop', es: 'Novedades' }];
  const asked = { topicsOff: ['news', 'gone'], daysBetween: 30, pausedUntil: hoursAgo(-24), language: 'es' };
  expect(wishSentences(asked, topics, { language: 'en', timeZone: 'Europe/Madrid' }, NOW)).toEqual([
    'Paused until 3 March.',
    'Asked for at most one mail a month.',
    'Does not want: New in the shop, gone.',
    'Wants mails in Spanish.',
  ]);
  expect(wishSentences(asked, topics, { language: 'es', timeZone: 'Europe/Madrid' }, NOW)).toEqual([
    'En pausa hasta el 3 de marzo.',
    'Pidió como mucho un correo al mes.',
    'No quiere: Novedades, gone.',
    'Quiere los correos en español.',
  ]);
  expect(
    wishSentences({ ...NO_PREFERENCE, pausedUntil: hoursAgo(1) }, topics, { language: 'en', timeZone: 'UTC' }, NOW),
  ).toEqual([]);
});
