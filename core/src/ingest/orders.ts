/**
 * Order lines on their way into the tables: gathered into orders, each line once, in the order of the orders' ids so that
 * the indexes grow at neighbouring places. Lines stand in columns of numbers, not in objects: a hundred thousand of them
 * leave nothing for the garbage collector.
 */
import type { SourceOrderLine } from '../ports.ts';
import { idsOf, lanesOf, lineNumber, orderIdsOf } from './ids.ts';
import { gatherPeople, type People } from './people.ts';
import { gatherProducts, type Product, type Products } from './products.ts';
import { reject, type Rejected } from './rejected.ts';
import { Wire } from './wire.ts';

export const ORDER_COLUMNS = [
  'id',
  'customer_id',
  'external_id',
  'returned',
  'ordered_at',
  'amount',
  'lines',
  'product_ids',
  'quantities',
  'amounts',
];

/** Minor units that one line may hold: sums of ten thousand such lines are still exact. */
const LARGEST_AMOUNT = 1e11;
/** Characters of an id: more would not fit into an index. */
const LONGEST_ID = 255;
const FIRST_TIME = Date.UTC(1000, 0, 1);
const LAST_TIME = Date.UTC(9999, 11, 31);
/** From this many lines on an order looks its lines up in a map. */
const MANY_LINES = 32;
const NO_PRODUCT = lanesOf('');

interface GatheredOrder {
  id: string;
  customerId: string;
  externalId: string;
  returned: boolean;
  at: number;
  amount: number;
  /** Its first and its last line; the rest hangs on them by `next` */
  first: number;
  last: number;
  count: number;
  /** Places of its lines by number, once they are many */
  index: Map<number, number> | undefined;
}

/** Orders with their lines, as a COPY stream. */
export interface OrderChunk {
  orders: Buffer[] | undefined;
  orderCount: number;
  lineCount: number;
  /** Lowest and highest id of the orders */
  lowest: string;
  highest: string;
}

export interface Staging {
  readonly people: People;
  readonly products: Products;
  add(line: SourceOrderLine): void;
  /** Lines held, copies left out. */
  size(): number;
  /** Everything held, or all but the order whose lines are just coming: it would have to be looked up again. */
  take(which: 'complete' | 'all'): OrderChunk;
}

