/**
 * Order lines on their way into the tables: gathered into orders, each line once, in the order of the orders' ids so that
 * the indexes grow at neighbouring places.
 */
import type { SourceOrderLine } from '../ports.ts';
import { larger } from './columns.ts';
import { compareIds, ID, idsOf, orderIdsOf, type WriteId } from './ids.ts';
import { Lines } from './lines.ts';
import { Names } from './names.ts';
import { gatherPeople, type People } from './people.ts';
import { gatherProducts, type Products } from './products.ts';
import { reject, type Rejected } from './rejected.ts';
import type { Tally } from './tally.ts';
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
  /** From now on customers' totals are reckoned of what is taken. */
  reckon(tally: Tally): void;
  /** Totals of all that was taken (undefined rows: of nobody), while the people are still held; undefined: they are not known. */
  totals(): { rows: Buffer[] | undefined } | undefined;
}

export function stageOrders(options: {
  storeId: string;
  platform: string;
  currency: string;
  rejected: Rejected;
}): Staging {
  const { storeId, platform, currency, rejected } = options;
  const people = gatherPeople(idsOf('customer', storeId, platform));
  const products = gatherProducts(idsOf('product', storeId, platform));
  const wire = new Wire(ORDER_COLUMNS.length);
  const lines = new Lines();
  const orders = new Orders(orderIdsOf(storeId, platform));
  let tally: Tally | undefined;

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
      const buyer = people.fromLine(line, at);
      const before = orders.size;
      const order = orders.placeOf(line.orderId);
      if (order === before) {
        orders.open(order, line.orderId, at, line.kind);
        lines.open(order);
      }
      orders.tell(order, people.ids(), buyer, at, line.kind);
      const { productId } = line;
      const product =
        productId === undefined || productId === '' ? undefined : products.named(productId, line.productName, at);
      orders.grow(order, lines.add(order, line, product));
    },
    take(which) {
      const open = which === 'complete' ? orders.current : -1;
      const lineCount = lines.count - (open === -1 ? 0 : lines.countOf(open));
      const sorted = orders.sorted(open);
      for (const order of sorted) {
        orders.write(wire, order);
        lines.write(wire, order);
        if (tally) orders.reckon(tally, order);
      }
      const [lowest, highest] = [orders.hex(sorted[0]), orders.hex(sorted.at(-1))];
      lines.keepOnly(open);
      orders.keepOnly(open);
      return {
        orders: wire.take(),
        orderCount: sorted.length,
        lineCount,
        lowest,
        highest,
      };
    },
    reckon(made) {
      tally = made;
    },
    totals() {
      const rows = tally?.take(people.ids());
      return tally?.exact === true && people.overflows() === 0 ? { rows } : undefined;
    },
  };
}

/** What is said of the orders of a chunk, in columns, by their places. */
class Orders {
  /** The place of the order whose lines are just coming; -1: none */
  current = -1;
  private currentName = '';
  private readonly names = new Names();
  private ids = new Uint8Array(ID << 10);
  private customers = new Uint8Array(ID << 10);
  /** The customers' numbers as people are held */
  private buyers = new Int32Array(1 << 10);
  private times = new Float64Array(1 << 10);
  private amounts = new Float64Array(1 << 10);
  private returned = new Uint8Array(1 << 10);
  private readonly writeId: WriteId;

  constructor(writeId: WriteId) {
    this.writeId = writeId;
  }

  get size(): number {
    return this.names.size;
  }

  /** The order's place, the next one where it is new. */
  placeOf(externalId: string): number {
    if (this.current !== -1 && this.currentName === externalId) return this.current;
    this.currentName = externalId;
    return (this.current = this.names.numberOf(externalId));
  }

  open(order: number, externalId: string, at: number, kind: SourceOrderLine['kind']): void {
    if (order === this.times.length) {
      this.ids = larger(new Uint8Array(ID * order * 2), this.ids);
      this.customers = larger(new Uint8Array(ID * order * 2), this.customers);
      this.buyers = larger(new Int32Array(order * 2), this.buyers);
      this.times = larger(new Float64Array(order * 2), this.times);
      this.amounts = larger(new Float64Array(order * 2), this.amounts);
      this.returned = larger(new Uint8Array(order * 2), this.returned);
    }
    this.writeId(externalId, this.ids, ID * order);
    // Beyond all ids: whoever is named first comes before it.
    this.customers.fill(255, ID * order, ID * order + ID);
    this.times[order] = at;
    this.amounts[order] = 0;
    this.returned[order] = kind === 'return' ? 1 : 0;
  }

  /** What one of its lines says of the whole. `ids`: of people, by their numbers. */
  tell(order: number, ids: Uint8Array, buyer: number, at: number, kind: SourceOrderLine['kind']): void {
    // Where lines of one order name two people, the lower id: any rule will do, as long as it is one.
    if (compareIds(ids, ID * buyer, this.customers, ID * order) < 0) {
      for (let i = 0; i < ID; i++) this.customers[ID * order + i] = ids[ID * buyer + i] ?? 0;
      this.buyers[order] = buyer;
    }
    if (at < (this.times[order] ?? at)) this.times[order] = at;
    if (kind === 'sale') this.returned[order] = 0;
  }

  grow(order: number, amount: number): void {
    this.amounts[order] = (this.amounts[order] ?? 0) + amount;
  }

  /** The places of all but `open`, in the order of the ids. */
  sorted(open: number): number[] {
    const { ids, names } = this;
    const places: number[] = [];
    for (let place = 0; place < names.size; place++) if (place !== open) places.push(place);
    return places.sort((a, b) => compareIds(ids, ID * a, ids, ID * b));
  }

  /** The order's id in digits; '' where there is none. */
  hex(order: number | undefined): string {
    if (order === undefined) return '';
    return Buffer.from(this.ids.buffer, ID * order, ID).toString('hex');
  }

  /** All of a row but its lines, which Lines.write puts after it. */
  write(wire: Wire, order: number): void {
    wire.row();
    wire.uuid(this.ids, ID * order);
    wire.uuid(this.customers, ID * order);
    wire.text(this.names.texts[order] ?? '');
    wire.int(this.returned[order] ?? 0);
    wire.time(this.times[order] ?? 0);
    wire.bigint(this.amounts[order] ?? 0);
  }

  reckon(tally: Tally, order: number): void {
    tally.add(this.buyers[order] ?? 0, this.times[order] ?? 0, this.amounts[order] ?? 0, this.returned[order] === 1);
  }

  /** Forgets all orders but this one, whose place is 0 then; -1: all. */
  keepOnly(order: number): void {
    const name = this.names.texts[order];
    this.names.clear();
    this.current = -1;
    if (name === undefined) return;
    this.current = this.names.numberOf(name);
    this.currentName = name;
    for (const column of [this.buyers, this.times, this.amounts, this.returned]) column[0] = column[order] ?? 0;
    for (const column of [this.ids, this.customers]) column.copyWithin(0, ID * order, ID * order + ID);
  }
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
