/** A customer goes through the shop; what Rekindle is told of it arrives over real HTTP. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import type { ExtensionApi } from '@shopify/web-pixels-extension';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildExtensions } from './checks/build.ts';
import { startPixel, type Told } from './rekindle-pixel/src/pixel.ts';

const ROOT = path.join(import.meta.dirname, '..');
const ANNA = { id: '7100', email: 'anna@example.com', firstName: 'Anna', lastName: 'Petrova', phone: '+49301234567' };
const PRIVACY = {
  analyticsProcessingAllowed: true,
  marketingAllowed: true,
  preferencesProcessingAllowed: false,
  saleOfDataAllowed: false,
};
const EVENT = { id: 'sh-0b41', clientId: 'c-1', timestamp: '2026-11-24T09:12:00.000Z', type: 'standard', seq: 1 };
const TEA = {
  id: '91',
  title: '100 g',
  price: { amount: 12.5, currencyCode: 'EUR' },
  product: { id: '44', title: 'Autumn tea', url: '/products/autumn-tea', vendor: 'Lindgren', type: 'Tea' },
};
const CHECKOUT = {
  token: 't-1',
  email: ANNA.email,
  phone: ANNA.phone,
  totalPrice: { amount: 42.5, currencyCode: 'EUR' },
  order: null,
};

const VIEWED = { ...EVENT, name: 'product_viewed', data: { productVariant: TEA } };
const ADDED = {
  ...EVENT,
  name: 'product_added_to_cart',
  data: { cartLine: { merchandise: TEA, quantity: 2, cost: { totalAmount: { amount: 25, currencyCode: 'EUR' } } } },
};
const STARTED = { ...EVENT, name: 'checkout_started', data: { checkout: CHECKOUT } };
const ORDER = { id: 'gid://shopify/Order/5001', customer: { id: 'gid://shopify/Customer/7100', isFirstOrder: false } };
const COMPLETED = { ...EVENT, name: 'checkout_completed', data: { checkout: { ...CHECKOUT, order: ORDER } } };

let server: Server;
let endpoint: string;
const told: { path: string; type: string | undefined; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes: Buffer) => (body += bytes.toString()));
    request.on('end', () => {
      told.push({ path: `${request.method} ${request.url}`, type: request.headers['content-type'], body });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  told.length = 0;
});

interface Visit {
  api: ExtensionApi;
  /** Something happens in the shop. */
  happens(event: { id: string; name: string }): void;
  /** The visitor answers the banner. */
  allows(privacy: Partial<typeof PRIVACY>): void;
}

/** What Shopify gives a pixel, as far as it uses it. */
function visit(options: { customer?: typeof ANNA | null; privacy?: typeof PRIVACY; settings?: object } = {}): Visit {
  const { customer = ANNA, privacy = PRIVACY, settings = { accountID: 'pixel-key-of-the-store', endpoint } } = options;
  const heard = new Map<string, (event: unknown) => void>();
  const subscribe = (name: string, callback: (event: never) => void): (() => boolean) => {
    heard.set(name, callback as (event: unknown) => void);
    return () => heard.delete(name);
  };
  return {
    api: {
      settings,
      analytics: { subscribe },
      customerPrivacy: { subscribe },
      init: { data: { customer, cart: null, purchasingCompany: null }, customerPrivacy: privacy },
    } as unknown as ExtensionApi,
    happens: (event) => heard.get(event.name)?.(event),
    allows: (changed) => heard.get('visitorConsentCollected')?.({ customerPrivacy: { ...PRIVACY, ...changed } }),
  };
}

const arrived = async (count: number): Promise<Told[]> => {
  await vi.waitFor(() => expect(told).toHaveLength(count), { timeout: 20_000 });
  return told.map(({ body }) => JSON.parse(body) as Told);
};

/** Tells one thing more and waits for it: whatever was told before would have arrived too. */
async function lastArrived(): Promise<Told[]> {
  const after = visit();
  startPixel(after.api);
  after.happens({ ...VIEWED, id: 'last' });
  await vi.waitFor(() => expect(told.at(-1)?.body).toContain('"last"'), { timeout: 20_000 });
  return told.map(({ body }) => JSON.parse(body) as Told).filter(({ events }) => events[0]?.id !== 'last');
}

