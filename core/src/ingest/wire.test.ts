import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { copyBinary } from '../database/copy.ts';
import { uuidOf } from '../random.ts';
import { buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { ID, idsOf, lanesOf, lineNumber, orderIdsOf, type WriteId } from './ids.ts';
import { Wire } from './wire.ts';

let base: TestDatabase;
let storeId: string;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
  storeId = await buildStore(base.database);
});
afterAll(() => base.drop());

function bytesOf(id: string): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function hexOf(write: WriteId, externalId: string): string {
  const bytes = Buffer.alloc(ID + 2);
  write(externalId, bytes, 1);
  return bytes.subarray(1, ID + 1).toString('hex');
}

test('what is written in binary is read as it was meant', async () => {
  const row = fc.record({
    id: fc.uuid(),
    text: fc.option(fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', ''))),
    int: fc.integer(),
    bigint: fc.maxSafeInteger(),
    at: fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 50 }), async (rows) => {
      const wire = new Wire(6, 64);
      for (const [place, one] of rows.entries()) {
        wire.row();
        wire.int(place);
        wire.uuid(bytesOf(one.id));
        if (one.text === null) wire.none();
        else wire.text(one.text);
        wire.int(one.int);
        wire.bigint(one.bigint);
        wire.time(one.at.getTime());
      }
      const read = await base.database.inStore(storeId, async (tx) => {
        await tx.run(
          'CREATE TEMPORARY TABLE written (place int, id uuid, text text, int int, bigint bigint, at timestamptz) ON COMMIT DROP',
        );
        await copyBinary(tx.client, 'written', ['place', 'id', 'text', 'int', 'bigint', 'at'], wire.take() ?? []);
        return tx.rows('SELECT id, text, int, bigint, at FROM written ORDER BY place');
      });
      expect(read).toEqual(rows);
      expect(wire.take()).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});

test('ids are those of uuidOf, and those of orders stand in the order of the platform’s numbers', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (store, platform, id) => {
      const made = hexOf(idsOf('customer', store, platform), id);
      expect(made).toBe(uuidOf('customer', store, platform, id).replaceAll('-', ''));
    }),
  );
  const idOf = (externalId: string): string => hexOf(orderIdsOf('store', 'shop'), externalId);
  const ids = ['#999', '#1000', 'C1001', '5123456789012', '9999999999999'].map(idOf);
  expect(ids.map((id) => Number.parseInt(id.slice(0, 12), 16))).toEqual([
    999, 1000, 1001, 5123456789012, 9999999999999,
  ]);
  expect(ids.toSorted()).toEqual(ids);
  expect(idOf('A1')).not.toBe(idOf('B1'));
  for (const id of [...ids, idOf('no number')]) expect(id).toMatch(/^[0-9a-f]{12}8[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
});

test('a hundred thousand lines of one order have a hundred thousand numbers', () => {
  const numbers = new Set<number>();
  for (let product = 0; product < 100; product++) {
    const lanes = lanesOf(`p${String(product)}`);
    for (let quantity = 1; quantity <= 10; quantity++)
      for (let amount = -50; amount < 50; amount++) numbers.add(lineNumber(lanes, quantity, amount * 100));
  }
  expect(numbers.size).toBe(100_000);
  expect([...numbers].every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true);
});
