/**
 * The lines of orders on their way into the tables, in columns of numbers and not in objects: a hundred thousand of them leave
 * nothing for the garbage collector. Lines of an order hang on each other, in the order of their coming.
 */
import type { SourceOrderLine } from '../ports.ts';
import { larger } from './columns.ts';
import { lanesOf, lineNumber } from './ids.ts';
import type { Product } from './products.ts';
import type { Wire } from './wire.ts';

/** From this many lines on an order looks its lines up in a map. */
const MANY_LINES = 32;
const NO_PRODUCT = lanesOf('');
const FEWEST = 1 << 12;

export class Lines {
  count = 0;
  private numbers = new Float64Array(FEWEST);
  private amounts = new Float64Array(FEWEST);
  private quantities = new Int32Array(FEWEST);
  private next = new Int32Array(FEWEST);
  private products: (Product | undefined)[] = [];
  /** By the order's place: its first and its last line (-1: none), and how many there are */
  private first = new Int32Array(FEWEST);
  private last = new Int32Array(FEWEST);
  private counts = new Int32Array(FEWEST);
  /** Places of its lines by number, of orders with many */
  private indexes = new Map<number, Map<number, number>>();
  /** Places of one order's lines, while they are written */
  private places = new Int32Array(FEWEST);

  /** Room for the lines of the order with this place. */
  open(order: number): void {
    if (order === this.first.length) {
      this.first = larger(new Int32Array(order * 2), this.first);
      this.last = larger(new Int32Array(order * 2), this.last);
      this.counts = larger(new Int32Array(order * 2), this.counts);
    }
    this.first[order] = -1;
    this.last[order] = -1;
    this.counts[order] = 0;
  }

  countOf(order: number): number {
    return this.counts[order] ?? 0;
  }

  /**
   * A line that the order has already is left out, or, where it has an id of its own, says what it says now. Gives by how much
   * the order's amount grows.
   */
  add(order: number, line: SourceOrderLine, product: Product | undefined): number {
    const { lineId, quantity, amount } = line;
    const number =
      lineId === undefined
        ? lineNumber(product?.lanes ?? NO_PRODUCT, quantity, amount)
        : lineNumber(lanesOf(`#${lineId}`));
    let place = this.find(order, number);
    let more = amount;
    if (place === -1) place = this.append(order, number);
    else if (lineId === undefined) return 0;
    else more -= this.amounts[place] ?? 0;
    this.amounts[place] = amount;
    this.quantities[place] = quantity;
    this.products[place] = product;
    return more;
  }

  /** Lines stand by number, so that the same lines make the same row in whatever order they were told. */
  write(wire: Wire, order: number): void {
    const { places, products, numbers, quantities, amounts } = this;
    const count = this.sort(order);
    let nulls = false;
    for (let i = 0; i < count; i++) if (!products[places[i] ?? 0]) nulls = true;
    let start = wire.array('bigint', count);
    for (let i = 0; i < count; i++) wire.bigint(numbers[places[i] ?? 0] ?? 0);
    wire.end(start);
    start = wire.array('uuid', count, nulls);
    for (let i = 0; i < count; i++) {
      const product = products[places[i] ?? 0];
      if (product) wire.uuid(product.id);
      else wire.none();
    }
    wire.end(start);
    start = wire.array('int', count);
    for (let i = 0; i < count; i++) wire.int(quantities[places[i] ?? 0] ?? 0);
    wire.end(start);
    start = wire.array('bigint', count);
    for (let i = 0; i < count; i++) wire.bigint(amounts[places[i] ?? 0] ?? 0);
    wire.end(start);
  }

  /** Forgets the lines of all orders but this one, whose place is 0 then; -1: of all. */
  keepOnly(order: number): void {
    const places: number[] = [];
    for (let place = order === -1 ? -1 : (this.first[order] ?? -1); place !== -1; place = this.next[place] ?? -1)
      places.push(place);
    // An order's lines stand in the order of their coming, so none is overwritten before it is read.
    this.products = places.map((place) => this.products[place]);
    for (const [to, from] of places.entries()) {
      this.numbers[to] = this.numbers[from] ?? 0;
      this.amounts[to] = this.amounts[from] ?? 0;
      this.quantities[to] = this.quantities[from] ?? 0;
      this.next[to] = to + 1;
    }
    this.count = places.length;
    this.indexes.clear();
    if (order === -1) return;
    this.first[0] = 0;
    this.last[0] = this.count - 1;
    this.counts[0] = this.count;
    this.next[this.count - 1] = -1;
  }

  /** Puts the places of the order's lines into `places`, by number, and gives how many there are. */
  private sort(order: number): number {
    let count = 0;
    const many = this.countOf(order);
    if (many > this.places.length) this.places = new Int32Array(many * 2);
    const { places, numbers } = this;
    for (let place = this.first[order] ?? -1; place !== -1; place = this.next[place] ?? -1) places[count++] = place;
    if (count >= MANY_LINES) {
      places.subarray(0, count).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0));
      return count;
    }
    for (let i = 1; i < count; i++) {
      const place = places[i] ?? 0;
      const number = numbers[place] ?? 0;
      let to = i;
      for (; to > 0 && (numbers[places[to - 1] ?? 0] ?? 0) > number; to--) places[to] = places[to - 1] ?? 0;
      places[to] = place;
    }
    return count;
  }

  private find(order: number, number: number): number {
    if (this.countOf(order) >= MANY_LINES) {
      let index = this.indexes.get(order);
      if (!index) this.indexes.set(order, (index = this.indexOf(order)));
      return index.get(number) ?? -1;
    }
    for (let place = this.first[order] ?? -1; place !== -1; place = this.next[place] ?? -1)
      if (this.numbers[place] === number) return place;
    return -1;
  }

  private indexOf(order: number): Map<number, number> {
    const index = new Map<number, number>();
    for (let place = this.first[order] ?? -1; place !== -1; place = this.next[place] ?? -1)
      index.set(this.numbers[place] ?? 0, place);
    return index;
  }

  private append(order: number, number: number): number {
    if (this.count === this.numbers.length) this.grow();
    const place = this.count++;
    this.numbers[place] = number;
    this.next[place] = -1;
    const last = this.last[order] ?? -1;
    if (last === -1) this.first[order] = place;
    else this.next[last] = place;
    this.last[order] = place;
    const many = this.countOf(order) + 1;
    this.counts[order] = many;
    if (many > MANY_LINES) this.indexes.get(order)?.set(number, place);
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
