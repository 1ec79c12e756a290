/** Planted in orders: weeks, days, hours, products, countries, cohorts, silence. */
import type { PlantedOrder, PlantedShop } from '../../testing/index.ts';
import { lately, range, share, weekly, type Case } from './shops.ts';

const steady = lately({});
const mugs = (every: number) => (i: number) => [i % every === 0 ? 'Mug' : 'Beans'];

/** Half of the customers live in France; so many times as many of the new ones as they were. */
function twoCountries(growth: number): PlantedShop {
  const orders = weekly(17, (week) => (week < 4 ? { fresh: 12 * growth } : {}));
  const french = (name: string): boolean => {
    const [, week = '', number = ''] = /^w(\d+)n(\d+)$/.exec(name) ?? [];
    return week !== '' && (Number(number) >= 12 || (Number(week) >= 0 && Number(number) % 2 === 0));
  };
  const names = new Set(orders.map((one) => one.by));
  return { orders, people: [...names].map((name) => ({ name, country: french(name) ? 'FR' : 'ES' })) };
}

/** Sixty customers a month from October 2025 to February 2026; half came again, of the newest so many of a hundred. */
function cohorts(newest: number): PlantedShop {
  const middles = [106, 137, 168, 198, 229];
  return {
    orders: middles.flatMap((ago, month) =>
      range(60).flatMap((i): PlantedOrder[] => {
        const by = `m${String(month)}-${String(i)}`;
        const first = { by, ago: ago + (i % 8) };
        return share(i, month === 0 ? newest : 50) ? [first, { by, ago: ago - 30 }] : [first];
      }),
    ),
  };
}

/** First orders of a year ago with a mug or with beans; so many of a hundred mug buyers and bean buyers came again. */
function firsts(mug: number, beans: number): PlantedShop {
  return {
    orders: range(160).flatMap((i): PlantedOrder[] => {
      const by = `p${String(i)}`;
      const product = i < 80 ? 'Mug' : 'Beans';
      const first = { by, ago: 380, products: [product] };
      return share(i % 80, i < 80 ? mug : beans) ? [first, { by, ago: 330 }] : [first];
    }),
  };
}

const long = (weeks: number): PlantedShop => ({ orders: weekly(weeks, () => ({ fresh: 6, again: 6 })) });

/** Three years whose best weeks were so many weeks ago, this year and every year. */
const seasons = (best: number): PlantedShop => ({
  orders: weekly(150, (week) => ({ fresh: 3, again: 3, returns: 0, amount: Math.round(5000 + 3000 * Math.cos(((week - best) / 52) * 2 * Math.PI)) })),
}); // prettier-ignore

export const ORDER_CASES: Case[] = [
  { kinds: ['revenue_up', 'order_value_up'], planted: lately({ amount: 6000 }), base: steady },
  { kinds: ['revenue_down', 'order_value_down'], planted: lately({ amount: 1500 }), base: steady },
  { kinds: ['new_customers_up'], planted: lately({ fresh: 24 }), base: steady },
  { kinds: ['new_customers_down'], planted: lately({ fresh: 3 }), base: steady },
  { kinds: ['returning_up'], planted: lately({ again: 24 }), base: steady },
  { kinds: ['returning_down'], planted: lately({ again: 3 }), base: steady },
  { kinds: ['returns_up'], planted: lately({ returns: 12 }), base: steady },
  // From none at all: no share of what was, and news all the same.
  { kinds: ['returns_up'], planted: lately({ returns: 12 }, { returns: -9 }), base: lately({}, { returns: -9 }) },
  {
    kinds: ['weekday_sells'],
    planted: { orders: weekly(17, () => ({}), (i) => ({ day: i % 2 === 0 ? 2 : i % 7, hour: i % 24 })) },
    base: steady,
  }, // prettier-ignore
  {
    kinds: ['hour_sells'],
    planted: { orders: weekly(17, () => ({}), (i) => ({ day: i % 7, hour: i % 4 === 0 ? 20 : i % 24 })) },
    base: steady,
  }, // prettier-ignore
  { kinds: ['cohort_slipping'], planted: cohorts(10), base: cohorts(50) },
  { kinds: ['cohort_better'], planted: cohorts(90), base: cohorts(50) },
  { kinds: ['product_brings_back', 'product_ends'], planted: firsts(80, 20), base: firsts(50, 50) },
  {
    kinds: ['product_rising', 'product_falling'],
    planted: lately({ products: mugs(2) }, { products: mugs(5) }),
    base: lately({}, { products: mugs(5) }),
  },
  { kinds: ['country_growing', 'country_falling'], planted: twoCountries(4), base: twoCountries(1) },
  {
    kinds: ['products_together'],
    planted: { ...steady, pairs: [{ product: 'Beans', next: 'Filter', baskets: 80, confidence: 0.4, lift: 3.1 }] },
    base: steady,
  },
  {
    kinds: ['revenue_forecast', 'returning_forecast'],
    planted: long(40),
    base: long(30),
  },
  { kinds: ['forecast_below'], planted: seasons(6), base: seasons(32) },
  {
    kinds: ['orders_stopped'],
    planted: { orders: weekly(17, () => ({})).map((one) => ({ ...one, ago: one.ago + 9 })) },
    base: steady,
  },
  {
    // A shop that sells all day long, at the end of a night: silent, but not for a day.
    kinds: ['orders_stopped'],
    planted: { orders: weekly(17, () => ({})).map((one) => ({ ...one, ago: one.ago + 2 })) },
    base: { orders: weekly(4, () => ({ fresh: 300 }), (i) => ({ day: i % 7, hour: 12 })) },
  }, // prettier-ignore
];
