/** An order log as the models' commands read it: sales by person and local day, in whole units of money. */
import { describeOrderLog, readOrderLog, type ReadOptions } from '@rekindle/connector-csv';
import { dayCounter, fail, type Purchase } from '@rekindle/core';

export interface LogOptions {
  columns?: string;
  format?: string;
}

/** Reads all sales of a log. Returns and lines without a person are no purchases. */
export async function readPurchases(file: string, options: LogOptions): Promise<Purchase[]> {
  const reading = {
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.columns === undefined ? {} : { columns: columnsOf(options.columns) }),
  } as ReadOptions;
  const { currency, timeZone } = await describeOrderLog(file, reading);
  const dayOf = dayCounter(timeZone);
  const unit =
    10 ** (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);
  const purchases: Purchase[] = [];
  for await (const { lines } of readOrderLog(file, reading))
    for (const { customerId, orderedAt, amount, kind } of lines)
      if (kind === 'sale') purchases.push({ customer: customerId, day: dayOf(orderedAt), amount: amount / unit });
  if (purchases.length === 0) throw fail('bad_file', `${file} holds no sale.`);
  return purchases;
}

function columnsOf(pairs: string): Record<string, string> {
  return Object.fromEntries(
    pairs.split(',').map((pair) => {
      const [ours, theirs] = pair.split('=');
      if (!ours?.trim() || !theirs?.trim())
        throw fail(
          'bad_request',
          `--columns takes ours=theirs with commas between; ${JSON.stringify(pair)} is not that.`,
        );
      return [ours.trim(), theirs.trim()];
    }),
  );
}
