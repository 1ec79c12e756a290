import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { erasePerson } from '../events/erase.ts';
import { exportPerson } from '../events/export-person.ts';
import { mergeCustomers, undoMerge } from '../ingest/index.ts';
import { uuidOf } from '../random.ts';
import { addReply, repliesOf } from '../replies/index.ts';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import {
  addPreference,
  askedFor,
  askedSql,
  ASKED_REASONS,
  newestPreferenceSql,
  NO_PREFERENCE,
  preferencesOf,
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

test('what was asked for and written goes with the person: to whom she turns out to be, back again, and away with her', async () => {
  const engine = buildEngine(base.database, { now: NOW });
  const [kept, gone] = [uuidOf('kept'), uuidOf('gone')];
  const inStore = <Result>(work: Parameters<typeof base.database.inStore<Result>>[1]) =>
    base.database.inStore(storeId, work);
  await inStore(async (tx) => {
    for (const [id, externalId] of [
      [kept, 'k'],
      [gone, 'g'],
    ]) {
      await tx.run(
        `INSERT INTO customers (id, store_id, key, email, created_at, updated_at) VALUES ($2, $1, $3, $3 || '@mail.example', $4, $4)`,
        [storeId, id, externalId, NOW],
      );
      await tx.run(`INSERT INTO identities (store_id, platform, external_id, customer_id) VALUES ($1, 'crm', $3, $2)`, [
        storeId,
        id,
        externalId,
      ]);
    }
    await addPreference(tx, { ...NO_PREFERENCE, daysBetween: 7, customerId: kept, at: hoursAgo(3), source: 'test' });
    await addPreference(tx, { ...NO_PREFERENCE, daysBetween: 90, customerId: gone, at: hoursAgo(2), source: 'test' });
    const about = { customerId: gone, messageId: uuidOf('mail'), campaignId: uuidOf('campaign') };
    const words = { subject: 'Re: Tea', text: 'Do you have the green one?' };
    await addReply(tx, engine.keys, { ...about, ...words, id: uuidOf('reply'), at: hoursAgo(1), kind: 'person' });
  });
  const standing = (id: string) =>
    inStore(async (tx) => [
      (await preferencesOf(tx, id, 1))[0]?.daysBetween ?? null,
      (await repliesOf(tx, engine.keys, id, 9)).map(({ text }) => text),
    ]);
  await mergeCustomers(engine, storeId, { kept, gone }, 'user:test');
  expect(await standing(kept)).toEqual([90, ['Do you have the green one?']]);
  const [merge] = await inStore((tx) => tx.rows<{ id: number }>('SELECT id FROM merges'));
  await undoMerge(engine, storeId, Number(merge?.id), 'user:test');
  expect(await standing(kept)).toEqual([7, []]);
  expect(await standing(gone)).toEqual([90, ['Do you have the green one?']]);
  await inStore((tx) => exportPerson(engine, tx, { platform: 'crm', externalId: 'g', at: NOW }));
  const [handed] = await inStore((tx) =>
    tx.rows<{ id: string; body: Buffer }>('SELECT id, body FROM personal_exports'),
  );
  const open = engine.keys.decrypt(
    `${storeId}/personal_exports/${handed?.id ?? ''}/body`,
    handed?.body ?? Buffer.alloc(0),
  );
  expect(open.toString()).toContain('Do you have the green one?');
  await inStore((tx) => erasePerson(tx, engine.keys, { platform: 'crm', externalId: 'g', at: NOW }));
  expect(await standing(gone)).toEqual([null, []]);
});
