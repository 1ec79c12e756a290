/**
 * `demo`: the whole cycle on an order log, or on a simulated shop, in a database that is gone afterwards. Prints what
 * was found, sent, and brought in.
 */
import { fail, formatMoney, readConfig } from '@rekindle/core';
import type { Command } from 'commander';
import type { Figures } from '../demo/figures.ts';
import { printResult, showProgress } from './output.ts';

interface Options {
  orders?: string;
  asOf?: string;
  seed: string;
  format?: string;
  columns?: string;
  customers: string;
  measureDays?: string;
  timings: boolean;
  json?: boolean;
}

/** Any 32 characters do: a run's secrets guard nothing that outlives it, and the same seed must give the same bytes. */
const SECRET = 'a run of the demo has no secrets';

export function add(program: Command): void {
  program
    .command('demo')
    .description('Run the whole cycle on an order log, or on a simulated shop where no log is given.')
    .option('--orders <file>', 'order log, CSV or CSV.gz')
    .option('--as-of <date>', 'history up to this day decides; later orders are the outcome')
    .option('--seed <n>', 'chance is drawn from this', '1')
    .option('--format <name>', 'uci-online-retail, cdnow, shopify-orders-export (recognised without it)')
    .option('--columns <map>', 'our columns by the headers of the file: customer_id=CustomerID,…')
    .option('--customers <n>', 'size of the simulated shop', '15000')
    .option('--measure-days <n>', 'days after the draw in which orders count (a log: to its end; simulated: 60)')
    .option('--no-timings', 'leave out seconds and memory: the rest is the same to the byte for the same seed and log')
    .option('--json', 'print one JSON document')
    .action((options: Options) => run(options));
}

async function run(options: Options): Promise<void> {
  const config = { ...readConfig(), APP_SECRET: SECRET };
  const asOf = options.asOf === undefined ? undefined : day(options.asOf);
  const measureDays =
    options.measureDays === undefined ? undefined : whole('--measure-days', options.measureDays, 7, 365);
  // Loaded when it runs: no other command should wait for it.
  const { withScratchDatabase } = await import('../demo/scratch.ts');
  const shown = showProgress(options.json === true);
  const { figures, seconds } = await withScratchDatabase(
    { databaseUrl: config.DATABASE_URL, secret: SECRET },
    async (database) => {
      const common = { database, config, seed: options.seed, measureDays, progress: shown.progress };
      if (options.orders === undefined) {
        const { runSimulated } = await import('../demo/simulated.ts');
        return runSimulated({
          ...common,
          people: whole('--customers', options.customers, 100, 1_000_000),
          asOf: asOf ?? new Date('2026-03-02T07:00:00Z'),
        });
      }
      const { runOrderLog } = await import('../demo/order-log.ts');
      const log = { file: options.orders, format: options.format, columns: columnsOf(options.columns) };
      return runOrderLog({ ...common, log, asOf });
    },
  ).finally(() => {
    shown.stop();
  });
  const measured = options.timings ? { seconds, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 } : {};
  printResult(options.json === true, { ...figures, ...measured }, sentences(figures, options.orders === undefined));
}

function day(text: string): Date {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(date.getTime())) throw fail('bad_request', `--as-of ${text} is no date; write it as 2011-09-01.`);
  return date;
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most)
    throw fail('bad_request', `${name} ${text} must be a whole number from ${String(least)} to ${String(most)}.`);
  return number;
}

function columnsOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined) return undefined;
  const pairs = text.split(',').map((pair) => pair.split('='));
  const wrong = pairs.find((pair) => pair.length !== 2 || pair.some((word) => word.trim() === ''));
  if (wrong) throw fail('bad_request', `--columns: "${wrong.join('=')}" is not of the form customer_id=CustomerID.`);
  return Object.fromEntries(pairs.map(([ours = '', theirs = '']) => [ours.trim(), theirs.trim()]));
}

/** The result as a person reads it. */
function sentences(figures: Figures, simulated: boolean): string[] {
  const count = (value: number) => value.toLocaleString('en');
  const money = (minor: number) => formatMoney(minor, figures.revenueAtRisk.currency, 'en');
  const effect = figures.incrementalRevenue;
  return [
    simulated
      ? 'These customers are simulated.'
      : 'Nobody was mailed in this log, so the true effect is zero (an A/A test).',
    `${count(figures.customers)} customers with ${count(figures.orders)} orders and ${count(figures.returns)} returns or cancellations; ${count(figures.rejectedRows.total)} rows left out.`,
    ...Object.entries(figures.rejectedRows.byReason).map(([reason, rows]) => `  ${count(rows)} ${reason}`),
    `On ${figures.asOf.slice(0, 10)} ${count(figures.lapsing)} were slipping away or had lapsed: ${money(figures.revenueAtRisk.amount)} at risk.`,
    `${count(figures.audience - figures.holdout)} to write to, ${count(figures.holdout)} held back to measure; ${count(figures.accepted)} of ${count(figures.messages)} mails accepted, ${count(figures.inDoubt)} in doubt.`,
    `${count(figures.opens)} opened, ${count(figures.clicks)} clicked; orders after: ${count(figures.ordersAfter.treated)} by those written to, ${count(figures.ordersAfter.holdout)} by those held back.`,
    effect
      ? `Incremental revenue: ${money(effect.estimate)}, between ${money(effect.interval[0])} and ${money(effect.interval[1])} (${String(effect.confidence * 100)} % confidence, valid however often one looks): ${verdictWords(effect, simulated)}`
      : 'No campaign ran: there was nobody to write to.',
  ];
}

function verdictWords(effect: { interval: [number, number]; verdict: string }, simulated: boolean): string {
  const covers = effect.interval[0] <= 0 && effect.interval[1] >= 0;
  if (effect.verdict === 'broken') return 'the two groups are not what was drawn; do not trust it.';
  if (covers)
    return simulated ? 'the interval covers zero; nothing is proven.' : 'the interval covers zero, as it must.';
  if (simulated) return effect.interval[0] > 0 ? 'the mails brought it.' : 'the mails cost it.';
  return 'the interval misses zero, which happens in at most 5 of 100 such tests.';
}