describe('a known customer who allowed it', () => {
  test.each([
    [VIEWED, { title: 'Autumn tea' }],
    [ADDED, { title: 'Autumn tea' }],
    [STARTED, {}],
    [COMPLETED, {}],
  ])('$name is told', async (event, facts) => {
    const { api, happens } = visit();
    startPixel(api);
    happens(event);
    const common = { id: 'sh-0b41', kind: event.name, at: EVENT.timestamp, customerId: '7100' };
    expect(await arrived(1)).toEqual([{ key: 'pixel-key-of-the-store', events: [{ ...common, ...facts }] }]);
    expect(told[0]).toMatchObject({ path: 'POST /api/v1/pixel' });
    // Anything else makes the browser ask the server for leave first.
    expect(told[0]?.type).toMatch(/^text\/plain/);
  });

  test('nothing of a person is told but the number that Shopify gave her', async () => {
    const { api, happens } = visit();
    startPixel(api);
    for (const event of [VIEWED, ADDED, STARTED, COMPLETED]) happens(event);
    await arrived(4);
    for (const { body } of told)
      for (const secret of [ANNA.email, ANNA.firstName, ANNA.lastName, ANNA.phone]) expect(body).not.toContain(secret);
  });

  test('who orders without signing in is known by the order', async () => {
    const { api, happens } = visit({ customer: null });
    startPixel(api);
    happens(COMPLETED);
    expect((await arrived(1))[0]?.events[0]?.customerId).toBe('7100');
  });
});

describe('nothing is told', () => {
  test('of somebody who is not known', async () => {
    const { api, happens } = visit({ customer: null });
    startPixel(api);
    for (const event of [VIEWED, ADDED, STARTED]) happens(event);
    expect(await lastArrived()).toEqual([]);
  });

  test.each([{ analyticsProcessingAllowed: false }, { marketingAllowed: false }])('where %o', async (refused) => {
    const { api, happens } = visit({ privacy: { ...PRIVACY, ...refused } });
    startPixel(api);
    happens(VIEWED);
    expect(await lastArrived()).toEqual([]);
  });

  test('from the moment on that a visitor takes it back, until it is given again', async () => {
    const { api, happens, allows } = visit();
    startPixel(api);
    allows({ marketingAllowed: false });
    happens(VIEWED);
    allows({});
    happens(ADDED);
    expect((await lastArrived()).map(({ events }) => events[0]?.kind)).toEqual(['product_added_to_cart']);
  });

  test('where the pixel was not set up', () => {
    const { api, happens } = visit({ settings: {} });
    startPixel(api);
    expect(() => {
      happens(VIEWED);
    }).not.toThrow();
  });
});

test('a Rekindle that cannot be reached disturbs nobody', async () => {
  const { api, happens } = visit({ settings: { accountID: 'k', endpoint: 'http://127.0.0.1:1' } });
  startPixel(api);
  happens(VIEWED);
  // An unhandled rejection would fail the run.
  expect(await lastArrived()).toEqual([]);
});

describe('built by Shopify’s CLI', () => {
  test('the script does the same', async () => {
    const { bundles, problems } = await buildExtensions();
    expect(problems).toEqual([]);
    const { api, happens } = visit();
    const extend = (_: string, start: (api: ExtensionApi) => void): void => start(api);
    runInNewContext(bundles.get('rekindle-pixel') ?? '', { shopify: { extend }, fetch });
    happens(ADDED);
    expect((await arrived(1))[0]?.events).toMatchObject([{ kind: 'product_added_to_cart', title: 'Autumn tea' }]);
  });

  test.each([
    [
      'of a type that Shopify does not know',
      'shopify.extension.toml',
      'web_pixel_extension',
      'web_pixels_extension',
      'built nothing of it',
    ],
    [
      'whose settings cannot be read',
      'shopify.extension.toml',
      '[settings]',
      '[settings',
      'shopify app build ended with 1',
    ],
    ['whose parts are not all there', 'src/index.ts', './pixel.ts', './gone.ts', 'shopify app build ended with 1'],
  ])('an extension %s is not built', async (_, file, from, to, says) => {
    const root = mkdtempSync(path.join(tmpdir(), 'rekindle-broken-'));
    try {
      cpSync(path.join(ROOT, 'shopify.app.toml'), path.join(root, 'shopify.app.toml'));
      const folder = path.join(root, 'extensions/rekindle-pixel');
      cpSync(path.join(ROOT, 'extensions/rekindle-pixel'), folder, { recursive: true });
      const broken = path.join(folder, file);
      writeFileSync(broken, readFileSync(broken, 'utf8').replace(from, to));
      expect((await buildExtensions(root)).problems.join()).toContain(says);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
