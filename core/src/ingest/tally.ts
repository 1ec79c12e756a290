/**
 * Customers' totals, reckoned while their orders pass on the way into an empty store: the same as refreshTotals (totals.store.ts)
 * finds by going through all orders once more. What a day is the database says (`starts`), so that the two never differ.
 *
 * Knows only what it was told of: where an order may be told a second time, or people do not keep their numbers, it must not be used.
 */
import { larger } from './columns.ts';
import { ID } from './ids.ts';
import { Wire } from './wire.ts';

export const TOTAL_COLUMNS = [
  'id',
  'purchase_days',
  'orders',
  'revenue',
  'first_order_at',
  'last_order_at',
  'repeat_revenue',
];

const DAY = 86_400_000;
const FEWEST = 1 << 10;
/** Looks at days of a customer, of all together. Logs in no order of time, of customers with thousands of days, need more. */
const MOST_LOOKS = 20_000_000;

export class Tally {
  /** False: something came up that only the database can reckon. */
  exact = true;
  private readonly starts: Float64Array;
  private looks = 0;
  private people = 0;
  // By the person's number.
  private orders = new Int32Array(FEWEST);
  private revenue = new Float64Array(FEWEST);
  private sold = new Float64Array(FEWEST);
  private firstAt = new Float64Array(FEWEST);
  private lastAt = new Float64Array(FEWEST);
  private firstDay = new Int32Array(FEWEST);
  private lastDay = new Int32Array(FEWEST);
  private soldFirstDay = new Float64Array(FEWEST);
  private dayCount = new Int32Array(FEWEST);
  /** The latest of the person's days to have come; each hangs on the one before, -1: none */
  private dayHead = new Int32Array(FEWEST);
  // By the place of a purchase day.
  private days = new Int32Array(FEWEST);
  private dayNext = new Int32Array(FEWEST);
  private dayTotal = 0;

  /** `starts`: when each day of the store begins (ms), without a gap, ascending. */
  constructor(starts: Float64Array) {
    this.starts = starts;
  }

  /** An order of the person with this number. */
  add(person: number, at: number, amount: number, returned: boolean): void {
    while (this.people <= person) this.open(this.people++);
    this.revenue[person] = (this.revenue[person] ?? 0) + amount;
    if (returned) return;
    const day = this.dayOf(at);
    if (day === -1) this.exact = false;
    this.sold[person] = (this.sold[person] ?? 0) + amount;
    this.firstAt[person] = Math.min(this.firstAt[person] ?? at, at);
    this.lastAt[person] = Math.max(this.lastAt[person] ?? at, at);
    this.orders[person] = (this.orders[person] ?? 0) + 1;
    this.addDay(person, day, amount);
  }

  /** Everybody with a sale, as a COPY stream; undefined where there is nobody. `ids`: as of People. */
  take(ids: Uint8Array): Buffer[] | undefined {
    const wire = new Wire(TOTAL_COLUMNS.length);
    for (let person = 0; person < this.people; person++) {
      if (this.orders[person] === 0) continue;
      const [revenue, sold] = [this.revenue[person] ?? 0, this.sold[person] ?? 0];
      if (!Number.isSafeInteger(revenue) || !Number.isSafeInteger(sold)) this.exact = false;
      wire.row();
      wire.uuid(ids, ID * person);
      wire.int(this.dayCount[person] ?? 0);
      wire.int(this.orders[person] ?? 0);
      wire.bigint(revenue);
      wire.time(this.firstAt[person] ?? 0);
      wire.time(this.lastAt[person] ?? 0);
      wire.bigint(sold - (this.soldFirstDay[person] ?? 0));
    }
    return wire.take();
  }

  private addDay(person: number, day: number, amount: number): void {
    const first = this.firstDay[person] ?? day;
    const last = this.lastDay[person] ?? day;
    const none = this.dayCount[person] === 0;
    if (none || day < first) {
      this.firstDay[person] = day;
      this.soldFirstDay[person] = amount;
    } else if (day === first) this.soldFirstDay[person] = (this.soldFirstDay[person] ?? 0) + amount;
    if (none || day > last) this.lastDay[person] = day;
    // Mostly orders come in an order of time, this way round or that: then no day has to be looked for.
    if (!none && (day === first || day === last || (day > first && day < last && this.hasDay(person, day)))) return;
    if (this.dayTotal === this.days.length) {
      this.days = larger(new Int32Array(this.dayTotal * 2), this.days);
      this.dayNext = larger(new Int32Array(this.dayTotal * 2), this.dayNext);
    }
    this.days[this.dayTotal] = day;
    this.dayNext[this.dayTotal] = this.dayHead[person] ?? -1;
    this.dayHead[person] = this.dayTotal++;
    this.dayCount[person] = (this.dayCount[person] ?? 0) + 1;
  }

  private hasDay(person: number, day: number): boolean {
    for (let place = this.dayHead[person] ?? -1; place !== -1; place = this.dayNext[place] ?? -1) {
      if (++this.looks > MOST_LOOKS) this.exact = false;
      if (!this.exact) return true;
      if (this.days[place] === day) return true;
    }
    return false;
  }

  /** The number of the day, -1 where it is before or after all days that are known. */
  private dayOf(at: number): number {
    const { starts } = this;
    const [first = 0] = starts;
    let day = Math.min(Math.max(0, Math.floor((at - first) / DAY)), starts.length - 1);
    while (day >= 0 && at < (starts[day] ?? 0)) day--;
    while (day + 1 < starts.length && at >= (starts[day + 1] ?? 0)) day++;
    // When the last one ends nobody said.
    return day + 1 < starts.length ? day : -1;
  }

  private open(person: number): void {
    if (person === this.orders.length) {
      const size = person * 2;
      this.orders = larger(new Int32Array(size), this.orders);
      this.revenue = larger(new Float64Array(size), this.revenue);
      this.sold = larger(new Float64Array(size), this.sold);
      this.firstAt = larger(new Float64Array(size), this.firstAt);
      this.lastAt = larger(new Float64Array(size), this.lastAt);
      this.firstDay = larger(new Int32Array(size), this.firstDay);
      this.lastDay = larger(new Int32Array(size), this.lastDay);
      this.soldFirstDay = larger(new Float64Array(size), this.soldFirstDay);
      this.dayCount = larger(new Int32Array(size), this.dayCount);
      this.dayHead = larger(new Int32Array(size), this.dayHead);
    }
    this.firstAt[person] = Number.POSITIVE_INFINITY;
    this.lastAt[person] = Number.NEGATIVE_INFINITY;
    this.dayHead[person] = -1;
  }
}
