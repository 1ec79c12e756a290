/** Files of orders and customers as a platform. Nothing is ever written back to them. */
import { type Connector, fail, type PullBatch, type PullRequest } from '@rekindle/core';
import { csvCursor, type CsvCursor, type ListCursor, type LogCursor } from './cursor.ts';
import { pullCustomers, type ListStep } from './pull-customers.ts';
import { pullOrders, type LogStep } from './pull-orders.ts';
import { csvSettings, parseSettings, type CsvSettings } from './settings.ts';
import { openSource } from './source.ts';

/** Throws `bad_configuration`; what is wrong with the files themselves is said by pull(). */
export function csvConnector(settings: CsvSettings): Connector {
  const { orders, customers, ...options } = parseSettings(csvSettings, settings);
  const log = openSource(orders);
  const list = customers === undefined ? undefined : openSource(customers);
  return {
    platform: 'csv',
    takes: [],
    commit: 'whole',
    async *pull(request: PullRequest): AsyncGenerator<PullBatch> {
      const before = cursorOf(request.cursor);
      const until = request.until?.getTime() ?? Number.POSITIVE_INFINITY;
      const share = list ? 0.5 : 1;
      const total = { rowsRead: 0 };
      let customersCursor: ListCursor | null = before?.customers ?? null;
      if (list) {
        const steps = pullCustomers(list, options.timeZone ?? 'UTC', before?.customers ?? undefined, until);
        for await (const step of steps) {
          if ('cursor' in step) customersCursor = step.cursor;
          else yield part(step, 0, 0, share, total);
        }
      }
      const earlier = total.rowsRead;
      let logCursor: LogCursor | undefined = before?.orders;
      for await (const step of pullOrders(log, options, before?.orders, until)) {
        if ('cursor' in step) logCursor = step.cursor;
        else yield part(step, earlier, 1 - share, share, total);
      }
      if (logCursor && (logCursor !== before?.orders || customersCursor !== before.customers)) {
        const cursor: CsvCursor = { version: 1, orders: logCursor, customers: customersCursor };
        yield { rowsRead: total.rowsRead, progress: 1, cursor };
      }
    },
    push: (records) =>
      Promise.resolve(
        records.map(({ id }) => ({ id, ok: false as const, retryable: false, error: 'a file takes nothing back' })),
      ),
  };
}

function cursorOf(given: unknown): CsvCursor | undefined {
  if (given === undefined || given === null) return undefined;
  const parsed = csvCursor.safeParse(given);
  if (!parsed.success) throw fail('internal', 'the cursor of a CSV connection has an unknown form');
  return parsed.data;
}

/** One file's batch as a part of the whole pull. */
function part(
  step: Extract<ListStep | LogStep, { batch: PullBatch }>,
  earlier: number,
  from: number,
  share: number,
  total: { rowsRead: number },
): PullBatch {
  const { progress, rowsRead, ...rest } = step.batch;
  total.rowsRead = earlier + rowsRead;
  return {
    ...rest,
    rowsRead: total.rowsRead,
    ...(progress === undefined ? {} : { progress: from + progress * share }),
  };
}
