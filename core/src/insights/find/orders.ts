/** Findings in what came in: revenue and customers against the weeks before, days, hours, countries and products. Pure. */
import type { Bucket, Moving, PairFact, Week } from '../facts.store.ts';
import { bars, roughly, type Finding, type Kind, type Looked, type Say } from '../finding.ts';
import { orderWords } from '../words/orders.ts';
import { compareMeans, compareRates, compareWithShare } from '../tests.ts';

/** Weeks that are looked at, and the weeks that they are held against. */
const LATELY = 4;
const BEFORE = 12;
const YEAR = 52;

interface Shift {
  up: Kind | null;
  down: Kind | null;
  words: { what: string; unit: string; action: string; per: string };
  of: (week: Week) => number;
  say: (value: number) => string;
  /** Minor units a week that one unit more is worth */
  worth: (value: number) => number;
  url: string;
}

/** The last four whole weeks against the twelve before. */
export function weekFindings(weeks: readonly Week[], say: Say): Looked[] {
  if (weeks.length < LATELY + BEFORE) return [];
  const words = orderWords[say.language];
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
    { up: 'revenue_up', down: 'revenue_down', words: words.shifts.revenue, of: (week) => week.revenue, say: say.money, worth: (value) => value, url: '/' },
    { up: 'order_value_up', down: 'order_value_down', words: words.shifts.orderValue, of: (week) => week.revenue / Math.max(1, week.orders), say: say.money, worth: (value) => value * orders, url: '/customers' },
    { up: 'new_customers_up', down: 'new_customers_down', words: words.shifts.newCustomers, of: (week) => week.newCustomers, say: say.count, worth: (value) => value * orderValue, url: '/customers?view=new' },
    { up: 'returning_up', down: 'returning_down', words: words.shifts.returning, of: (week) => week.returning, say: say.count, worth: (value) => value * orderValue, url: '/campaigns' },
    { up: 'returns_up', down: null, words: words.shifts.returns, of: (week) => week.returns, say: say.count, worth: (value) => -value * orderValue, url: '/' },
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
        sizeOf: words.aYear,
        pValue,
        title: words.shift(shift.words.what, `${shift.say(now)}${shift.words.per}`, shift.say(before), BEFORE),
        because: words.shiftBecause(
          words.change(change > 0, before > 0 ? say.share(Math.abs(change)) : null),
          LATELY,
          say.chance(pValue),
        ),
        action: { label: shift.words.action, url: shift.url },
        picture: bars(
          shift.words.unit,
          weeks
            .slice(0, LATELY + BEFORE)
            .toReversed()
            .map((week) => ({
              label: words.weeksAgo(week.ago),
              value: shift.of(week),
              words: shift.say(shift.of(week)),
              marked: week.ago < LATELY,
            })),
        ),
      },
    };
  });
}

/** The day and the hour at which people buy most. */
export function timeFindings(days: readonly Bucket[], hours: readonly Bucket[], say: Say): Looked[] {
  const words = orderWords[say.language];
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
          title: words.sellsBest(label(top), say.share(share)),
          because: words.sellsBestBecause(say.count(top.orders), say.count(total), say.share(1 / all)),
          action: { label: words.whenMailsLeave, url: '/settings' },
          picture: bars(words.ordersInHalfAYear, buckets.map((bucket) => ({ label: label(bucket), value: bucket.orders, words: say.count(bucket.orders), marked: bucket === top }))), // prettier-ignore
        },
      },
    ];
  };
  return [
    ...best('weekday_sells', days, 7, (bucket) => words.days[Number(bucket.name) - 1] ?? bucket.name),
    ...best('hour_sells', hours, 24, (bucket) => say.hour(bucket.name)),
  ];
}

/** What sells more or less than before, by product or by country; each of them was looked at. */
export function movingFindings(
  rows: readonly Moving[],
  kinds: { up: Kind; down: Kind },
  action: { label: string; url: string },
  say: Say,
): Looked[] {
  const words = orderWords[say.language];
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
      sizeOf: words.aYear,
      pValue,
      title: words.moving(row.name, say.count(row.lately), say.count(Math.round(expected))),
      because: words.movingBecause(words.change(change > 0, say.share(Math.abs(change))), say.chance(pValue)),
      action,
      picture: bars(words.ordersInFourWeeks, [
        { label: words.expected, value: expected, words: say.count(Math.round(expected)) },
        { label: words.came, value: row.lately, words: say.count(row.lately), marked: true },
      ]),
    };
    return { pValue, finding };
  });
}

/** Products that surest go together: a count of baskets, not a guess. */
export function pairFindings(pairs: readonly PairFact[], say: Say): Finding[] {
  const words = orderWords[say.language];
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
      title: words.together(say.share(first.confidence), first.name, first.next),
      because: words.togetherBecause(say.count(first.baskets), say.decimal(first.lift, 1)),
      action: { label: words.togetherAction, url: '/campaigns' },
      picture: bars(words.togetherUnit, pairs.map((pair, i) => ({ label: `${pair.name} → ${pair.next}`, value: pair.confidence, words: say.share(pair.confidence), marked: i === 0 }))), // prettier-ignore
    },
  ];
}

function sumOf<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + of(row), 0);
}
