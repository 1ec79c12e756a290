/**
 * UCI Online Retail (Chen, Sain and Guo 2012; archive.ics.uci.edu/dataset/352): invoice lines of a gift shop in the United
 * Kingdom. An invoice number with a C is a cancellation: what came back, kept as a return with its negative amount.
 *
 * Left out, by reason: lines without a customer, with a price of zero or less, told twice within their invoice, entries of
 * the books that nobody bought (fees, bad debt, samples), and corrections of stock (a negative quantity without a C).
 */
import type { SourceOrderLine } from '@rekindle/core';
import { countryOf } from '../countries.ts';
import { parseDecimal, shiftDown } from '../money.ts';
import { firstLine, guessDialect } from '../rows.ts';
import { timeReader } from '../times.ts';
import { findColumns } from './columns.ts';
import { placeholderAddress, type Format, type ReadContext, type RowReader } from './format.ts';

const COLUMNS = {
  needed: ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'],
  optional: [],
} as const;

/** The names of the same columns in Online Retail II (archive.ics.uci.edu/dataset/502). */
const SECOND = { InvoiceNo: 'Invoice', UnitPrice: 'Price', CustomerID: 'Customer ID' };

/** Entries of the shop's books. Postage, carriage, bank charges and manual lines are paid by the customer and stay. */
const BOOKS = new Set(['AMAZONFEE', 'B', 'CRUK', 'S']);

export const uciFormat: Format = {
  name: 'uci-online-retail',
  implies: { currency: 'GBP', country: 'GB', timeZone: 'Europe/London' },
  seekable: true,
  header: true,
  recognises: (beginning) => /^invoice(no)?,stockcode,description,quantity,invoicedate,/i.test(firstLine(beginning)),
  dialect: guessDialect,
  reader,
};

function reader(header: string[], context: ReadContext): RowReader {
  const second = header.some((name) => name.trim().toLowerCase() === 'invoice');
  const at = findColumns(header, COLUMNS, context.columns ?? (second ? SECOND : undefined), context.name);
  const readTime = timeReader(context.facts.timeZone, true);
  const { currency } = context.facts;
  // Lines of one invoice stand together: only its own are looked at for a twin.
  let invoice = '';
  let told = new Set<string>();

  function refuse(fields: string[]): string | undefined {
    if (fields.length !== header.length) return 'wrong_number_of_columns';
    if ((fields[at.CustomerID] ?? '') === '') return 'no_customer';
    if (BOOKS.has(fields[at.StockCode] ?? '')) return 'not_a_sale';
    return undefined;
  }

  function isTwin(row: string): boolean {
    const before = told.size;
    told.add(row);
    return told.size === before;
  }

  return {
    row(fields, line, sink) {
      const order = fields[at.InvoiceNo] ?? '';
      if (order !== invoice) {
        invoice = order;
        told = new Set();
      }
      const reason = refuse(fields);
      const price = parseDecimal(fields[at.UnitPrice] ?? '', 5);
      const quantity = parseDecimal(fields[at.Quantity] ?? '', 0);
      const orderedAt = readTime(fields[at.InvoiceDate] ?? '');
      const returned = order.startsWith('C');
      if (reason !== undefined) sink.reject(line, reason);
      else if (price === undefined) sink.reject(line, 'bad_amount');
      else if (price <= 0) sink.reject(line, price === 0 ? 'zero_price' : 'negative_price');
      else if (quantity === undefined || quantity === 0) sink.reject(line, 'bad_quantity');
      else if (!orderedAt) sink.reject(line, 'bad_date');
      else if (quantity < 0 !== returned) sink.reject(line, 'stock_correction');
      else if (isTwin(fields.join('\t'))) sink.reject(line, 'duplicate');
      else sink.line(lineOf(fields, { order, price, quantity, orderedAt, returned, line }));
    },
    end: () => undefined,
  };

  function lineOf(
    fields: string[],
    read: { order: string; price: number; quantity: number; orderedAt: Date; returned: boolean; line: number },
  ): SourceOrderLine {
    const customerId = fields[at.CustomerID] ?? '';
    return {
      customerId,
      orderId: read.order,
      // Rows that differ in anything are two lines, as in the published counts; only exact copies are one.
      lineId: fields.join('\t'),
      kind: read.returned ? 'return' : 'sale',
      orderedAt: read.orderedAt,
      // Prices have up to three decimals, pence two.
      amount: shiftDown(read.price * read.quantity, 3),
      currency,
      productId: fields[at.StockCode] ?? '',
      productName: fields[at.Description] ?? '',
      quantity: read.quantity,
      email: context.placeholderAddresses ? placeholderAddress(customerId) : undefined,
      country: countryOf(fields[at.Country] ?? ''),
      line: read.line,
    };
  }
}
