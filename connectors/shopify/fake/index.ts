/** Shopify, as far as we use it, on this machine: for tests, the demo and local runs. */
export { fakeApp, memoryCredentials, standing } from './open.ts';
export type { Fault, Faults } from './faults.ts';
export type { NewCustomer, NewOrder, ShopActions } from './people.ts';
export {
  DEFAULT_SCOPES,
  startShopifyFake,
  type FakeShop,
  type NewShop,
  type ShopifyFake,
  type ShopifyFakeOptions,
} from './server.ts';
export { seedShop, type SeedOptions } from './seed.ts';
export type { FakeCustomer, FakeOrder, ShopState } from './state.ts';
export type { SessionTokenOptions } from './tokens.ts';
export { COMPLIANCE, type DeliveryOptions, type PendingWebhook } from './webhooks.ts';
export { adminSchema, SCHEMA_VERSION, type AdminSchema } from '../admin-schema/index.ts';
