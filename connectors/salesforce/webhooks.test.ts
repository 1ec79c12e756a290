import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeClock, type FakeClock } from '@rekindle/core/testing';
import type { PlatformWebhooks } from '@rekindle/core';
import { startSalesforceFake, type SalesforceFake } from './fake/index.ts';
import { salesforceWebhooks, signWebhook } from './src/index.ts';

let clock: FakeClock;
let fake: SalesforceFake;
let webhooks: PlatformWebhooks;
beforeEach(async () => {
  clock = fakeClock('2026-03-01T10:00:00Z');
  fake = await startSalesforceFake({ clock });
  webhooks = salesforceWebhooks({ keyOf: (account) => (account === fake.account ? fake.webhookKey : undefined) });
});
afterEach(() => fake.close());

test('what has changed is a reason to look; what was merged or erased is said', () => {
  const ana = '003000000000001AAA';
  const ben = '003000000000002AAA';
  const carla = '003000000000003AAA';
  const telling = fake.telling(
    [
      { what: 'changed', id: ana },
      { what: 'changed', id: ben },
      { what: 'merged', id: ben, into: ana },
      { what: 'erased', id: carla },
    ],
    'telling-1',
  );
  const about = { account: fake.account, at: clock.now() };
  expect(webhooks.read(telling, clock.now())).toEqual([
    { ...about, vendorEventId: 'telling-1:merged:003000000000002AAA', kind: 'merged', from: ben, into: ana },
    { ...about, vendorEventId: 'telling-1:erased:003000000000003AAA', kind: 'erase_person', externalId: carla },
    { ...about, vendorEventId: 'telling-1:look', kind: 'look' },
  ]);
  expect(webhooks.read(fake.telling([{ what: 'erased', id: carla }]), clock.now())).toHaveLength(1);
  expect(webhooks.read(fake.telling([]), clock.now())).toEqual([]);
});

test('nothing else is believed', () => {
  const { headers, body } = fake.telling([{ what: 'changed', id: '003000000000001AAA' }]);
  const refused = { code: 'unauthorised' };
  const changed = Buffer.from(Buffer.from(body).toString().replace('changed', 'erased'));
  const read = (given: { headers?: Record<string, string>; body?: Uint8Array }) => () =>
    webhooks.read({ headers: given.headers ?? headers, body: given.body ?? body }, clock.now());
  expect(read({ body: changed })).toThrow(expect.objectContaining(refused));
  expect(read({ headers: {} })).toThrow(expect.objectContaining(refused));
  expect(read({ headers: { 'x-rekindle-signature': signWebhook('another key', body) } })).toThrow(
    expect.objectContaining(refused),
  );
  const stranger = Buffer.from(Buffer.from(body).toString().replace(fake.account, '00D000000000009AAA'));
  expect(read({ body: stranger })).toThrow(expect.objectContaining(refused));
  expect(read({ body: Buffer.from('{') })).toThrow(expect.objectContaining({ code: 'bad_request' }));
  expect(read({ body: Buffer.from('{"id":1}') })).toThrow(expect.objectContaining({ code: 'bad_request' }));
  expect(read({})).not.toThrow();
  clock.advance(6 * 60_000);
  expect(read({})).toThrow(expect.objectContaining(refused));
});
