/**
 * A server that is <shop>.myshopify.com for as many shops as it has: signing in, the Admin API, results of bulk operations.
 * Which shop is meant stands in the Host header (or X-Forwarded-Host, where it was sent on). Plain HTTP, on this machine only;
 * ./admin plays the same names over TLS and sends on to here.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fail, seededRandom, wallClock, type Clock, type RawWebhook } from '@rekindle/core';
import { faultPlan } from '@rekindle/core/testing';
import { adminSchema, SCHEMA_VERSION } from '../admin-schema/index.ts';
import { type Fault, type Faults } from './faults.ts';
import { shopActions, type ShopActions } from './people.ts';
import { requestHandler } from './requests.ts';
import { emptyShop, type ShopState, type World } from './state.ts';
import { mintSessionToken, type SessionTokenOptions } from './tokens.ts';
import { guardScalars } from './values.ts';
import {
  addressesOf,
  COMPLIANCE,
  deliver,
  signedWebhook,
  type DeliveryOptions,
  type PendingWebhook,
} from './webhooks.ts';

/** What the app asks for; the same as in shopify.app.toml, which a test holds it to. */
export const DEFAULT_SCOPES = [
  'read_all_orders',
  'read_customer_events',
  'read_orders',
  'read_products',
  'write_customers',
  'write_marketing_events',
  'write_pixels',
];

export interface NewShop {
  /** example.myshopify.com */
  domain: string;
  name?: string;
  /** Default EUR */
  currency?: string;
  /** IANA. Default Europe/Madrid */
  timeZone?: string;
  /** What the merchant granted when installing; false: the app is not installed. Default: all the app asks for */
  granted?: readonly string[] | false;
}

export interface ShopifyFakeOptions {
  seed?: string | number;
  /** Default: any free one */
  port?: number;
  /** When things happen in the shops. Default: the wall clock */
  clock?: Clock;
  /** By which tokens expire and buckets refill. Default: the wall clock */
  hostClock?: Clock;
  app?: { apiKey: string; apiSecret: string };
  shops?: readonly NewShop[];
  faults?: Faults;
  /** Webhooks that the app's configuration subscribes to (shopify.app.toml); compliance topics go there always. */
  webhooks?: { uri: string; topics: readonly string[] };
  /** How often a bulk operation is looked at before it is said to be done. Default 0: as soon as it is */
  bulkLooks?: number;
  /** Deliver webhooks as things happen, instead of when asked. */
  autoDeliver?: boolean;
}

export interface FakeShop extends ShopActions {
  readonly domain: string;
  /** What stands there, to be looked at. */
  readonly state: ShopState;
  install(scopes?: readonly string[]): void;
  /** The merchant removes the app: its tokens and subscriptions are gone. */
  uninstall(): void;
  sessionToken(options?: SessionTokenOptions): string;
  /** All of the customer's metafields of the app, by key. */
  metafieldsOf(customerId: number): Record<string, string>;
  /** A webhook that the merchant's wishes lead to: customers/redact, customers/data_request, shop/redact. */
  comply(topic: (typeof COMPLIANCE)[number], customerId?: number): void;
}

export interface ShopifyFake {
  /** http://127.0.0.1:port, without a slash at the end */
  readonly url: string;
  readonly app: { apiKey: string; apiSecret: string };
  /** The shop of this domain; the first where none is named. */
  shop(domain?: string): FakeShop;
  addShop(shop: NewShop): FakeShop;
  readonly shops: readonly FakeShop[];
  /** What answers requests, for a server of one's own; true: it was for a shop of the fake. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Names of operations that were asked, in order; signing in is `access_token`. */
  readonly asked: string[];
  setFaults(faults: Faults): void;
  queueFaults(...faults: Fault[]): void;
  /** So many of the next downloads of bulk results break off half-way. */
  breakDownloads(count: number): void;
  /** Webhooks that wait. */
  readonly pending: readonly PendingWebhook[];
  /** A webhook as it would be posted, signed. */
  signed(webhook: Omit<PendingWebhook, 'eventId' | 'triggeredAt' | 'attempts'> & Partial<PendingWebhook>): RawWebhook;
  /** Posts what waits. Gives the answers' statuses. */
  deliverWebhooks(options?: DeliveryOptions): Promise<number[]>;
  close(): Promise<void>;
}

const APP = { apiKey: 'rekindle-fake-key', apiSecret: 'shpss_rekindle-fake-secret' };

