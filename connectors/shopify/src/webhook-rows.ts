/**
 * Customers and orders as webhooks word them → rows, the same rows that a pull makes of them: whichever comes first, the other
 * changes nothing.
 */
import { z } from 'zod';
import { fail, type SourceCustomer, type SourceOrderLine } from '@rekindle/core';
import { minorUnits, restLine, whyLeftOut } from './map.ts';
import type { Happened } from './happened.ts';

const id = z.union([z.number().int(), z.string().min(1)]).transform(String);
const time = z.iso.datetime({ offset: true });
const money = z.object({ shop_money: z.object({ amount: z.string(), currency_code: z.string() }) });

const customerBody = z.object({
  id,
  email: z.string().nullish(),
  verified_email: z.boolean().nullish(),
  phone: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  created_at: time.nullish(),
  default_address: z.object({ country_code: z.string().nullish() }).nullish(),
});

export const orderBody = z.object({
  id,
  processed_at: time.nullish(),
  created_at: time,
  test: z.boolean().nullish(),
  financial_status: z.string().nullish(),
  customer: z.object({ id }).nullish(),
  total_price_set: money,
  refunds: z.array(z.unknown()).default([]),
  line_items: z.array(
    z.object({
      id,
      title: z.string(),
      quantity: z.number().int(),
      product_id: id.nullish(),
      price_set: money,
      discount_allocations: z.array(z.object({ amount_set: money })).default([]),
    }),
  ),
});

/** Consent has a topic of its own and does not stand in these bodies. */
export function customerRow(body: unknown): SourceCustomer {
  const parsed = customerBody.safeParse(body);
  if (!parsed.success) throw fail('bad_request', 'The webhook’s customer has an unknown form.');
  const one = parsed.data;
  return {
    externalId: one.id,
    email: one.email ?? undefined,
    emailVerified: one.verified_email ?? undefined,
    phone: one.phone ?? undefined,
    firstName: one.first_name ?? undefined,
    lastName: one.last_name ?? undefined,
    country: one.default_address?.country_code ?? undefined,
    createdAt: typeof one.created_at === 'string' ? new Date(one.created_at) : undefined,
  };
}

/** Refunds are told there in the buyer's currency: an order that has any is looked up instead. Undefined: it does not count. */
export function orderRows(order: z.output<typeof orderBody>): Happened | undefined {
  const customerId = order.customer?.id ?? null;
  const status = order.financial_status ?? null;
  if (whyLeftOut({ test: order.test ?? false, status, customerId }) !== undefined || customerId === null)
    return undefined;
  if (order.refunds.length > 0) return { kind: 'look' };
  const { amount, currency_code: currency } = order.total_price_set.shop_money;
  const head = {
    customerId,
    orderId: order.id,
    kind: 'sale',
    orderedAt: new Date(order.processed_at ?? order.created_at),
    currency,
  } as const;
  try {
    const lines: SourceOrderLine[] = order.line_items.map((item) => ({
      ...head,
      lineId: item.id,
      amount: item.discount_allocations.reduce(
        (sum, { amount_set: part }) => sum - minorUnits(part.shop_money.amount, currency),
        minorUnits(item.price_set.shop_money.amount, currency) * item.quantity,
      ),
      quantity: item.quantity,
      productId: item.product_id ?? undefined,
      productName: item.title,
    }));
    lines.push(...restLine(head, minorUnits(amount, currency), lines));
    return { kind: 'rows', batch: { orderLines: lines, rowsRead: 1 } };
  } catch (cause) {
    throw fail('bad_request', 'The webhook’s order has an amount that is none.', { cause });
  }
}
