/** Findings in what came in: revenue and customers against the weeks before, days, hours, countries and products. Pure. */
import type { Bucket, Moving, PairFact, Week } from '../facts.store.ts';
import { bars, roughly, type Finding, type Kind, type Looked, type Say } from '../finding.ts';
import { compareMeans, compareRates, compareWithShare } from '../tests.ts';

/** Weeks that are looked at, and the weeks that they are held against. */
const LATELY = 4;
const BEFORE = 12;
const YEAR = 52;

interface Shift {
  up: Kind | null;
  down: Kind | null;
  what: string;
  of: (week: Week) => number;
  words: (value: number) => string;
  /** Minor units a week that one unit more is worth */
  worth: (value: number) => number;
  /** Closes "€ 31 … lately": " a week" for a sum */
  per: string;
  unit: string;
  url: string;
  action: string;
}

/** The last four whole weeks against the twelve before. */
export function weekFindings(weeks: readonly Week[], say: Say): Looked[] {
  if (weeks.length < LATELY + BEFORE) return [];
  const mean = (some: readonly Week[], of: (week: Week) => number): number =>
    some.reduce((sum, week) => sum + of(week), 0) / Math.max(1, some.length);
  const recent = weeks.slice(0, LATELY);
  const past = weeks.slice(LATELY, LATELY + BEFORE);
  const orderValue =
    mean(past, (week) => week.revenue) /
    Math.max(
      1e-9,
      mean(past, (week) => week.orders),
    );
  const orders = mean(recent, (week) => week.orders);
  const shifts: Shift[] = [
    { up: 'revenue_up', down: 'revenue_down', what: 'Revenue', per: ' a week', of: (week) => week.revenue, words: say.money, worth: (value) => value, unit: 'Revenue a week', url: '/', action: 'See the overview' },
    { up: 'order_value_up', down: 'order_value_down', what: 'The value of an order', per: '', of: (week) => week.revenue / Math.max(1, week.orders), words: say.money, worth: (value) => value * orders, unit: 'Value of an order', url: '/customers', action: 'See who orders' },
    { up: 'new_customers_up', down: 'new_customers_down', what: 'New customers', per: ' a week', of: (week) => week.newCustomers, words: say.count, worth: (value) => value * orderValue, unit: 'New customers a week', url: '/customers?view=new', action: 'See the new ones' },
    { up: 'returning_up', down: 'returning_down', what: 'Returning customers', per: ' a week', of: (week) => week.returning, words: say.count, worth: (value) => value * orderValue, unit: 'Returning customers a week', url: '/campaigns', action: 'Plan a campaign' },
    { up: 'returns_up', down: null, what: 'Returns', per: ' a week', of: (week) => week.returns, words: say.count, worth: (value) => -value * orderValue, unit: 'Returns a week', url: '/', action: 'See the overview' },
  ]; // prettier-ignore
  return shifts.map((shift) => {
    const { difference, pValue } = compareMeans(past.map(shift.of), recent.map(shift.of));
    const [before, now] = [mean(past, shift.of), mean(recent, shift.of)];
    const kind = difference > 0 ? shift.up : shift.down;
    // From none at all there is no share of what was: it counts as all of it.
    const change = before > 0 ? difference / before : Math.sign(difference);
    if (kind === null || Math.abs(change) < 0.03) return { pValue, finding: null };
    return {
      pValue,
      finding: {
        kind,
        subject: '',
        news: roughly(change * 100),
        size: Math.round(Math.abs(shift.worth(difference)) * YEAR),
        sizeOf: 'a year, if it stays so',
        pValue,
        title: `${shift.what}: ${shift.words(now)}${shift.per} lately, ${shift.words(before)} in the ${String(BEFORE)} weeks before.`,
        because: `${before > 0 ? `${change > 0 ? 'Up' : 'Down'} by ${say.share(Math.abs(change))}` : 'Up from none'} over ${String(LATELY)} whole weeks; weeks that are alike differ so much about ${chance(pValue)}.`,
        action: { label: shift.action, url: shift.url },
        picture: bars(
          shift.unit,
          weeks
            .slice(0, LATELY + BEFORE)
            .toReversed()
            .map((week) => ({
              label: week.ago === 0 ? 'Last week' : `${String(week.ago)} weeks before`,
              value: shift.of(week),
              words: shift.words(shift.of(week)),
              marked: week.ago < LATELY,
            })),
        ),
      },
    };
  });
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The day and the hour at which people buy most. */
export function timeFindings(days: readonly Bucket[], hours: readonly Bucket[], say: Say): Looked[] {
  const best = (kind: Kind, buckets: readonly Bucket[], all: number, label: (bucket: Bucket) => string): Looked[] => {
    const total = buckets.reduce((sum, bucket) => sum + bucket.orders, 0);
    const top = buckets.reduce<Bucket | undefined>(
      (one, other) => (one && one.orders >= other.orders ? one : other),
      undefined,
    );
    if (!top || total < 200) return [];
    const { pValue } = compareWithShare({ hits: top.orders, of: total }, 1 / all);
    // The highest of many is high by chance too: every one of them was looked at.
    const corrected = Math.min(1, pValue * all);
    const share = top.orders / total;
    return [
      {
        pValue: corrected,
        finding: {
          kind,
          subject: '',
          news: top.name,
          size: null,
          sizeOf: null,
          pValue: corrected,
          title: `${label(top)} sells best: ${say.share(share)} of all orders.`,
          because: `${say.count(top.orders)} of ${say.count(total)} orders of half a year; ${say.share(1 / all)} would be even.`,
          action: { label: 'Set when mails may leave', url: '/settings' },
          picture: bars('Orders in half a year', buckets.map((bucket) => ({ label: label(bucket), value: bucket.orders, words: say.count(bucket.orders), marked: bucket === top }))), // prettier-ignore
        },
      },
    ];
  };
  return [
    ...best('weekday_sells', days, 7, (bucket) => DAYS[Number(bucket.name) - 1] ?? bucket.name),
    ...best('hour_sells', hours, 24, (bucket) => `${bucket.name.padStart(2, '0')}:00`),
  ];
}

/** What sells more or less than before, by product or by country; each of them was looked at. */
export function movingFindings(
  rows: readonly Moving[],
  kinds: { up: Kind; down: Kind },
  words: { unit: string; action: { label: string; url: string } },
  say: Say,
): Looked[] {
  const all = { lately: sumOf(rows, (row) => row.lately), before: sumOf(rows, (row) => row.before) };
  return rows.map((row) => {
    // Against the rest of the shop: a good month is no news of each product.
    const rest = { count: all.before - row.before, time: all.lately - row.lately };
    const overall = rest.count > 0 ? rest.time / rest.count : 1 / 3;
    const { pValue } = compareRates(
      { count: row.before, time: 1 },
      { count: row.lately, time: Math.max(1e-6, overall) },
    );
    const expected = row.before * overall;
    const change = expected > 0 ? row.lately / expected - 1 : 0;
    if (row.before + row.lately < 20 || Math.abs(change) < 0.1) return { pValue, finding: null };
    const each = (row.revenue + row.revenueBefore) / Math.max(1, row.lately + row.before);
    const finding: Finding = {
      kind: change > 0 ? kinds.up : kinds.down,
      subject: row.id,
      news: roughly(change * 100),
      size: Math.round(Math.abs(row.lately - expected) * each * 13),
      sizeOf: 'a year, if it stays so',
      pValue,
      title: `${row.name}: ${say.count(row.lately)} orders in four weeks, where ${say.count(Math.round(expected))} were to be expected.`,
      because: `${change > 0 ? 'Up' : 'Down'} by ${say.share(Math.abs(change))} against the rest of the shop; by chance ${chance(pValue)}.`,
      action: words.action,
      picture: bars(words.unit, [
        { label: 'Expected', value: expected, words: say.count(Math.round(expected)) },
        { label: 'Came', value: row.lately, words: say.count(row.lately), marked: true },
      ]),
    };
    return { pValue, finding };
  });
}

/** Products that surest go together: a count of baskets, not a guess. */
export function pairFindings(pairs: readonly PairFact[], say: Say): Finding[] {
  const [first] = pairs;
  if (!first) return [];
  return [
    {
      kind: 'products_together',
      subject: '',
      news: `${first.name}→${first.next}`,
      size: null,
      sizeOf: null,
      pValue: null,
      title: `${say.share(first.confidence)} of orders with ${first.name} hold ${first.next} too.`,
      because: `${say.count(first.baskets)} orders hold both, ${first.lift.toFixed(1)} times as many as chance would have.`,
      action: { label: 'See how mails show it', url: '/campaigns' },
      picture: bars('Orders that hold the second too', pairs.map((pair, i) => ({ label: `${pair.name} → ${pair.next}`, value: pair.confidence, words: say.share(pair.confidence), marked: i === 0 }))), // prettier-ignore
    },
  ];
}

/** "one time in 1,000" */
export function chance(pValue: number): string {
  if (pValue > 0.05) return `${String(Math.round(pValue * 100))} times in 100`;
  const times = Math.min(1_000_000, Math.round(1 / Math.max(pValue, 1e-9)));
  return `one time in ${new Intl.NumberFormat('en-GB').format(times)}`;
}

function sumOf<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