export function stageOrders(options: {
  storeId: string;
  platform: string;
  currency: string;
  rejected: Rejected;
}): Staging {
  const { storeId, platform, currency, rejected } = options;
  const orderId = orderIdsOf(storeId, platform);
  const people = gatherPeople(idsOf('customer', storeId, platform));
  const products = gatherProducts(idsOf('product', storeId, platform));
  const wire = new Wire(ORDER_COLUMNS.length);
  const lines = new Lines();
  let orders = new Map<string, GatheredOrder>();
  let last: GatheredOrder | undefined;

  function orderOf(line: SourceOrderLine, at: number): GatheredOrder {
    if (last && last.externalId === line.orderId) return last;
    last = orders.get(line.orderId);
    if (last) return last;
    last = {
      id: orderId(line.orderId),
      customerId: '',
      externalId: line.orderId,
      returned: line.kind === 'return',
      at,
      amount: 0,
      first: -1,
      last: -1,
      count: 0,
      index: undefined,
    };
    orders.set(line.orderId, last);
    return last;
  }

  return {
    people,
    products,
    size: () => lines.count,
    add(line) {
      const at = line.orderedAt.getTime();
      const reason = whyNot(line, at, currency);
      if (reason !== undefined) {
        reject(rejected, { line: line.line ?? 0, reason });
        return;
      }
      const customerId = people.fromLine(line, at);
      const order = orderOf(line, at);
      // Where lines of one order name two people, the lower id: any rule will do, as long as it is one.
      if (order.customerId === '' || customerId < order.customerId) order.customerId = customerId;
      if (at < order.at) order.at = at;
      if (line.kind === 'sale') order.returned = false;
      const { productId } = line;
      const product =
        productId === undefined || productId === '' ? undefined : products.named(productId, line.productName, at);
      lines.add(order, line, product);
    },
    take(which) {
      const open = which === 'complete' ? last : undefined;
      if (open) orders.delete(open.externalId);
      const lineCount = lines.count - (open?.count ?? 0);
      const sorted = [...orders.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      for (const order of sorted) {
        writeOrder(wire, order);
        lines.write(wire, order);
      }
      lines.keepOnly(open);
      orders = new Map(open ? [[open.externalId, open]] : []);
      last = open;
      return {
        orders: wire.take(),
        orderCount: sorted.length,
        lineCount,
        lowest: sorted[0]?.id ?? '',
        highest: sorted.at(-1)?.id ?? '',
      };
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
  const product = line.productId?.length ?? 0;
  if (line.customerId.length > LONGEST_ID || line.orderId.length > LONGEST_ID || product > LONGEST_ID)
    return 'id_too_long';
  return undefined;
}

/** All of a row but its lines, which Lines.write puts after it. */
function writeOrder(wire: Wire, order: GatheredOrder): void {
  wire.row();
  wire.uuid(order.id);
  wire.uuid(order.customerId);
  wire.text(order.externalId);
  wire.int(order.returned ? 1 : 0);
  wire.time(order.at);
  wire.bigint(order.amount);
}

/** The lines of all orders of a chunk, in columns. */
class Lines {
  count = 0;
  private numbers = new Float64Array(1 << 12);
  private amounts = new Float64Array(1 << 12);
  private quantities = new Int32Array(1 << 12);
  private next = new Int32Array(1 << 12);
  private products: (Product | undefined)[] = [];

  /** A line that the order has already is left out, or, where it has an id of its own, says what it says now. */
  add(order: GatheredOrder, line: SourceOrderLine, product: Product | undefined): void {
    const number =
      line.lineId === undefined
        ? lineNumber(product?.lanes ?? NO_PRODUCT, line.quantity, line.amount)
        : lineNumber(lanesOf(`#${line.lineId}`));
    let place = this.find(order, number);
    if (place === -1) {
      place = this.append(order, number);
      order.amount += line.amount;
    } else if (line.lineId === undefined) return;
    else order.amount += line.amount - (this.amounts[place] ?? 0);
    this.amounts[place] = line.amount;
    this.quantities[place] = line.quantity;
    this.products[place] = product;
  }

  /** Lines stand by number, so that the same lines make the same row in whatever order they were told. */
  write(wire: Wire, order: GatheredOrder): void {
    const { numbers } = this;
    const places: number[] = [];
    let nulls = false;
    for (let place = order.first; place !== -1; place = this.next[place] ?? -1) {
      places.push(place);
      if (!this.products[place]) nulls = true;
    }
    if (places.length > 1) places.sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
    let start = wire.array('bigint', places.length);
    for (const place of places) wire.bigint(numbers[place] ?? 0);
    wire.end(start);
    start = wire.array('uuid', places.length, nulls);
    for (const place of places) {
      const product = this.products[place];
      if (product) wire.uuid(product.id);
      else wire.none();
    }
    wire.end(start);
    start = wire.array('int', places.length);
    for (const place of places) wire.int(this.quantities[place] ?? 0);
    wire.end(start);
    start = wire.array('bigint', places.length);
    for (const place of places) wire.bigint(this.amounts[place] ?? 0);
    wire.end(start);
  }

  /** Forgets the lines of all other orders. */
  keepOnly(order: GatheredOrder | undefined): void {
    const places: number[] = [];
    for (let place = order?.first ?? -1; place !== -1; place = this.next[place] ?? -1) places.push(place);
    // An order's lines stand in the order of their coming, so none is overwritten before it is read.
    const products = places.map((place) => this.products[place]);
    places.forEach((from, to) => {
      this.numbers[to] = this.numbers[from] ?? 0;
      this.amounts[to] = this.amounts[from] ?? 0;
      this.quantities[to] = this.quantities[from] ?? 0;
      this.next[to] = to + 1;
    });
    this.count = places.length;
    this.products = products;
    if (!order) return;
    order.first = 0;
    order.last = places.length - 1;
    this.next[order.last] = -1;
    order.index = undefined;
  }

  private find(order: GatheredOrder, number: number): number {
    if (order.count >= MANY_LINES) {
      order.index ??= this.indexOf(order);
      return order.index.get(number) ?? -1;
    }
    for (let place = order.first; place !== -1; place = this.next[place] ?? -1)
      if (this.numbers[place] === number) return place;
    return -1;
  }

  private indexOf(order: GatheredOrder): Map<number, number> {
    const index = new Map<number, number>();
    for (let place = order.first; place !== -1; place = this.next[place] ?? -1)
      index.set(this.numbers[place] ?? 0, place);
    return index;
  }

  private append(order: GatheredOrder, number: number): number {
    if (this.count === this.numbers.length) this.grow();
    const place = this.count++;
    this.numbers[place] = number;
    this.next[place] = -1;
    if (order.last === -1) order.first = place;
    else this.next[order.last] = place;
    order.last = place;
    order.count++;
    order.index?.set(number, place);
    return place;
  }

  private grow(): void {
    const size = this.numbers.length * 2;
    this.numbers = larger(new Float64Array(size), this.numbers);
    this.amounts = larger(new Float64Array(size), this.amounts);
    this.quantities = larger(new Int32Array(size), this.quantities);
    this.next = larger(new Int32Array(size), this.next);
  }
}

function larger<Column extends Float64Array | Int32Array>(column: Column, from: Column): Column {
  column.set(from);
  return column;
}
