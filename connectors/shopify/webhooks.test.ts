/** What Shopify tells by itself: believed only when signed, read as a pull would have read it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlatformEvent, PullBatch, RawWebhook } from '@rekindle/core';
import { describe, expect, test } from 'vitest';
import { openShop, schemaMissing, type Opened } from './fake/testing.ts';
import { registerShopifyWebhooks, shopifyWebhooks, SUBSCRIBED_TOPICS } from './src/index.ts';

const missing = await schemaMissing();

const NOW = new Date('2026-03-01T12:00:00Z');

async function opened(work: (shop: Opened) => Promise<void>): Promise<void> {
  const open = await openShop({ customers: 0, orders: 0 });
  try {
    await work(open);
  } finally {
    await open.fake.close();
  }
}

/** All that waits at the fake, as events, in order. */
function told({ fake }: Opened): PlatformEvent[] {
  const webhooks = shopifyWebhooks({ apiSecrets: [fake.app.apiSecret] });
  return fake.pending.flatMap((one) => webhooks.read(fake.signed(one), NOW));
}

const rowsOf = (events: PlatformEvent[]): PullBatch[] =>
  events.flatMap((one) => (one.kind === 'rows' ? [one.batch] : []));

describe.skipIf(missing !== undefined)(missing ?? 'with Shopify’s schema', () => {
  test('each topic says what happened, in which shop and when', () =>
    opened((open) => {
      const { shop, clock } = open;
      const anna = shop.addCustomer({ email: 'anna@example.com', country: 'ES' });
      const ben = shop.addCustomer({ email: 'ben@example.com' });
      const gone = shop.addCustomer();
      shop.deleteCustomer(gone.id);
      shop.mergeCustomers(ben.id, anna.id);
      shop.comply('customers/data_request', anna.id);
      shop.comply('customers/redact', anna.id);
      shop.uninstall();
      shop.comply('shop/redact');
      const events = told(open);
      expect(events.map((one) => one.kind)).toEqual([
        'rows',
        'rows',
        'rows',
        'look',
        'merged',
        'export_person',
        'erase_person',
        'removed',
        'erase_account',
      ]);
      expect(new Set(events.map((one) => one.vendorEventId)).size).toBe(events.length);
      for (const event of events) expect(event).toMatchObject({ account: shop.domain, at: clock.now() });
      expect(events[4]).toMatchObject({ from: String(ben.id), into: String(anna.id) });
      expect(events[6]).toMatchObject({ externalId: String(anna.id), email: 'anna@example.com' });
      return Promise.resolve();
    }));

  test('an order told by a webhook has the very lines that a pull gives it', () =>
    opened(async (open) => {
      const anna = open.shop.addCustomer({ email: 'anna@example.com' });
      open.shop.placeOrder({
        customerId: anna.id,
        items: [
          { title: 'Tea', price: 1250, quantity: 3, discount: 125, productId: 7 },
          { title: 'Pot', price: 4000 },
        ],
        shipping: 495,
      });
      const [, created, paid] = rowsOf(told(open));
      const pulled: PullBatch[] = [];
      for await (const batch of open.connector.pull({})) pulled.push(batch);
      const wanted = pulled.flatMap((batch) => batch.orderLines ?? []);
      expect(wanted).toHaveLength(3);
      expect(created?.orderLines).toEqual(wanted);
      expect(paid?.orderLines).toEqual(wanted);
    }));

  test('a wish said in the shop comes with its time; a refunded order is to be looked up', () =>
    opened((open) => {
      const { shop } = open;
      const anna = shop.addCustomer({ email: 'anna@example.com', consent: 'SUBSCRIBED' });
      const order = shop.placeOrder({ customerId: anna.id, items: [{ title: 'Tea', price: 1250 }] });
      const before = told(open).length;
      shop.setConsent(anna.id, 'UNSUBSCRIBED');
      shop.refundOrder(order.id, 500);
      const events = told(open).slice(before);
      expect(rowsOf(events)).toEqual([
        {
          customers: [
            {
              externalId: String(anna.id),
              consent: { state: 'unsubscribed', basis: 'none', at: open.clock.now() },
            },
          ],
          rowsRead: 1,
        },
      ]);
      expect(events.slice(1).map((one) => one.kind)).toEqual(['look', 'look']);
      return Promise.resolve();
    }));

  test('an order that does not count tells nothing, an unknown topic neither', () =>
    opened((open) => {
      const anna = open.shop.addCustomer({ email: 'anna@example.com' });
      const before = told(open).length;
      open.shop.placeOrder({ customerId: anna.id, items: [{ title: 'Tea', price: 1 }], status: 'PENDING' });
      expect(told(open)).toHaveLength(before);
      const webhooks = shopifyWebhooks({ apiSecrets: [open.fake.app.apiSecret] });
      const other = open.fake.signed({ shop: open.shop.domain, topic: 'products/update', payload: {} });
      expect(webhooks.read(other, NOW)).toEqual([]);
      return Promise.resolve();
    }));

  test('nothing is believed that is unsigned, changed or signed by another', () =>
    opened((open) => {
      const { fake, shop } = open;
      const raw = fake.signed({ shop: shop.domain, topic: 'app/uninstalled', payload: { id: 1 } });
      const webhooks = shopifyWebhooks({ apiSecrets: ['old secret', fake.app.apiSecret] });
      expect(webhooks.read(raw, NOW)).toHaveLength(1);
      const refused = (given: RawWebhook, reader = webhooks): void => {
        expect(() => reader.read(given, NOW)).toThrow(expect.objectContaining({ code: 'unauthorised' }) as Error);
      };
      for (let place = 0; place < raw.body.length; place++) {
        const body = Uint8Array.from(raw.body);
        body[place] = (body[place] ?? 0) ^ 1;
        refused({ ...raw, body });
      }
      const { 'x-shopify-hmac-sha256': signature = '', ...unsigned } = raw.headers;
      refused({ ...raw, headers: unsigned });
      refused({ ...raw, headers: { ...unsigned, 'x-shopify-hmac-sha256': signature.slice(0, 10) } });
      refused(raw, shopifyWebhooks({ apiSecrets: ['another'] }));
      // As Node gives headers, and as others do.
      const loud = Object.fromEntries(Object.entries(raw.headers).map(([name, value]) => [name.toUpperCase(), value]));
      expect(webhooks.read({ ...raw, headers: loud }, NOW)).toHaveLength(1);
      return Promise.resolve();
    }));

  test('a body that is none is a bad request', () =>
    opened((open) => {
      const { fake, shop } = open;
      const webhooks = shopifyWebhooks({ apiSecrets: [fake.app.apiSecret] });
      const bad = { code: 'bad_request' };
      for (const topic of ['customers/update', 'orders/create', 'customers/redact', 'customers/merge']) {
        const raw = fake.signed({ shop: shop.domain, topic, payload: { id: null } });
        expect(() => webhooks.read(raw, NOW)).toThrow(expect.objectContaining(bad) as Error);
      }
      const foreign = fake.signed({ shop: 'evil.example', topic: 'app/uninstalled', payload: {} });
      expect(() => webhooks.read(foreign, NOW)).toThrow(expect.objectContaining(bad) as Error);
      return Promise.resolve();
    }));

  test('subscribing twice is subscribing once, and another address moves the subscriptions', () =>
    opened(async ({ options, shop }) => {
      await registerShopifyWebhooks(options, 'https://app.example/webhooks/shopify');
      await registerShopifyWebhooks(options, 'https://app.example/webhooks/shopify');
      expect(shop.state.subscriptions.size).toBe(SUBSCRIBED_TOPICS.length);
      await registerShopifyWebhooks(options, 'https://new.example/webhooks/shopify');
      const all = [...shop.state.subscriptions.values()];
      expect(all).toHaveLength(SUBSCRIBED_TOPICS.length);
      expect(new Set(all.map((one) => one.uri))).toEqual(new Set(['https://new.example/webhooks/shopify']));
      const plain = registerShopifyWebhooks(options, 'http://app.example/webhooks/shopify');
      await expect(plain).rejects.toMatchObject({ code: 'connector_refused' });
    }));

  test('the fake posts what was subscribed to, with copies and out of order, and again what was not taken', () =>
    opened(async ({ options, shop, fake }) => {
      await registerShopifyWebhooks(options, 'https://app.example/webhooks/shopify');
      const webhooks = shopifyWebhooks({ apiSecrets: [fake.app.apiSecret] });
      const seen: string[] = [];
      let down = true;
      const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          if (down) return response.writeHead(503).end();
          const headers = request.headers as Record<string, string>;
          for (const event of webhooks.read({ headers, body: Buffer.concat(chunks) }, NOW))
            seen.push(event.vendorEventId);
          return response.writeHead(200).end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const to = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
      for (let number = 0; number < 5; number++) shop.addCustomer();
      expect(await fake.deliverWebhooks({ to })).toEqual(Array.from({ length: 5 }, () => 503));
      down = false;
      expect(await fake.deliverWebhooks({ to, duplicates: 2, shuffle: true })).toHaveLength(15);
      expect(seen).toHaveLength(15);
      expect(new Set(seen).size).toBe(5);
      expect(fake.pending).toEqual([]);
      await new Promise((resolve) => server.close(resolve));
    }));

  test('what the app’s configuration subscribes to is posted as it happens, compliance always', async () => {
    const topics: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      topics.push(request.headers['x-shopify-topic'] as string | undefined);
      request.resume().on('end', () => response.writeHead(200).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/webhooks/shopify`;
    const webhooks = { uri, topics: ['customers/create'] };
    const open = await openShop({ customers: 0, orders: 0, fake: { autoDeliver: true, webhooks } });
    const anna = open.shop.addCustomer({ email: 'anna@example.com' });
    open.shop.setConsent(anna.id, 'SUBSCRIBED');
    open.shop.comply('customers/redact', anna.id);
    // Closing waits for what is being delivered.
    await open.fake.close();
    expect(topics).toEqual(['customers/create', 'customers/redact']);
    await new Promise((resolve) => server.close(resolve));
  });
});
