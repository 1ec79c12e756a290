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
  return affinityRules(numbered)
    .filter(({ lift }) => lift > 1)
    .slice(0, MOST_PAIRS)
    .map(({ from, to, ...figures }) => ({ productId: ids[from] ?? '', nextId: ids[to] ?? '', ...figures }));
}
