/**
 * Order lines on their way into the tables: gathered into orders, each line once, in the order of the orders' ids so that
 * the indexes grow at neighbouring places, and written as COPY text.
 */
import { copyField } from '../database/copy.ts';
import type { SourceOrderLine } from '../ports.ts';
import { idsOf, lineNumber } from './ids.ts';
import { gatherPeople, type People } from './people.ts';
import { gatherProducts, type Products } from './products.ts';
import { reject, type Rejected } from './rejected.ts';

export const ORDER_COLUMNS = ['id', 'customer_id', 'external_id', 'kind', 'ordered_at', 'amount'];
export const LINE_COLUMNS = ['order_id', 'line', 'product_id', 'quantity', 'amount'];

/** Minor units that one line may hold: sums of a million such lines are still exact. */
const LARGEST_AMOUNT = 1e9 * 1e2;
/** Characters of an id: more would not fit into an index. */
const LONGEST_ID = 255;
const FIRST_TIME = Date.UTC(1, 0, 1);
const LAST_TIME = Date.UTC(9999, 11, 31);
/** From this many lines on an order looks its lines up in a set. */
const MANY_LINES = 32;
/** Characters handed to the socket at once. */
const TEXT = 1 << 16;

interface GatheredOrder {
  id: string;
  customerId: string;
  externalId: string;
  kind: 'sale' | 'return';
  at: number;
  numbers: number[];
  amounts: number[];
  /** The line's fields after its order's id */
  texts: string[];
  index?: Map<number, number>;
}

/** Orders with their lines, ready for COPY. */
export interface OrderChunk {
  orders: string[];
  lines: string[];
  orderCount: number;
  lineCount: number;
}

export interface Staging {
  readonly people: People;
  readonly products: Products;
  add(line: SourceOrderLine): void;
  /** Lines held, copies left out. */
  size(): number;
  take(): OrderChunk;
}

export function stageOrders(options: {
  storeId: string;
  platform: string;
  currency: string;
  rejected: Rejected;
}): Staging {
  const { storeId, platform, currency, rejected } = options;
  const orderId = idsOf('order', storeId, platform);
  const people = gatherPeople(idsOf('customer', storeId, platform));
  const products = gatherProducts(idsOf('product', storeId, platform));
  let orders = new Map<string, GatheredOrder>();
  let lineCount = 0;
  let last: GatheredOrder | undefined;

  function orderOf(line: SourceOrderLine, customerId: string, at: number): GatheredOrder {
    if (last && last.externalId === line.orderId) return last;
    let order = orders.get(line.orderId);
    if (!order) {
      order = {
        id: orderId(line.orderId),
        customerId,
        externalId: line.orderId,
        kind: line.kind,
        at,
        numbers: [],
        amounts: [],
        texts: [],
      };
      orders.set(line.orderId, order);
    }
    last = order;
    return order;
  }

  return {
    people,
    products,
    size: () => lineCount,
    add(line) {
      const at = line.orderedAt.getTime();
      const reason = whyNot(line, at, currency);
      if (reason !== undefined) {
        reject(rejected, { line: line.line ?? 0, reason });
        return;
      }
      const order = orderOf(line, people.fromLine(line, at), at);
      if (at < order.at) order.at = at;
      if (line.kind === 'sale') order.kind = 'sale';
      const product =
        line.productId === undefined || line.productId === ''
          ? '\\N'
          : products.named(line.productId, line.productName, at);
      if (addLine(order, line, product)) lineCount++;
    },
    take() {
      const chunk = writeOut([...orders.values()], lineCount);
      orders = new Map();
      lineCount = 0;
      last = undefined;
      return chunk;
    },
  };
}

function whyNot(line: SourceOrderLine, at: number, currency: string): string | undefined {
  if (line.currency !== currency) return 'other_currency';
  if (!(at >= FIRST_TIME && at <= LAST_TIME)) return 'bad_date';
  if (!Number.isInteger(line.amount) || Math.abs(line.amount) > LARGEST_AMOUNT) return 'bad_amount';
  if ((line.quantity | 0) !== line.quantity) return 'bad_quantity';
  if (line.customerId === '') return 'no_customer';
  if (line.orderId === '') return 'no_order';
  if (
    line.customerId.length > LONGEST_ID ||
    line.orderId.length > LONGEST_ID ||
    (line.productId?.length ?? 0) > LONGEST_ID
  )
    return 'id_too_long';
  return undefined;
}

/** Gives whether the line is new to the order. A line with an id of its own replaces what it said before. */
function addLine(order: GatheredOrder, line: SourceOrderLine, product: string): boolean {
  const words =
    line.lineId === undefined
      ? `${line.productId ?? ''}\u0000${String(line.quantity)}\u0000${String(line.amount)}`
      : `#${line.lineId}`;
  const number = lineNumber(words);
  const text = `\t${String(number)}\t${product}\t${String(line.quantity)}\t${String(line.amount)}\n`;
  const place = placeOf(order, number);
  if (place === -1) {
    order.index?.set(number, order.numbers.length);
    order.numbers.push(number);
    order.amounts.push(line.amount);
    order.texts.push(text);
    return true;
  }
  order.amounts[place] = line.amount;
  order.texts[place] = text;
  return false;
}

function placeOf(order: GatheredOrder, number: number): number {
  if (order.numbers.length < MANY_LINES) return order.numbers.indexOf(number);
  order.index ??= new Map(order.numbers.map((one, place) => [one, place]));
  return order.index.get(number) ?? -1;
}

function writeOut(orders: GatheredOrder[], lineCount: number): OrderChunk {
  orders.sort((a, b) => (a.id < b.id ? -1 : 1));
  const chunk: OrderChunk = { orders: [], lines: [], orderCount: orders.length, lineCount };
  let heads = '';
  let lines = '';
  for (const order of orders) {
    let amount = 0;
    for (const one of order.amounts) amount += one;
    for (const text of order.texts) lines += order.id + text;
    const at = new Date(order.at).toISOString();
    heads += `${order.id}\t${order.customerId}\t${copyField(order.externalId)}\t${order.kind}\t${at}\t${String(amount)}\n`;
    if (heads.length > TEXT) (chunk.orders.push(heads), (heads = ''));
    if (lines.length > TEXT) (chunk.lines.push(lines), (lines = ''));
  }
  if (heads !== '') chunk.orders.push(heads);
  if (lines !== '') chunk.lines.push(lines);
  return chunk;
}