/** Throws `connector_unavailable` where Shopify's schema is not at hand and cannot be fetched. */
export async function startShopifyFake(options: ShopifyFakeOptions = {}): Promise<ShopifyFake> {
  const admin = await adminSchema();
  guardScalars(admin.schema);
  const random = seededRandom(options.seed ?? 'shopify');
  const faults = faultPlan<Fault>(random.fork('faults'), options.faults);
  const shops = new Map<string, FakeShop>();
  let pending: PendingWebhook[] = [];
  let ids = 1000;
  let url = '';
  let delivering: Promise<unknown> = Promise.resolve();

  const world: World = {
    clock: options.clock ?? wallClock,
    hostClock: options.hostClock ?? wallClock,
    random: random.fork('ids'),
    app: options.app ?? APP,
    nextId: () => ids++,
    emit(shop, topic, payload) {
      const eventId = world.random.uuid();
      pending.push({ shop: shop.domain, topic, payload, eventId, triggeredAt: world.clock.now(), attempts: 0 });
      if (options.autoDeliver === true) delivering = delivering.then(() => deliverAll());
    },
    bulkLooks: options.bulkLooks ?? 0,
    breaks: 0,
    url: () => url,
  };

  function addShop(given: NewShop): FakeShop {
    const state = emptyShop({
      domain: given.domain,
      name: given.name ?? given.domain.replace(/\.myshopify\.com$/, ''),
      currency: given.currency ?? 'EUR',
      timeZone: given.timeZone ?? 'Europe/Madrid',
      granted: given.granted === false ? undefined : [...(given.granted ?? DEFAULT_SCOPES)],
    });
    const shop: FakeShop = {
      ...shopActions(world, state),
      domain: state.domain,
      state,
      install(scopes = DEFAULT_SCOPES) {
        state.granted = [...scopes];
      },
      uninstall() {
        world.emit(state, 'app/uninstalled', { id: 1, name: state.name, myshopify_domain: state.domain });
        Object.assign(state, { granted: undefined, tokens: [] });
      },
      sessionToken: (how) => mintSessionToken(world, state.domain, how),
      metafieldsOf: (id) =>
        Object.fromEntries(
          [...state.metafields.values()]
            .filter((one) => one.ownerId === `gid://shopify/Customer/${String(id)}`)
            .map((one) => [one.key, one.value]),
        ),
      comply(topic, id) {
        const customer = id === undefined ? undefined : state.customers.get(id);
        const facts = { shop_id: 1, shop_domain: state.domain };
        const person = customer && { customer: { id: customer.id, email: customer.email, phone: customer.phone } };
        world.emit(state, topic, { ...facts, ...person });
      },
    };
    shops.set(state.domain, shop);
    return shop;
  }

  async function deliverAll(how: DeliveryOptions = {}): Promise<number[]> {
    const isNow = (one: PendingWebhook): boolean => how.topics?.includes(one.topic) ?? true;
    const waiting = pending.filter(isNow);
    pending = pending.filter((one) => !isNow(one));
    const app = options.webhooks && {
      ...options.webhooks,
      topics: [...options.webhooks.topics, ...COMPLIANCE],
    };
    const to = (one: PendingWebhook): string[] => addressesOf(shops.get(one.shop)?.state, app, one.topic);
    const { statuses, again } = await deliver(world, waiting, to, { apiVersion: SCHEMA_VERSION, random, ...how });
    pending.push(...again);
    return statuses;
  }

  for (const shop of options.shops ?? [{ domain: 'rekindle-demo.myshopify.com' }]) addShop(shop);
  const asked: string[] = [];
  const handler = requestHandler({ world, admin, faults, asked, shop: (domain) => shops.get(domain)?.state });
  const server = await listen(options, (request, response) => {
    handler(request, response).then(
      (known) => {
        if (!known) response.writeHead(404).end();
      },
      () => response.destroy(),
    );
  });
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  return {
    url,
    app: world.app,
    shop(domain) {
      const found = domain === undefined ? shops.values().next().value : shops.get(domain);
      if (!found) throw fail('not_found', `the fake has no shop ${domain ?? ''}`);
      return found;
    },
    addShop,
    get shops() {
      return [...shops.values()];
    },
    handler,
    asked,
    setFaults: faults.set,
    queueFaults: faults.queue,
    breakDownloads(count) {
      world.breaks = count;
    },
    get pending() {
      return pending;
    },
    signed: ({ shop, topic, payload, ...rest }) =>
      signedWebhook(
        world,
        { shop, topic, payload, eventId: world.random.uuid(), triggeredAt: world.clock.now(), attempts: 0, ...rest },
        SCHEMA_VERSION,
      ),
    deliverWebhooks: deliverAll,
    async close() {
      await delivering;
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

async function listen(options: ShopifyFakeOptions, listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return server;
}
