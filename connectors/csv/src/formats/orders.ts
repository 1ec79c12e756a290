/**
 * The house format: a header with customer_id, order_id, ordered_at and amount, and where known currency, product_id,
 * product_name, quantity, email, country and time_zone. The amount is the line's total in major units; a negative one is
 * a return. Any other log with a header is read through `columns`.
 */
import type { SourceOrderLine } from '@rekindle/core';
import { countryOf } from '../countries.ts';
import { isCurrency, parseDecimal, placesOf } from '../money.ts';
import { guessDialect } from '../rows.ts';
import { timeReader } from '../times.ts';
import { findColumns } from './columns.ts';
import { placeholderAddress, type Format, type ReadContext, type RowReader } from './format.ts';

export const ORDER_COLUMNS = {
  needed: ['customer_id', 'order_id', 'ordered_at', 'amount'],
  optional: ['currency', 'product_id', 'product_name', 'quantity', 'email', 'country', 'time_zone'],
} as const;

export const ordersFormat: Format = {
  name: 'orders',
  implies: {},
  seekable: true,
  header: true,
  // Whatever has a header and is none of the others; a missing column is named when the header is read.
  recognises: () => true,
  dialect: guessDialect,
  reader,
};

function reader(header: string[], context: ReadContext): RowReader {
  const at = findColumns(header, ORDER_COLUMNS, context.columns, context.name);
  const { facts, placeholderAddresses } = context;
  const readTime = timeReader(facts.timeZone);
  // Where fields are parted by semicolons the comma is free for decimals, and used for them.
  const commas = context.delimiter === ';';
  let currency = facts.currency;
  let places = placesOf(currency);
  return {
    row(fields, line, sink) {
      if (fields.length !== header.length) {
        sink.reject(line, 'wrong_number_of_columns');
        return;
      }
      const field = (place: number): string => (place === -1 ? '' : (fields[place] ?? ''));
      const customerId = field(at.customer_id).trim();
      const orderId = field(at.order_id).trim();
      if (customerId === '' || orderId === '') {
        sink.reject(line, customerId === '' ? 'no_customer' : 'no_order');
        return;
      }
      const orderedAt = readTime(field(at.ordered_at));
      if (!orderedAt) {
        sink.reject(line, 'bad_date');
        return;
      }
      const named = at.currency === -1 ? '' : field(at.currency).trim().toUpperCase();
      const rowCurrency = named === '' ? facts.currency : named;
      if (rowCurrency !== currency) {
        if (!isCurrency(rowCurrency)) {
          sink.reject(line, 'bad_currency');
          return;
        }
        currency = rowCurrency;
        places = placesOf(currency);
      }
      const text = field(at.amount);
      const amount = parseDecimal(text, places, commas && text.includes(',') ? 44 : 46);
      if (amount === undefined) {
        sink.reject(line, 'bad_amount');
        return;
      }
      const quantity = at.quantity === -1 || field(at.quantity) === '' ? 1 : parseDecimal(field(at.quantity), 0);
      if (quantity === undefined) {
        sink.reject(line, 'bad_quantity');
        return;
      }
      const made: SourceOrderLine = {
        customerId,
        orderId,
        kind: amount < 0 ? 'return' : 'sale',
        orderedAt,
        amount,
        currency,
        // A product without an id goes by its name.
        productId: orNone(field(at.product_id)) ?? orNone(field(at.product_name).slice(0, 255)),
        productName: orNone(field(at.product_name)),
        quantity,
        email: orNone(field(at.email)) ?? (placeholderAddresses ? placeholderAddress(customerId) : undefined),
        country: at.country === -1 ? facts.country : countryOf(field(at.country)),
        timeZone: orNone(field(at.time_zone)),
        line,
      };
      sink.line(made);
    },
    end: () => undefined,
  };
}

function orNone(text: string): string | undefined {
  return text === '' ? undefined : text;
}
