/** `models forecast`: revenue and returning customers of an order log, week by week, with the back-test that chose the method. */
import { fail, forecastWeeks, NEEDED_WEEKS, type Forecast, type Purchase } from '@rekindle/core';
import type { Command } from 'commander';
import { printResult } from './output.ts';
import { readPurchases, type LogOptions } from './purchase-log.ts';

interface ForecastOptions extends LogOptions {
  orders: string;
  until?: string;
  json?: boolean;
}

export function add(program: Command): void {
  const models = program.commands.find((command) => command.name() === 'models');
  models
    ?.command('forecast')
    .description('Foretells 13 weeks of revenue and of returning customers, and says how that would have done before.')
    .requiredOption('--orders <file>', 'order log')
    .option('--until <date>', 'last day that is known, as 2011-09-01; the log’s last day without it')
    .option('--columns <pairs>', 'other headers of the log: customer_id=CustomerID,…')
    .option('--format <name>', 'a known kind of log: uci-online-retail, cdnow, shopify-orders-export')
    .option('--json', 'print one JSON document')
    .action(async (options: ForecastOptions) => {
      const purchases = await readPurchases(options.orders, options);
      const until = options.until === undefined ? lastDay(purchases) : dayOf(options.until);
      const { revenue, returning } = weekly(purchases, until);
      if (revenue.length < NEEDED_WEEKS)
        throw fail(
          'bad_request',
          `Not enough yet: ${String(revenue.length)} whole weeks are known, ${String(NEEDED_WEEKS)} are needed.`,
        );
      const told = { revenue: forecastWeeks(revenue), returning: forecastWeeks(returning) };
      const document = { until: isoDay(until), weeks: revenue.length, ...told };
      printResult(options.json ?? false, document, [
        `${String(revenue.length)} whole weeks up to ${isoDay(until)}`,
        ...Object.entries(told).flatMap(([name, one]) => (one ? say(name, one) : [])),
      ]);
    });
}

/** Sums of whole weeks that end with `until`, oldest first; the first, which is a part of one, is left out. */
function weekly(purchases: readonly Purchase[], until: number): { revenue: number[]; returning: number[] } {
  const firsts = new Map<string, number>();
  let first = until;
  for (const { customer, day } of purchases) {
    if (day > until) continue;
    const known = firsts.get(customer);
    if (known === undefined || day < known) firsts.set(customer, day);
    first = Math.min(first, day);
  }
  const count = Math.floor((until - first) / 7) + 1;
  const revenue = Array.from({ length: count }, () => 0);
  const people = Array.from({ length: count }, () => new Set<string>());
  for (const { customer, day, amount } of purchases) {
    if (day > until) continue;
    const ago = Math.floor((until - day) / 7);
    const week = count - 1 - ago;
    revenue[week] = (revenue[week] ?? 0) + amount;
    if (day > (firsts.get(customer) ?? day)) people[week]?.add(customer);
  }
  return { revenue: revenue.slice(1), returning: people.slice(1).map((one) => one.size) };
}

function say(name: string, { method, sums, backtest, warnings }: Forecast): string[] {
  return [
    `${name}, by ${method}:`,
    ...sums.map(
      ({ weeks, estimate, low, high }) =>
        `  next ${String(weeks).padStart(2)} weeks ${estimate.toFixed(0).padStart(12)}  between ${low.toFixed(0)} and ${high.toFixed(0)} (8 times in 10)`,
    ),
    `  tried from ${String(backtest.origins)} points in the past, 13 weeks each: ${Object.entries(backtest.error)
      .map(([one, error]) => `${one} off by ${error === null ? '–' : `${(error * 100).toFixed(1)}%`}`)
      .join(', ')}`,
    ...backtest.coverage.map(
      ({ weeks, share, tried }) =>
        `  the interval of ${String(weeks)} weeks held ${tried === 0 ? 'was never tried' : `${(share * 100).toFixed(0)}% of ${String(tried)} times`}`,
    ),
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

function lastDay(purchases: readonly Purchase[]): number {
  return purchases.reduce((last, { day }) => Math.max(last, day), Number.NEGATIVE_INFINITY);
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** Days since 1970-01-01. */
function dayOf(given: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(`${given}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw fail('bad_request', `${given} is not a date such as 2011-09-01.`);
  return at / 86_400_000;
}
