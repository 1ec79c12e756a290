/** What webhooks say, as Shopify's REST resources word it. */
import { currencyDigits } from '@rekindle/core';
import type { FakeCustomer, FakeOrder, FakeRefund, ShopState } from './state.ts';

type Payload = Record<string, unknown>;

/** Without consent and statistics: since 2024 they stand in topics of their own. */
export function customerPayload(one: FakeCustomer): Payload {
  return {
    id: one.id,
    created_at: one.createdAt.toISOString(),
    updated_at: one.updatedAt.toISOString(),
    first_name: one.firstName,
    last_name: one.lastName,
    state: 'disabled',
    note: null,
    verified_email: one.emailVerified,
    multipass_identifier: null,
    tax_exempt: false,
    email: one.email,
    phone: one.phone,
    currency: null,
    addresses: [],
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${String(one.id)}`,
    default_address: one.country === null ? null : { country_code: one.country },
  };
}

export function consentPayload(one: FakeCustomer): Payload {
  return {
    customer_id: one.id,
    email_address: one.email,
    email_marketing_consent: {
      state: one.consent.state.toLowerCase(),
      opt_in_level: one.consent.level?.toLowerCase() ?? null,
      consent_updated_at: one.consent.updatedAt?.toISOString() ?? null,
    },
  };
}

export function orderPayload(shop: ShopState, order: FakeOrder): Payload {
  const customer = order.customerId === null ? undefined : shop.customers.get(order.customerId);
  const items = order.items.map((item) => ({
    id: item.id,
    admin_graphql_api_id: `gid://shopify/LineItem/${String(item.id)}`,
    title: item.title,
    quantity: item.quantity,
    product_id: item.productId,
    price: decimal(item.price, shop.currency),
    price_set: moneySet(item.price, shop.currency),
    discount_allocations:
      item.discount === 0
        ? []
        : [
            {
              amount: decimal(item.discount, shop.currency),
              amount_set: moneySet(item.discount, shop.currency),
              discount_application_index: 0,
            },
          ],
  }));
  const total = order.items.reduce((sum, item) => sum + item.price * item.quantity - item.discount, order.shipping);
  return {
    id: order.id,
    admin_graphql_api_id: `gid://shopify/Order/${String(order.id)}`,
    created_at: order.createdAt.toISOString(),
    processed_at: order.processedAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    cancelled_at: null,
    test: order.test,
    financial_status: order.status.toLowerCase(),
    currency: shop.currency,
    total_price: decimal(total, shop.currency),
    total_price_set: moneySet(total, shop.currency),
    email: customer?.email ?? null,
    customer: customer ? customerPayload(customer) : null,
    line_items: items,
    refunds: order.refunds.map((refund) => refundPayload(shop, order, refund)),
  };
}

export function refundPayload(shop: ShopState, order: FakeOrder, refund: FakeRefund): Payload {
  return {
    id: refund.id,
    order_id: order.id,
    created_at: refund.createdAt.toISOString(),
    processed_at: refund.createdAt.toISOString(),
    admin_graphql_api_id: `gid://shopify/Refund/${String(refund.id)}`,
    refund_line_items: [],
    transactions: [
      { kind: 'refund', status: 'success', amount: decimal(refund.amount, shop.currency), currency: shop.currency },
    ],
  };
}

export function decimal(minor: number, currency: string): string {
  const digits = currencyDigits(currency);
  return (minor / 10 ** digits).toFixed(digits);
}

function moneySet(minor: number, currency: string): Payload {
  const money = { amount: decimal(minor, currency), currency_code: currency };
  return { shop_money: money, presentment_money: money };
}
