/** What merchants and buyers do in a shop of the fake; each changes the state and may be told by a webhook. */
import { fail } from '@rekindle/core';
import { customerPayload, consentPayload, orderPayload, refundPayload } from './payloads.ts';
import type { FakeCustomer, FakeOrder, ShopState, World } from './state.ts';

export interface NewCustomer extends Partial<Omit<FakeCustomer, 'id' | 'consent' | 'createdAt' | 'updatedAt'>> {
  consent?: FakeCustomer['consent']['state'];
  createdAt?: Date;
}

export interface NewOrder {
  customerId: number | null;
  items: { title: string; price: number; quantity?: number; productId?: number | null; discount?: number }[];
  shipping?: number;
  status?: FakeOrder['status'];
  test?: boolean;
  /** Default: now */
  at?: Date;
}

/** What can be done in a shop. */
export interface ShopActions {
  addCustomer(given?: NewCustomer): FakeCustomer;
  changeCustomer(id: number, change: Partial<Omit<FakeCustomer, 'id'>>): FakeCustomer;
  /** A person's own wish, said in the shop. */
  setConsent(id: number, state: FakeCustomer['consent']['state']): FakeCustomer;
  placeOrder(given: NewOrder): FakeOrder;
  payOrder(id: number): FakeOrder;
  refundOrder(id: number, amount: number): FakeOrder;
  mergeCustomers(from: number, into: number): void;
  deleteCustomer(id: number): void;
}

export function shopActions(world: World, shop: ShopState): ShopActions {
  const now = (): Date => seconds(world.clock.now());
  const customer = (id: number): FakeCustomer => known(shop.customers.get(id), 'customer', id);
  const order = (id: number): FakeOrder => known(shop.orders.get(id), 'order', id);

  function touched(one: FakeOrder, change: Partial<FakeOrder>, topic: string): FakeOrder {
    Object.assign(one, change, { updatedAt: now() });
    for (const told of new Set([topic, 'orders/updated'])) world.emit(shop, told, orderPayload(shop, one));
    return one;
  }

  return {
    addCustomer(given = {}) {
      const { consent = 'NOT_SUBSCRIBED', createdAt = now(), ...rest } = given;
      const at = seconds(createdAt);
      const one: FakeCustomer = {
        id: world.nextId(),
        email: null,
        emailVerified: true,
        phone: null,
        firstName: null,
        lastName: null,
        locale: 'en',
        country: null,
        timeZone: null,
        ...rest,
        consent: {
          state: consent,
          level: consent === 'SUBSCRIBED' ? 'SINGLE_OPT_IN' : null,
          updatedAt: consent === 'NOT_SUBSCRIBED' ? null : at,
        },
        createdAt: at,
        updatedAt: at,
      };
      shop.customers.set(one.id, one);
      world.emit(shop, 'customers/create', customerPayload(one));
      return one;
    },
    changeCustomer(id, change) {
      const one = Object.assign(customer(id), change, { updatedAt: now() });
      world.emit(shop, 'customers/update', customerPayload(one));
      return one;
    },
    setConsent(id, state) {
      const one = customer(id);
      one.consent = { state, level: state === 'SUBSCRIBED' ? 'SINGLE_OPT_IN' : one.consent.level, updatedAt: now() };
      one.updatedAt = now();
      world.emit(shop, 'customers_email_marketing_consent/update', consentPayload(one));
      return one;
    },
    placeOrder(given) {
      const at = seconds(given.at ?? world.clock.now());
      if (given.customerId !== null) customer(given.customerId);
      const one: FakeOrder = {
        id: world.nextId(),
        customerId: given.customerId,
        items: given.items.map((item) => ({
          id: world.nextId(),
          title: item.title,
          productId: item.productId ?? null,
          quantity: item.quantity ?? 1,
          price: item.price,
          discount: item.discount ?? 0,
        })),
        shipping: given.shipping ?? 0,
        status: given.status ?? 'PAID',
        test: given.test ?? false,
        refunds: [],
        processedAt: at,
        createdAt: at,
        updatedAt: at,
      };
      shop.orders.set(one.id, one);
      const topics = one.status === 'PAID' ? ['orders/create', 'orders/paid'] : ['orders/create'];
      for (const topic of topics) world.emit(shop, topic, orderPayload(shop, one));
      return one;
    },
    payOrder: (id) => touched(order(id), { status: 'PAID' }, 'orders/paid'),
    refundOrder(id, amount) {
      const one = order(id);
      const refund = { id: world.nextId(), amount, createdAt: now() };
      const refunded = one.refunds.reduce((sum, past) => sum + past.amount, amount);
      if (refunded > totalOf(one)) throw fail('bad_request', 'no more can be refunded than was paid');
      const status = refunded === totalOf(one) ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
      world.emit(shop, 'refunds/create', refundPayload(shop, one, refund));
      return touched(one, { refunds: [...one.refunds, refund], status }, 'orders/updated');
    },
    mergeCustomers(from, into) {
      customer(from);
      customer(into).updatedAt = now();
      for (const one of shop.orders.values())
        if (one.customerId === from) Object.assign(one, { customerId: into, updatedAt: now() });
      shop.customers.delete(from);
      world.emit(shop, 'customers/merge', {
        admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${String(into)}`,
        admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${String(from)}`,
        admin_graphql_api_job_id: null,
        status: 'completed',
        errors: [],
      });
    },
    deleteCustomer(id) {
      customer(id);
      if ([...shop.orders.values()].some((one) => one.customerId === id))
        throw fail('wrong_state', 'a customer with orders cannot be deleted in Shopify, only redacted');
      shop.customers.delete(id);
      world.emit(shop, 'customers/delete', { id, admin_graphql_api_id: `gid://shopify/Customer/${String(id)}` });
    },
  };
}

export function itemsOf(order: FakeOrder): number {
  return order.items.reduce((sum, item) => sum + item.price * item.quantity - item.discount, 0);
}

export function totalOf(order: FakeOrder): number {
  return itemsOf(order) + order.shipping;
}

/** Shopify keeps whole seconds. */
export function seconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

function known<One>(one: One | undefined, what: string, id: number): One {
  if (one === undefined) throw fail('not_found', `the shop has no ${what} ${String(id)}`);
  return one;
}
