/** Shops of tests in which something is planted, and the same without it. */
import type { PlantedMail, PlantedOrder, PlantedShop } from '../../testing/index.ts';
import type { Kind } from '../finding.ts';

/** A Monday, ten in the morning. */
export const NOW = new Date('2026-06-01T10:00:00Z');

export interface Case {
  /** What is to be found in `planted` and not in `base` */
  kinds: Kind[];
  planted: PlantedShop;
  base: PlantedShop;
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** True for so many of a hundred, spread evenly. */
export const share = (i: number, percent: number): boolean => (i * 37) % 100 < percent;

export interface WeekPlan {
  fresh?: number;
  again?: number;
  returns?: number;
  amount?: number;
  products?: (i: number) => string[];
}

/**
 * Orders week by week, spread evenly over days and hours, with a little unrest from week to week: new customers (named by week),
 * regulars (r0, r1 …, who all came in the first week) and returns. `at`: where order number i of all goes instead.
 */
export function weekly(
  weeks: number,
  plan: (week: number) => WeekPlan,
  at: (i: number) => { day: number; hour: number } = (i) => ({ day: i % 7, hour: Math.floor(i / 7) % 24 }),
): PlantedOrder[] {
  const orders: PlantedOrder[] = [];
  const place = (week: number, order: Omit<PlantedOrder, 'ago'>): void => {
    const { day, hour } = at(orders.length);
    orders.push({ ...order, ago: week * 7 + day + 1 + (10 - hour) / 24 });
  };
  for (const week of range(weeks)) {
    const { fresh = 12, again = 10, returns = 4, amount = 3000, products } = plan(week);
    const unrest = [0, 1, -1, 0][week % 4] ?? 0;
    const amountOf = (i: number): number => amount + (i % 5) * 20;
    const held = (i: number) => (products ? { products: products(i) } : {});
    for (const i of range(fresh + unrest)) place(week, { by: `w${String(week)}n${String(i)}`, amount: amountOf(i), ...held(i) }); // prettier-ignore
    for (const i of range(again - unrest)) place(week, { by: `r${String(i)}`, amount: amountOf(i + unrest), ...held(i + fresh) }); // prettier-ignore
    for (const i of range(Math.max(0, returns + unrest))) place(week, { by: `r${String(i)}`, returned: true });
  }
  // Everybody who comes again came first before all that.
  for (const i of range(80)) orders.push({ by: `r${String(i)}`, ago: weeks * 7 + 1 + (i % 7) + (10 - (i % 24)) / 24 });
  return orders;
}

/** One shop over 17 weeks, whose last four are as told. */
export const lately = (plan: WeekPlan, usual: WeekPlan = {}): PlantedShop => ({
  orders: weekly(17, (week) => (week < 4 ? { ...usual, ...plan } : usual)),
});

/** So many mails to one person, alike but for their number. */
export function mails(
  count: number,
  ago: number,
  one: (i: number) => Omit<PlantedMail, 'to' | 'ago'> & { to?: string },
): PlantedMail[] {
  return range(count).map((i) => ({ to: 'reader', ago: ago - i / 10_000, ...one(i) }));
}
