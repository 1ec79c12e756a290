/** The commerce suite itself: a sound connector passes every check, and each fault makes some check fail. */
import { describe, expect, test } from 'vitest';
import type { Connector, PullBatch, SourceOrderLine, WriteBack } from '@rekindle/core';
import { commerceChecks, type CommerceSubject } from './commerce.ts';
import { failedChecks } from './suite.ts';

const DAY = 86_400_000;
const LINES: SourceOrderLine[] = Array.from({ length: 30 }, (_, number) => ({
  customerId: `c${String(number % 7)}`,
  orderId: `o${String(Math.floor(number / 2))}`,
  kind: 'sale',
  orderedAt: new Date(Date.UTC(2026, 0, 1) + Math.floor(number / 2) * DAY),
  amount: 100 + number,
  currency: 'EUR',
  quantity: 1,
}));
const MIDWAY = new Date('2026-01-08T00:00:00Z');

function commerceSubject(change: (connector: Connector) => Partial<Connector> = () => ({})): Promise<CommerceSubject> {
  const standing = new Map<string, unknown>();
  const sound: Connector = {
    platform: 'sound',
    takes: ['score'],
    async *pull({ cursor, until }): AsyncGenerator<PullBatch> {
      const from = (cursor as { next: number } | undefined)?.next ?? 0;
      const end = until ? LINES.filter((line) => line.orderedAt <= until).length : LINES.length;
      if (from === 0)
        yield {
          customers: Array.from({ length: 7 }, (_, number) => ({ externalId: `c${String(number)}` })),
          rejected: [{ line: 3, reason: 'the price is missing' }],
          rowsRead: 7,
        };
      for (let next = from; next < end; next += 4) {
        const stop = Math.min(next + 4, end);
        yield {
          orderLines: LINES.slice(next, stop),
          rowsRead: 7 + stop,
          progress: stop / LINES.length,
          cursor: { next: stop },
        };
        await Promise.resolve();
      }
    },
    push(records) {
      for (const record of records) standing.set(`${record.kind} ${record.subjectId}`, record.payload);
      return Promise.resolve(records.map(({ id }) => ({ id, ok: true as const })));
    },
  };
  return Promise.resolve({
    connector: { ...sound, ...change(sound) },
    holds: {
      customers: Array.from({ length: 7 }, (_, number) => `c${String(number)}`),
      orderLines: LINES.map((line) => line.orderId),
    },
    midway: MIDWAY,
    holdsUntilMidway: LINES.filter((line) => line.orderedAt <= MIDWAY).map((line) => line.orderId),
    stands: () => [...standing],
    subjectId: () => 'c1',
    close: () => Promise.resolve(),
  });
}

describe('the commerce suite', () => {
  test('lets a sound one pass', async () => {
    expect(await failedChecks(commerceChecks, () => commerceSubject())).toEqual([]);
  });

  const eachBatch =
    (map: (batch: PullBatch, place: number) => PullBatch | undefined) =>
    (connector: Connector): Partial<Connector> => ({
      async *pull(request) {
        let place = 0;
        for await (const batch of connector.pull(request)) {
          const changed = map(batch, place++);
          if (changed) yield changed;
        }
      },
    });
  const eachLine = (map: (line: SourceOrderLine) => SourceOrderLine) =>
    eachBatch((batch) => ({ ...batch, ...(batch.orderLines && { orderLines: batch.orderLines.map(map) }) }));
  const pushed: WriteBack[] = [];

  const broken: Record<string, (connector: Connector) => Partial<Connector>> = {
    'loses a batch': eachBatch((batch, place) => (place === 3 ? undefined : batch)),
    'gives a line twice': eachBatch((batch, place) =>
      place === 2
        ? { ...batch, orderLines: [...(batch.orderLines ?? []), ...(batch.orderLines ?? []).slice(0, 1)] }
        : batch,
    ),
    'moves its cursor too far': eachBatch((batch) =>
      batch.cursor === undefined ? batch : { ...batch, cursor: { next: (batch.cursor as { next: number }).next + 1 } },
    ),
    'forgets its cursor': (connector) => ({ pull: ({ until }) => connector.pull(until ? { until } : {}) }),
    'gives a cursor that does not survive': eachBatch((batch) =>
      batch.cursor === undefined ? batch : { ...batch, cursor: Object.assign(() => batch.cursor, {}) },
    ),
    'looks into the future': (connector) => ({
      pull: ({ cursor }) => connector.pull({ cursor }),
    }),
    'counts money in fractions': eachLine((line) => ({ ...line, amount: line.amount + 0.5 })),
    'makes up currencies': eachLine((line) => ({ ...line, currency: 'euro' })),
    'gives impossible dates': eachLine((line) => ({ ...line, orderedAt: new Date(NaN) })),
    'goes backwards': eachBatch((batch, place) => ({ ...batch, rowsRead: 100 - place })),
    'quotes people in its complaints': eachBatch((batch) => ({
      ...batch,
      ...(batch.rejected && { rejected: [{ line: 1, reason: 'anna@example.com is no address' }] }),
    })),
    'adds at every push': () => ({
      push(records) {
        pushed.push(...records);
        return Promise.resolve(records.map(({ id }) => ({ id, ok: true as const })));
      },
    }),
    'forgets to answer for a record': () => ({ push: () => Promise.resolve([]) }),
  };
  test.each(Object.entries(broken))('catches one that %s', async (name, change) => {
    const setup = async (): Promise<CommerceSubject> => {
      const subject = await commerceSubject(change);
      return name === 'adds at every push' ? { ...subject, stands: () => [...pushed] } : subject;
    };
    expect(await failedChecks(commerceChecks, setup)).not.toEqual([]);
  });
});
