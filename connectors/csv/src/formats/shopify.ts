/**
 * The CSV that the Shopify admin exports under Orders (help.shopify.com/manual/fulfillment/managing-orders/exporting-orders):
 * a row a line item; what belongs to the order stands in its first row only, the rows after it have blanks there.
 *
 * What the person paid is the Total: what the line items do not add up to (shipping, taxes, discounts) becomes a line without
 * a product. The export does not say when a refund was made: it counts at the time of its order. The person is the e-mail
 * address, else the telephone number. Unpaid and cancelled orders are left out.
 */
import type { SourceOrderLine } from '@rekindle/core';
import { countryOf } from '../countries.ts';
import { isCurrency, parseDecimal, placesOf } from '../money.ts';
import { guessDialect, firstLine } from '../rows.ts';
import { timeReader } from '../times.ts';
import { findColumns } from './columns.ts';
import type { Format, ReadContext, RowReader, Sink } from './format.ts';

const COLUMNS = {
  needed: ['Name', 'Email', 'Total', 'Created at', 'Lineitem name', 'Lineitem quantity', 'Lineitem price'],
  optional: [
    'Id',
    'Phone',
    'Financial Status',
    'Cancelled at',
    'Paid at',
    'Currency',
    'Refunded Amount',
    'Lineitem sku',
    'Lineitem discount',
    'Shipping Country',
    'Billing Country',
    'Accepts Marketing',
  ],
} as const;

const PAID = new Set(['paid', 'partially_paid', 'partially_refunded', 'refunded']);

export const shopifyFormat: Format = {
  name: 'shopify-orders-export',
  implies: {},
  seekable: false,
  header: true,
  recognises: (beginning) => /(^|,)"?Name"?,.*"?Lineitem quantity"?,/i.test(firstLine(beginning)),
  dialect: guessDialect,
  reader,
};

/** An order while its rows come. */
interface Open {
  /** Why the order and all its rows are left out */
  refused: string | undefined;
  head: Omit<SourceOrderLine, 'amount' | 'quantity'>;
  total: number;
  refunded: number;
  lines: SourceOrderLine[];
}

function reader(header: string[], context: ReadContext): RowReader {
  const at = findColumns(header, COLUMNS, context.columns, context.name);
  const readTime = timeReader(context.facts.timeZone);
  let name = '';
  let open: Open | undefined;

  function begin(fields: string[], line: number, sink: Sink): Open {
    const field = (column: keyof typeof at): string => (at[column] === -1 ? '' : (fields[at[column]] ?? '').trim());
    const email = field('Email').toLowerCase();
    const customerId = email === '' ? field('Phone').replace(/^'/, '') : email;
    const currency = field('Currency') || context.facts.currency;
    const orderedAt = readTime(field('Created at'));
    const places = isCurrency(currency) ? placesOf(currency) : 2;
    const total = parseDecimal(field('Total'), places);
    const refunded = field('Refunded Amount') === '' ? 0 : parseDecimal(field('Refunded Amount'), places);
    const country =
      countryOf(field('Shipping Country')) ?? countryOf(field('Billing Country')) ?? context.facts.country;
    const refused =
      (customerId === '' && 'no_customer') ||
      (field('Cancelled at') !== '' && 'cancelled') ||
      (at['Financial Status'] !== -1 && !PAID.has(field('Financial Status').toLowerCase()) && 'not_paid') ||
      (!orderedAt && 'bad_date') ||
      (!isCurrency(currency) && 'bad_currency') ||
      ((total === undefined || refunded === undefined) && 'bad_amount') ||
      undefined;
    const marketing = field('Accepts Marketing').toLowerCase();
    if (refused === undefined && orderedAt && email !== '' && (marketing === 'yes' || marketing === 'no'))
      sink.customer({
        externalId: customerId,
        consent:
          marketing === 'yes'
            ? { state: 'subscribed', basis: 'express', at: orderedAt }
            : { state: 'not_asked', basis: 'none', at: orderedAt },
        createdAt: orderedAt,
      });
    return {
      refused,
      head: {
        customerId,
        orderId: field('Id') || field('Name'),
        kind: 'sale',
        orderedAt: orderedAt ?? new Date(Number.NaN),
        currency,
        email: email === '' ? undefined : email,
        country,
        line,
      },
      total: total ?? 0,
      refunded: refunded ?? 0,
      lines: [],
    };
  }

  function addItem(order: Open, fields: string[], line: number, sink: Sink): void {
    const field = (column: keyof typeof at): string => (at[column] === -1 ? '' : (fields[at[column]] ?? '').trim());
    const places = placesOf(order.head.currency);
    const price = parseDecimal(field('Lineitem price'), places);
    const quantity = parseDecimal(field('Lineitem quantity'), 0);
    const discount = field('Lineitem discount') === '' ? 0 : parseDecimal(field('Lineitem discount'), places);
    if (price === undefined || quantity === undefined || discount === undefined) {
      sink.reject(line, quantity === undefined ? 'bad_quantity' : 'bad_amount');
      return;
    }
    const title = field('Lineitem name');
    const product = field('Lineitem sku') || title;
    order.lines.push({
      ...order.head,
      // Two items of an order may look alike: their places tell them apart.
      lineId: `item ${String(order.lines.length + 1)}`,
      amount: price * quantity - discount,
      quantity,
      productId: product === '' ? undefined : product.slice(0, 255),
      productName: title === '' ? undefined : title,
      line,
    });
  }

  function close(sink: Sink): void {
    if (!open || open.refused !== undefined) return;
    const rest = open.total - open.lines.reduce((sum, one) => sum + one.amount, 0);
    for (const one of open.lines) sink.line(one);
    if (rest !== 0 || open.lines.length === 0) sink.line({ ...open.head, lineId: 'rest', amount: rest, quantity: 1 });
    if (open.refunded > 0)
      sink.line({
        ...open.head,
        orderId: `${open.head.orderId} refund`,
        kind: 'return',
        amount: -open.refunded,
        quantity: 1,
        lineId: 'refund',
      });
  }

  return {
    row(fields, line, sink) {
      const rowName = (fields[at.Name] ?? '').trim();
      if (fields.length !== header.length || rowName === '') {
        sink.reject(line, rowName === '' ? 'no_order' : 'wrong_number_of_columns');
        return;
      }
      if (rowName !== name || !open) {
        close(sink);
        name = rowName;
        open = begin(fields, line, sink);
      }
      if (open.refused === undefined) addItem(open, fields, line, sink);
      else sink.reject(line, open.refused);
    },
    end: close,
  };
}
