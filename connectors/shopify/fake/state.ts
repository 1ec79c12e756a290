/** What the fake keeps of a shop. Amounts are minor units of the shop's currency. */
import type { Clock, Random } from '@rekindle/core';

export interface FakeCustomer {
  id: number;
  email: string | null;
  emailVerified: boolean;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  locale: string;
  country: string | null;
  timeZone: string | null;
  consent: {
    state: 'SUBSCRIBED' | 'UNSUBSCRIBED' | 'NOT_SUBSCRIBED' | 'PENDING';
    level: 'SINGLE_OPT_IN' | 'CONFIRMED_OPT_IN' | 'UNKNOWN' | null;
    updatedAt: Date | null;
  };
  createdAt: Date;
  updatedAt: Date;
}

export interface FakeItem {
  id: number;
  title: string;
  productId: number | null;
  quantity: number;
  /** For one */
  price: number;
  /** For all of the line */
  discount: number;
}

export interface FakeRefund {
  id: number;
  amount: number;
  createdAt: Date;
}

export interface FakeOrder {
  id: number;
  customerId: number | null;
  items: FakeItem[];
  shipping: number;
  status: 'PENDING' | 'PAID' | 'PARTIALLY_REFUNDED' | 'REFUNDED' | 'VOIDED';
  test: boolean;
  refunds: FakeRefund[];
  processedAt: Date;
  createdAt: Date;
  updatedAt: Date;
}

export interface FakeMetafield {
  id: number;
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface FakeDefinition {
  id: number;
  namespace: string;
  key: string;
  name: string;
  type: string;
  ownerType: string;
}

export interface FakeActivity {
  id: number;
  remoteId: string;
  title: string;
  status: string;
  input: Record<string, unknown>;
}

export interface FakeSubscription {
  id: number;
  topic: string;
  uri: string;
}

export interface FakeBulkOperation {
  id: number;
  query: string;
  status: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'EXPIRED';
  errorCode: string | null;
  createdAt: Date;
  completedAt: Date | null;
  objectCount: number;
  rootObjectCount: number;
  /** How often it is still said to be running, though it is done */
  looks: number;
  /** JSONL */
  result: Buffer | null;
  /** What the result's address ends with: nobody guesses it */
  secret: string;
}

export interface FakeToken {
  accessToken: string;
  refreshToken: string | null;
  scopes: string[];
  expiresAt: number;
  refreshExpiresAt: number;
  online: boolean;
}

/** A shop and what its app did there. */
export interface ShopState {
  readonly domain: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  /** Scopes that the merchant granted; undefined: the app is not installed */
  granted: string[] | undefined;
  customers: Map<number, FakeCustomer>;
  orders: Map<number, FakeOrder>;
  metafields: Map<string, FakeMetafield>;
  definitions: Map<string, FakeDefinition>;
  activities: Map<string, FakeActivity>;
  /** Wishes that the app told, by customer */
  consents: Map<number, FakeCustomer['consent']>;
  /** By activity and day */
  engagements: Map<string, Record<string, unknown>>;
  subscriptions: Map<number, FakeSubscription>;
  pixel?: { id: number; settings: Record<string, string> };
  operations: Map<number, FakeBulkOperation>;
  tokens: FakeToken[];
  /** Points left of the cost bucket, and when it was so, ms */
  bucket: { left: number; at: number };
}

/** What every part of the fake is handed. */
export interface World {
  /** When things happen in the shops */
  clock: Clock;
  /** By which tokens expire and buckets refill */
  hostClock: Clock;
  random: Random;
  app: { apiKey: string; apiSecret: string };
  /** The next id; one row of numbers for everything, as good as any */
  nextId(): number;
  /** Something happened that a webhook may tell of. */
  emit(shop: ShopState, topic: string, payload: Record<string, unknown>): void;
  /** How often a bulk operation is looked at before it is said to be done */
  bulkLooks: number;
  /** Downloads that break off half-way: so many of the next */
  breaks: number;
  /** The fake's own address */
  url(): string;
}

export function emptyShop(given: Pick<ShopState, 'domain' | 'name' | 'currency' | 'timeZone' | 'granted'>): ShopState {
  return {
    ...given,
    customers: new Map(),
    orders: new Map(),
    metafields: new Map(),
    definitions: new Map(),
    activities: new Map(),
    consents: new Map(),
    engagements: new Map(),
    subscriptions: new Map(),
    operations: new Map(),
    tokens: [],
    bucket: { left: Number.POSITIVE_INFINITY, at: 0 },
  };
}

export const gid = (type: string, id: number): string => `gid://shopify/${type}/${String(id)}`;

/** The number of a gid of this type; undefined where it is none. */
export function idOf(type: string, given: string): number | undefined {
  const prefix = `gid://shopify/${type}/`;
  return given.startsWith(prefix) ? Number(given.slice(prefix.length)) : undefined;
}
