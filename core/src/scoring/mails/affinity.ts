/** Which products go together, from the newest baskets: small numbers for the mathematics, ids for the tables. Pure. */
import { affinityRules } from '../models/index.ts';
import type { Pair } from './mails.store.ts';

/** Pairs kept at most, the surest first. */
const MOST_PAIRS = 5000;

export function pairsOf(baskets: readonly (readonly string[])[]): Pair[] {
  const numbers = new Map<string, number>();
  const ids: string[] = [];
  const numbered = baskets.map((basket) =>
    basket.map((id) => {
      let number = numbers.get(id);
      if (number === undefined) {
        numbers.set(id, (number = ids.length));
        ids.push(id);
      }
      return number;
    }),
  );
  return (
    affinityRules(numbered)
      // Surely more often than anybody buys it: the lower bound of the share lies above the share of all baskets.
      .filter(({ surely, confidence, lift }) => surely > confidence / lift)
      .slice(0, MOST_PAIRS)
      .map(({ from, to, ...figures }) => ({ productId: ids[from] ?? '', nextId: ids[to] ?? '', ...figures }))
  );
}
