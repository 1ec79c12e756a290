/** Planted in people: worth, life stages, addresses, permissions. */
import type { PlantedOrder, PlantedPerson, PlantedShop } from '../../testing/index.ts';
import { range, type Case } from './shops.ts';

/** Ten people who spent 10 to 100 euros; the one who is scored so. */
function ten(scored: Omit<PlantedPerson, 'name'> & { place: number }): PlantedShop {
  const { place, ...person } = scored;
  return {
    orders: range(10).map((i) => ({ by: `p${String(i)}`, ago: 200, amount: 1000 * (i + 1) })),
    people: [{ name: `p${String(place)}`, ...person }],
  };
}

/** Everybody bought once, or twice at so many days. */
function buyers(people: number, again: number | null): PlantedShop {
  return {
    orders: range(people).flatMap((i): PlantedOrder[] => {
      const by = `p${String(i)}`;
      const first = { by, ago: 400, amount: i < people / 10 ? 30_000 : 3000 };
      return again === null ? [first] : [first, { by, ago: 400 - again - (i % 9) }];
    }),
  };
}

/** Canada's purchases allow mail for two years. */
const canadians = (ago: number): PlantedShop => ({
  orders: range(12).map((i) => ({ by: `c${String(i)}`, ago })),
  people: range(12).map((i) => ({ name: `c${String(i)}`, country: 'CA', stage: 'lapsed', worth: 2500, risk: 900 })),
});

export const PEOPLE_CASES: Case[] = [
  { kinds: ['dear_slipping'], planted: ten({ place: 9, stage: 'slipping', risk: 9000 }), base: ten({ place: 1, stage: 'slipping', risk: 9000 }) }, // prettier-ignore
  { kinds: ['worth_winning_back'], planted: ten({ place: 5, stage: 'lapsed', risk: 9000 }), base: ten({ place: 5, stage: 'active', risk: 10 }) }, // prettier-ignore
  { kinds: ['out_of_reach'], planted: ten({ place: 5, stage: 'lapsed', risk: 9000, domain: null }), base: ten({ place: 5, stage: 'lapsed', risk: 9000 }) }, // prettier-ignore
  { kinds: ['bought_once', 'few_carry_much'], planted: buyers(120, null), base: buyers(90, null) },
  { kinds: ['second_order_gap'], planted: buyers(120, 40), base: buyers(120, null) },
  { kinds: ['consent_expiring'], planted: canadians(720), base: canadians(600) },
];
