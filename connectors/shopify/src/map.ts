/**
 * Theirs → ours. What a person paid is the order's total: what its items do not add up to (shipping, taxes) becomes a line
 * without a product, and each refund an order of its own kind at its own time, as with Shopify's CSV export. Amounts are the
 * shop's currency in minor units. Only paid orders count; test orders never do.
 */
import { currencyDigits, type SourceConsent, type SourceCustomer, type SourceOrderLine } from '@rekindle/core';
import { shortId, type CustomerNode, type LineNode, type OrderNode } from './schema.ts';

export function toCustomer(node: CustomerNode): SourceCustomer {
  const email = node.defaultEmailAddress;
  const zone = node.defaultAddress?.timeZone ?? undefined;
  return {
    externalId: shortId(node.id),
    email: email?.emailAddress,
    emailVerified: node.verifiedEmail,
    phone: node.defaultPhoneNumber?.phoneNumber,
    firstName: node.firstName ?? undefined,
    lastName: node.lastName ?? undefined,
    language: node.locale === '' ? undefined : node.locale,
    country: node.defaultAddress?.countryCodeV2 ?? undefined,
    timeZone: zone !== undefined && isZone(zone) ? zone : undefined,
    timeZoneFrom: 'address',
    consent:
      email === null
        ? undefined
        : toConsent(email.marketingState, email.marketingOptInLevel, email.marketingUpdatedAt ?? node.createdAt),
    createdAt: new Date(node.createdAt),
  };
}

/** States and levels are written in capitals by the Admin API and in small letters by webhooks. */
export function toConsent(state: string, level: string | null, at: string): SourceConsent | undefined {
  const when = { at: new Date(at) };
  switch (state.toUpperCase()) {
    case 'SUBSCRIBED':
      return {
        state: 'subscribed',
        basis: level?.toUpperCase() === 'CONFIRMED_OPT_IN' ? 'double_opt_in' : 'express',
        ...when,
      };
    case 'UNSUBSCRIBED':
      return { state: 'unsubscribed', basis: 'none', ...when };
    case 'PENDING':
      return { state: 'pending', basis: 'none', ...when };
    case 'NOT_SUBSCRIBED':
      return { state: 'not_asked', basis: 'none', ...when };
    default:
      // INVALID and REDACTED say nothing of a wish.
      return undefined;
  }
}

const PAID = new Set(['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);

/** Why an order is left out, in words; undefined: it is not. */
export function whyLeftOut(order: {
  test: boolean;
  status: string | null;
  customerId: string | null;
}): string | undefined {
  if (order.test) return 'test_order';
  if (!PAID.has(order.status?.toUpperCase() ?? '')) return 'not_paid';
  return order.customerId === null ? 'no_customer' : undefined;
}

/** Lines of one order: items, what is missing to its total, refunds. Throws RangeError where an amount is none. */
export function toOrderLines(order: OrderNode, items: LineNode[], customerId: string): SourceOrderLine[] {
  const { currencyCode: currency } = order.totalPriceSet.shopMoney;
  const head = {
    customerId,
    orderId: shortId(order.id),
    kind: 'sale',
    orderedAt: new Date(order.processedAt),
    currency,
  } as const;
  const lines: SourceOrderLine[] = items.map((item) => ({
    ...head,
    lineId: shortId(item.id),
    amount: item.discountAllocations.reduce(
      (sum, { allocatedAmountSet }) => sum - minorUnits(allocatedAmountSet.shopMoney.amount, currency),
      minorUnits(item.originalTotalSet.shopMoney.amount, currency),
    ),
    quantity: item.quantity,
    productId: item.product === null ? undefined : shortId(item.product.id),
    productName: item.title,
  }));
  lines.push(...restLine(head, minorUnits(order.totalPriceSet.shopMoney.amount, currency), lines));
  for (const refund of order.refunds) {
    const amount = minorUnits(refund.totalRefundedSet.shopMoney.amount, currency);
    if (amount === 0) continue;
    const orderId = `${head.orderId} refund ${shortId(refund.id)}`;
    const orderedAt = new Date(refund.createdAt ?? order.updatedAt);
    lines.push({ ...head, orderId, orderedAt, kind: 'return', lineId: 'refund', amount: -amount, quantity: 1 });
  }
  return lines;
}

/** What the items of an order do not add up to. */
export function restLine<Head extends object>(
  head: Head,
  total: number,
  lines: readonly { amount: number }[],
): (Head & { lineId: string; amount: number; quantity: number })[] {
  const rest = total - lines.reduce((sum, line) => sum + line.amount, 0);
  return rest === 0 && lines.length > 0 ? [] : [{ ...head, lineId: 'rest', amount: rest, quantity: 1 }];
}

/** "12.5" EUR → 1250, without a float in between. */
export function minorUnits(amount: string, currency: string): number {
  const digits = currencyDigits(currency);
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === '' || /[1-9]/.test(fraction.slice(digits)))
    throw new RangeError('an amount is not a number of the currency’s smallest unit');
  const minor = Number(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  return sign === '-' && minor !== 0 ? -minor : minor;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
