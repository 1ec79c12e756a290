/**
 * Product affinity: which products go together in one basket, by support, confidence and lift. Agrawal, Imieliński & Swami
 * (1993), Mining Association Rules between Sets of Items in Large Databases, SIGMOD; lift: Brin et al. (1997), Dynamic Itemset
 * Counting. Pairs only: what a mail can show. Rules seen in few baskets are dropped or held back by a lower bound, since the
 * highest lifts of all are always the rarest accidents.
 */
export interface AffinityOptions {
  /** Share of baskets that must hold both products. Default .001 */
  support?: number;
  /** Baskets that must hold both products, whatever the share. Default 5 */
  baskets?: number;
}

/** Who buys `from` also buys `to`. */
export interface AffinityRule {
  from: number;
  to: number;
  /** Baskets with both */
  baskets: number;
  support: number;
  confidence: number;
  lift: number;
  /** Lower end of the 95 % interval of confidence (Wilson 1927): what to rank by */
  surely: number;
}

/** All rules above the bounds, the surest first. `baskets` hold products as small whole numbers, repeats do not count. */
export function affinityRules(baskets: readonly (readonly number[])[], options: AffinityOptions = {}): AffinityRule[] {
  const least = Math.max(options.baskets ?? 5, (options.support ?? 0.001) * baskets.length, 1);
  const singles = new Map<number, number>();
  const distinct = baskets.map((basket) => [...new Set(basket)]);
  for (const basket of distinct) for (const product of basket) singles.set(product, (singles.get(product) ?? 0) + 1);
  const pairs = new Map<number, Map<number, number>>();
  for (const basket of distinct) {
    // A pair cannot be more frequent than its rarer half: rare products never enter the quadratic part.
    const common = basket
      .filter((product) => (singles.get(product) ?? 0) >= least)
      .toSorted((one, other) => one - other);
    for (let i = 0; i < common.length; i++) {
      let row = pairs.get(common[i]!);
      if (!row) pairs.set(common[i]!, (row = new Map<number, number>()));
      for (let j = i + 1; j < common.length; j++) row.set(common[j]!, (row.get(common[j]!) ?? 0) + 1);
    }
  }
  const rules: AffinityRule[] = [];
  for (const [one, row] of pairs)
    for (const [other, count] of row)
      if (count >= least)
        for (const [from, to] of [
          [one, other],
          [other, one],
        ] as const)
          rules.push(
            ruleOf({ from, to, count, ofFrom: singles.get(from)!, ofTo: singles.get(to)!, all: baskets.length }),
          );
  return rules.toSorted((one, other) => other.surely - one.surely || one.from - other.from || one.to - other.to);
}

function ruleOf(counts: {
  from: number;
  to: number;
  count: number;
  ofFrom: number;
  ofTo: number;
  all: number;
}): AffinityRule {
  const { from, to, count, ofFrom, ofTo, all } = counts;
  const confidence = count / ofFrom;
  return {
    from,
    to,
    baskets: count,
    support: count / all,
    confidence,
    lift: confidence / (ofTo / all),
    surely: wilsonLow(count, ofFrom),
  };
}

function wilsonLow(hits: number, trials: number): number {
  const z = 1.959963984540054;
  const share = hits / trials;
  const spread = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return (share + (z * z) / (2 * trials) - spread) / (1 + (z * z) / trials);
}

/** What to show a person who owns these: the best rule into each other product, surest first. Only rules that lift. */
export function nextProducts(
  rules: readonly AffinityRule[],
  owned: Iterable<number>,
  most: number,
): { product: number; because: number; surely: number }[] {
  const has = new Set(owned);
  const best = new Map<number, { product: number; because: number; surely: number }>();
  for (const { from, to, surely, lift } of rules)
    if (has.has(from) && !has.has(to) && lift > 1 && !best.has(to))
      best.set(to, { product: to, because: from, surely });
  return [...best.values()]
    .toSorted((one, other) => other.surely - one.surely || one.product - other.product)
    .slice(0, most);
}
