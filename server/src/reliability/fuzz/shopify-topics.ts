/** What Shopify's webhooks say, by topic. */
import type { Random } from '@rekindle/core';
import { pick, whole } from './nasty.ts';

/** `ends`: it ends a connection or erases an account, and is said of a shop that may be lost. */
export type ShopifyTopic = (random: Random) => { body: unknown; ends?: boolean };

const money = (amount: string) => ({ shop_money: { amount, currency_code: 'EUR' } });
const customerId = (random: Random): number => 1_000_000 + whole(random, 400);

const customer: ShopifyTopic = (random) => {
  const id = customerId(random);
  return {
    body: {
      id,
      email: `anna${String(id)}@customers.example`,
      verified_email: true,
      phone: '+34600111222',
      first_name: 'Anna',
      last_name: 'Costa',
      created_at: '2026-01-02T10:00:00+01:00',
      default_address: { country_code: 'ES' },
    },
  };
};

const order: ShopifyTopic = (random) => ({
  body: {
    id: whole(random, 1e9),
    processed_at: '2026-02-02T10:00:00Z',
    created_at: '2026-02-02T10:00:00Z',
    test: false,
    financial_status: pick(random, ['paid', 'pending', 'voided']),
    customer: { id: customerId(random) },
    total_price_set: money('24.50'),
    refunds: [],
    line_items: [
      { id: 1, title: 'Tea', quantity: 2, product_id: 9, price_set: money('12.25'), discount_allocations: [] },
      {
        id: 2,
        title: 'Pot',
        quantity: 1,
        product_id: null,
        price_set: money('0.00'),
        discount_allocations: [{ amount_set: money('1.00') }],
      },
    ],
  },
});

export const SHOPIFY_TOPICS: Record<string, ShopifyTopic> = {
  'customers/create': customer,
  'customers/update': customer,
  'customers_email_marketing_consent/update': (random) => ({
    body: {
      customer_id: customerId(random),
      email_marketing_consent: {
        state: pick(random, ['subscribed', 'unsubscribed', 'pending']),
        opt_in_level: 'single_opt_in',
        consent_updated_at: '2026-02-02T10:00:00Z',
      },
    },
  }),
  'customers/merge': (random) => ({
    body: {
      admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${String(customerId(random))}`,
      admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${String(customerId(random))}`,
      status: 'completed',
    },
  }),
  'customers/delete': (random) => ({ body: { id: customerId(random) } }),
  'orders/create': order,
  'orders/updated': order,
  'orders/paid': order,
  'refunds/create': (random) => ({ body: { id: 1, order_id: whole(random, 1e9) } }),
  'customers/redact': (random) => ({ body: { customer: { id: customerId(random), email: 'gone@customers.example' } } }),
  'customers/data_request': (random) => ({ body: { customer: { id: customerId(random) } } }),
  'app/uninstalled': () => ({ body: { id: 1 }, ends: true }),
  'shop/redact': () => ({ body: { shop_id: 1, shop_domain: 'x' }, ends: true }),
};
