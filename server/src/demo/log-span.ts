/** When a log ends. */
import { fail } from '@rekindle/core';
import { readOrderLog } from '@rekindle/connector-csv';

/** The last order's instant. Throws `bad_file` where there is none. */
export async function lastOrderAt(file: string, options: Parameters<typeof readOrderLog>[1]): Promise<Date> {
  let last = -Infinity;
  for await (const { lines } of readOrderLog(file, options))
    for (const line of lines) last = Math.max(last, line.orderedAt.getTime());
  if (last === -Infinity) throw fail('bad_file', `${file} holds no order.`);
  return new Date(last);
}
