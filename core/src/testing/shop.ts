/** A platform with made-up buyers, some of whom have stopped: for tests of the whole path. */
import type { Connector, SourceOrderLine } from '../ports.ts';
import { seededRandom } from '../random.ts';
import { drawRepeats, type BuyingLaw } from './buying.ts';

const WEEK = 7 * 86_400_000;
/** Buys every five weeks or so; one in four leaves after each purchase. */
const LAW: BuyingLaw = { leaves: 'after_repeats', r: 2, alpha: 10, a: 1, b: 3 };

/** Orders of `people` buyers up to `now`, who came in the last two years; a pull is told nothing after its `until`. */
export function buyingShop(people: number, now: Date, seed = 1): Connector {
  const random = seededRandom(seed).fork('buying shop');
  const lines: SourceOrderLine[] = [];
  for (let person = 0; person < people; person++) {
    const weeks = 40 + random.next() * 60;
    for (const [order, week] of [0, ...drawRepeats(random, LAW, weeks)].entries())
      lines.push({
        customerId: `c${String(person)}`,
        orderId: `o${String(person)}-${String(order)}`,
        kind: 'sale',
        orderedAt: new Date(Math.round(now.getTime() - (weeks - week) * WEEK)),
        amount: 1000 + Math.floor(random.next() * 5000),
        currency: 'EUR',
        productId: 'p1',
        productName: 'Coffee',
        quantity: 1,
        email: `c${String(person)}@customers.example`,
        country: 'ES',
      });
  }
  lines.sort((a, b) => a.orderedAt.getTime() - b.orderedAt.getTime());
  return {
    platform: 'csv',
    takes: [],
    async *pull({ cursor, until }) {
      const from = typeof cursor === 'number' ? cursor : 0;
      const known = lines.filter((line) => until === undefined || line.orderedAt <= until).length;
      await Promise.resolve();
      for (let start = from; start < known; start += 500) {
        const end = Math.min(start + 500, known);
        yield { orderLines: lines.slice(start, end), rowsRead: end - from, cursor: end };
      }
    },
    push: () => Promise.resolve([]),
  };
}
