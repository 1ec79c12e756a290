/** The layouts of order logs that we know, the most particular first. */
import { fail } from '@rekindle/core';
import type { FormatName } from '../settings.ts';
import { cdnowFormat } from './cdnow.ts';
import type { Format } from './format.ts';
import { ordersFormat } from './orders.ts';
import { shopifyFormat } from './shopify.ts';
import { uciFormat } from './uci.ts';

const FORMATS: readonly Format[] = [uciFormat, cdnowFormat, shopifyFormat, ordersFormat];

/** The named format, or the one whose looks the file has. A mapping of columns asks for the house format. */
export function chooseFormat(beginning: string, name: FormatName | undefined, mapped: boolean): Format {
  if (name === undefined && mapped) return ordersFormat;
  const format = FORMATS.find((one) => (name === undefined ? one.recognises(beginning) : one.name === name));
  if (!format) throw fail('bad_configuration', `There is no format ${name ?? ''}.`);
  return format;
}

export type { Facts, Format, RowReader, Sink } from './format.ts';
export { customerReader, CUSTOMER_COLUMNS, type ReadCustomer } from './customers.ts';
export { ORDER_COLUMNS } from './orders.ts';
