import { expect, test } from 'vitest';
import { createWorld } from './index.ts';

const FROM = new Date('2024-01-01T00:00:00Z');
const UNTIL = new Date('2026-01-01T00:00:00Z');

function world(seed = 1, people = 400) {
  return createWorld({ seed, people, from: FROM, until: UNTIL });
}

test('the same seed is the same shop, another seed another one', () => {
  const log = (seed: number) => [...world(seed).ordersCsv(UNTIL)].join('');
  expect(log(1)).toBe(log(1));
  expect(log(1)).not.toBe(log(2));
});

test('nothing is told before it happened', () => {
  const early = new Date('2024-07-01T00:00:00Z');
  const rows = [...world().ordersCsv(early)].join('').trim().split('\n').slice(1);
  expect(rows.length).toBeGreaterThan(50);
  expect(rows.filter((row) => (row.split(',')[2] ?? '') > early.toISOString())).toEqual([]);
});

test('buying has the published rate: people of CDNOW buy about 1.04 times more in their first 32 weeks', () => {
  // E[X(31.8571 weeks)] = 1.0405, reference value of the BG/NBD and Pareto/NBD fits to CDNOW.
  const weeks = 31.8571 * 7 * 86_400_000;
  const large = world(3, 6000);
  let people = 0;
  let repeats = 0;
  for (let number = 0; number < large.people; number++) {
    const who = large.person(number);
    if (who.joinedAt + weeks > UNTIL.getTime()) continue;
    people++;
    repeats += who.orders.filter((order) => order.at > who.joinedAt && order.at <= who.joinedAt + weeks).length;
  }
  expect(repeats / people).toBeGreaterThan(0.95);
  expect(repeats / people).toBeLessThan(1.13);
});

test('a mail brings extra orders, about as many as planted, and a copy of it nothing more', () => {
  const shop = world(5, 3000);
  const at = new Date('2025-06-01T09:00:00Z');
  const ids = Array.from({ length: shop.people }, (_, number) => shop.person(number)).filter(
    (who) => who.joinedAt < at.getTime(),
  );
  const planted = shop.plantedEffect(
    ids.map((who) => ({ customerId: who.id, at })),
    UNTIL,
  );
  const revenue = () => {
    const rows = [...shop.ordersCsv(UNTIL)].slice(1).join('').trim().split('\n');
    return Math.round(rows.reduce((sum, row) => sum + Number(row.split(',')[3]) * 100, 0));
  };
  const before = revenue();
  for (const who of ids) shop.receive({ messageId: `m-${who.id}`, email: who.email, at });
  const after = revenue();
  for (const who of ids) shop.receive({ messageId: `m-${who.id}`, email: who.email, at });
  expect(revenue()).toBe(after);
  expect((after - before) / planted).toBeGreaterThan(0.85);
  expect((after - before) / planted).toBeLessThan(1.15);
});

test('reactions come once, in order, at hours when people read', () => {
  const shop = world(7, 500);
  const at = new Date('2025-06-01T09:00:00Z');
  for (let number = 0; number < 300; number++)
    shop.receive({ messageId: `m${String(number)}`, email: shop.person(number).email, at });
  const first = shop.reactions(new Date(at.getTime() + 60_000));
  expect(first.filter((reaction) => reaction.kind === 'delivered').length).toBeGreaterThan(280);
  expect(first.filter((reaction) => reaction.kind === 'open').every((reaction) => reaction.machine)).toBe(true);
  const later = shop.reactions(new Date(at.getTime() + 3 * 86_400_000));
  expect(later.map((reaction) => reaction.at)).toEqual(later.map((reaction) => reaction.at).toSorted((a, b) => a - b));
  expect(later.filter((reaction) => reaction.kind === 'open').length).toBeGreaterThan(50);
  expect(shop.nextReactionAt()).toBeUndefined();
});
