/** The fake's records as objects of the Admin schema. A field that is not here is answered with an error, never with null. */
import { connection, type PageArguments } from './connection.ts';
import { decimal } from './payloads.ts';
import { itemsOf, totalOf } from './people.ts';
import {
  gid,
  type FakeActivity,
  type FakeBulkOperation,
  type FakeCustomer,
  type FakeDefinition,
  type FakeMetafield,
  type FakeOrder,
  type FakeSubscription,
  type ShopState,
  type World,
} from './state.ts';
import type { Context } from './context.ts';

export type View = Record<string, unknown>;

const iso = (date: Date | null): string | null => (date === null ? null : date.toISOString().replace('.000Z', 'Z'));

function money(minor: number, currency: string): View {
  const one = { amount: decimal(minor, currency), currencyCode: currency };
  return { shopMoney: one, presentmentMoney: one };
}

export function shopView(shop: ShopState): View {
  return {
    __typename: 'Shop',
    id: gid('Shop', 1),
    name: shop.name,
    email: `owner@${shop.domain}`,
    contactEmail: `owner@${shop.domain}`,
    currencyCode: shop.currency,
    ianaTimezone: shop.timeZone,
    myshopifyDomain: shop.domain,
    url: `https://${shop.domain}`,
    primaryDomain: { __typename: 'Domain', url: `https://${shop.domain}` },
    shopAddress: {
      __typename: 'ShopAddress',
      countryCodeV2: 'ES',
      formatted: ['2 New Street', '28001 Madrid', 'Spain'],
    },
  };
}

export function customerView(shop: ShopState, one: FakeCustomer): View {
  const id = gid('Customer', one.id);
  return {
    __typename: 'Customer',
    id,
    legacyResourceId: String(one.id),
    createdAt: iso(one.createdAt),
    updatedAt: iso(one.updatedAt),
    firstName: one.firstName,
    lastName: one.lastName,
    displayName: [one.firstName, one.lastName].filter((name) => name !== null).join(' ') || (one.email ?? ''),
    locale: one.locale,
    verifiedEmail: one.emailVerified,
    state: 'DISABLED',
    defaultEmailAddress:
      one.email === null
        ? null
        : {
            emailAddress: one.email,
            marketingState: one.consent.state,
            marketingOptInLevel: one.consent.level,
            marketingUpdatedAt: iso(one.consent.updatedAt),
            validFormat: /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(one.email),
            openTrackingLevel: 'UNKNOWN',
          },
    defaultPhoneNumber: one.phone === null ? null : { phoneNumber: one.phone },
    defaultAddress:
      one.country === null && one.timeZone === null
        ? null
        : { id: gid('MailingAddress', one.id), countryCodeV2: one.country, timeZone: one.timeZone },
    numberOfOrders: () => String([...shop.orders.values()].filter((order) => order.customerId === one.id).length),
    metafield: ({ namespace, key }: { namespace?: string | null; key: string }) =>
      metafieldView(shop.metafields.get(`${id} ${namespace ?? '$app'} ${key}`)),
    metafields: ({ namespace, ...page }: PageArguments & { namespace?: string | null }) =>
      connection(
        [...shop.metafields.values()]
          .filter((field) => field.ownerId === id && field.namespace === (namespace ?? field.namespace))
          .map(metafieldView),
        page,
      ),
    orders: (page: PageArguments, { whole }: Context) =>
      connection(
        [...shop.orders.values()].filter((order) => order.customerId === one.id).map((order) => orderView(shop, order)),
        page,
        whole,
      ),
  };
}

export function orderView(shop: ShopState, order: FakeOrder): View {
  const { currency } = shop;
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  return {
    __typename: 'Order',
    id: gid('Order', order.id),
    legacyResourceId: String(order.id),
    name: `#${String(order.id)}`,
    createdAt: iso(order.createdAt),
    updatedAt: iso(order.updatedAt),
    processedAt: iso(order.processedAt),
    cancelledAt: null,
    test: order.test,
    displayFinancialStatus: order.status,
    currencyCode: currency,
    customer: () => (customer ? customerView(shop, customer) : null),
    totalPriceSet: money(totalOf(order), currency),
    subtotalPriceSet: money(itemsOf(order), currency),
    totalRefundedSet: () =>
      money(
        order.refunds.reduce((sum, refund) => sum + refund.amount, 0),
        currency,
      ),
    refunds: () =>
      order.refunds.map((refund) => ({
        __typename: 'Refund',
        id: gid('Refund', refund.id),
        createdAt: iso(refund.createdAt),
        totalRefundedSet: money(refund.amount, currency),
      })),
    lineItems: (page: PageArguments, { whole }: Context) =>
      connection(
        order.items.map((item) => ({
          __typename: 'LineItem',
          id: gid('LineItem', item.id),
          title: item.title,
          name: item.title,
          quantity: item.quantity,
          product: item.productId === null ? null : { id: gid('Product', item.productId), title: item.title },
          originalTotalSet: money(item.price * item.quantity, currency),
          discountAllocations: item.discount === 0 ? [] : [{ allocatedAmountSet: money(item.discount, currency) }],
        })),
        page,
        whole,
      ),
  };
}

export function metafieldView(field: FakeMetafield | undefined): View | null {
  if (!field) return null;
  return {
    __typename: 'Metafield',
    id: gid('Metafield', field.id),
    namespace: field.namespace,
    key: field.key,
    type: field.type,
    value: field.value,
    createdAt: iso(field.createdAt),
    updatedAt: iso(field.updatedAt),
  };
}

export function definitionView(one: FakeDefinition): View {
  return {
    __typename: 'MetafieldDefinition',
    id: gid('MetafieldDefinition', one.id),
    namespace: one.namespace,
    key: one.key,
    name: one.name,
    ownerType: one.ownerType,
    type: { name: one.type },
  };
}

export function activityView(one: FakeActivity): View {
  return {
    __typename: 'MarketingActivity',
    id: gid('MarketingActivity', one.id),
    title: one.title,
    status: one.status,
    isExternal: true,
  };
}

export function subscriptionView(one: FakeSubscription): View {
  return {
    __typename: 'WebhookSubscription',
    id: gid('WebhookSubscription', one.id),
    topic: one.topic,
    uri: one.uri,
    format: 'JSON',
  };
}

export function operationView(world: World, shop: ShopState, one: FakeBulkOperation): View {
  const done = one.status === 'COMPLETED' && one.result !== null && one.result.length > 0;
  return {
    __typename: 'BulkOperation',
    id: gid('BulkOperation', one.id),
    type: 'QUERY',
    query: one.query,
    status: one.status,
    errorCode: one.errorCode,
    createdAt: iso(one.createdAt),
    completedAt: iso(one.completedAt),
    objectCount: String(one.objectCount),
    rootObjectCount: String(one.rootObjectCount),
    fileSize: done ? String(one.result?.length) : null,
    url: done ? `${world.url()}/bulk/${shop.domain}/${String(one.id)}?X-Goog-Signature=${one.secret}` : null,
    partialDataUrl: null,
  };
}
