/** People who buy and drop out by the laws that the scoring models assume, from parameters that are known. */
import type { Random } from '../ports.ts';
import { beta, exponential, gamma } from './world/chance.ts';

/** Weeks. `leaves`: when a person may drop out — after each repeat, also after the first purchase, or at any moment. */
export type BuyingLaw =
  | { leaves: 'after_repeats' | 'after_purchases'; r: number; alpha: number; a: number; b: number }
  | { leaves: 'any_time'; r: number; alpha: number; s: number; beta: number };

/** Times of repeat purchases of one person in (0, weeks], the first purchase being at 0. */
export function drawRepeats(random: Random, law: BuyingLaw, weeks: number): number[] {
  const rate = gamma(random, law.r, law.alpha);
  const repeats: number[] = [];
  if (law.leaves === 'any_time') {
    const end = Math.min(weeks, exponential(random, gamma(random, law.s, law.beta)));
    for (let at = exponential(random, rate); at <= end; at += exponential(random, rate)) repeats.push(at);
    return repeats;
  }
  const leaving = beta(random, law.a, law.b);
  if (law.leaves === 'after_purchases' && random.next() < leaving) return repeats;
  for (let at = exponential(random, rate); at <= weeks; at += exponential(random, rate)) {
    repeats.push(at);
    if (random.next() < leaving) break;
  }
  return repeats;
}

/** Histories as the models take them, in weeks; `span` gives how long each person has been watched. */
export function drawHistories(
  random: Random,
  law: BuyingLaw,
  people: number,
  span: (random: Random) => number,
): { x: Float64Array; tx: Float64Array; T: Float64Array } {
  const [x, tx, T] = [new Float64Array(people), new Float64Array(people), new Float64Array(people)];
  for (let i = 0; i < people; i++) {
    T[i] = span(random);
    const repeats = drawRepeats(random, law, T[i]!);
    x[i] = repeats.length;
    tx[i] = repeats.at(-1) ?? 0;
  }
  return { x, tx, T };
}
