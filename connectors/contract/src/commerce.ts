/** A platform with customers and orders, and its fake: everything comes once, from wherever a pull goes on. */
import { expect } from 'vitest';
import type { Connector, PullBatch, PullRequest, WriteBack, WriteBackKind } from '@rekindle/core';
import { registerSuite, type Check, type Closable } from './suite.ts';
import { sampleWriteBack } from './write-backs.ts';

export interface CommerceSubject extends Closable {
  connector: Connector;
  /** What the platform holds, told by its keeper and not by the connector. Ids of people, `order id` a line. */
  holds: { customers: string[]; orderLines: string[] };
  /** An instant with orders before and after it */
  midway: Date;
  /** Order ids up to and with `midway`, one a line */
  holdsUntilMidway: string[];
  /** What came back to the platform and stands there, in any order; needed where the connector takes anything. */
  stands?(): unknown[];
  /**
   * A subject that the platform knows, for write-backs of this kind: a person for score and consent, ids of Rekindle for
   * outcome and touch. The person that a touch is about is the one of score.
   */
  subjectId?(kind: WriteBackKind): string;
}

export function commerceContract(name: string, setup: () => Promise<CommerceSubject>): void {
  registerSuite(`${name} keeps the commerce contract`, commerceChecks, setup);
}

interface Pulled {
  batches: PullBatch[];
  customers: string[];
  orderLines: string[];
}

async function pullAll(connector: Connector, request: PullRequest = {}): Promise<Pulled> {
  const pulled: Pulled = { batches: [], customers: [], orderLines: [] };
  for await (const batch of connector.pull(request)) {
    pulled.batches.push(batch);
    pulled.customers.push(...(batch.customers ?? []).map((customer) => customer.externalId));
    pulled.orderLines.push(...(batch.orderLines ?? []).map((line) => line.orderId));
  }
  return pulled;
}

/** A cursor lives in a table: what does not survive JSON is lost. */
function stored(cursor: unknown): unknown {
  return JSON.parse(JSON.stringify(cursor)) as unknown;
}

function lastCursor(pulled: Pulled): unknown {
  const cursor = pulled.batches.findLast((batch) => batch.cursor !== undefined)?.cursor;
  expect(cursor, 'a pull that ended gives a cursor').toBeDefined();
  return stored(cursor);
}

const sorted = (words: string[]): string[] => words.toSorted();
/** Resuming is tried at so many places at most. */
const PLACES = 25;

export const commerceChecks: readonly Check<CommerceSubject>[] = [
  {
    name: 'gives every row once',
    async run({ connector, holds }) {
      const pulled = await pullAll(connector);
      expect(sorted(pulled.customers)).toEqual(sorted(holds.customers));
      expect(sorted(pulled.orderLines)).toEqual(sorted(holds.orderLines));
    },
  },
  {
    name: 'goes on at every cursor, without a gap and without a repeat',
    async run({ connector }) {
      const { batches, ...all } = await pullAll(connector);
      const places = batches.flatMap((batch, place) => (batch.cursor === undefined ? [] : [place]));
      expect(places.length).toBeGreaterThan(0);
      const step = Math.ceil(places.length / PLACES);
      for (const place of places.filter((_, number) => number % step === 0 || number === places.length - 1)) {
        const before = batches.slice(0, place + 1);
        const rest = await pullAll(connector, { cursor: stored(batches[place]?.cursor) });
        const customers = before.flatMap((batch) => (batch.customers ?? []).map((one) => one.externalId));
        const lines = before.flatMap((batch) => (batch.orderLines ?? []).map((line) => line.orderId));
        expect(sorted([...customers, ...rest.customers])).toEqual(sorted(all.customers));
        expect(sorted([...lines, ...rest.orderLines])).toEqual(sorted(all.orderLines));
      }
    },
  },
  {
    name: 'knows nothing of orders after `until`, and gives them later',
    async run({ connector, midway, holds, holdsUntilMidway }) {
      const early = await pullAll(connector, { until: midway });
      expect(sorted(early.orderLines)).toEqual(sorted(holdsUntilMidway));
      expect(early.orderLines.length).toBeLessThan(holds.orderLines.length);
      for (const batch of early.batches)
        for (const line of batch.orderLines ?? [])
          expect(line.orderedAt.getTime()).toBeLessThanOrEqual(midway.getTime());
      const late = await pullAll(connector, { cursor: lastCursor(early) });
      expect(sorted([...early.orderLines, ...late.orderLines])).toEqual(sorted(holds.orderLines));
    },
  },
  {
    name: 'gives nothing new when nothing is new, and the same again when asked afresh',
    async run({ connector }) {
      const first = await pullAll(connector);
      const again = await pullAll(connector, { cursor: lastCursor(first) });
      expect([again.customers, again.orderLines]).toEqual([[], []]);
      // Without the cursors: they may name what the platform made for this one pull, a job of its queue.
      const rows = (pulled: Pulled): unknown => pulled.batches.map((batch) => ({ ...batch, cursor: undefined }));
      expect(rows(await pullAll(connector))).toEqual(rows(first));
    },
  },
  {
    name: 'speaks in whole minor units, real dates and known currencies',
    async run({ connector }) {
      const { batches } = await pullAll(connector);
      for (const line of batches.flatMap((batch) => batch.orderLines ?? [])) {
        expect(Number.isSafeInteger(line.amount)).toBe(true);
        expect(line.currency).toMatch(/^[A-Z]{3}$/);
        expect(Number.isFinite(line.orderedAt.getTime())).toBe(true);
        expect(line.customerId).not.toBe('');
        if (line.kind === 'return') expect(line.amount).toBeLessThanOrEqual(0);
        if (line.country !== undefined) expect(line.country).toMatch(/^[A-Z]{2}$/);
      }
    },
  },
  {
    name: 'tells how far it is, never backwards',
    async run({ connector }) {
      const { batches } = await pullAll(connector);
      let [rows, progress] = [0, 0];
      for (const batch of batches) {
        expect(batch.rowsRead).toBeGreaterThanOrEqual(rows);
        rows = batch.rowsRead;
        if (batch.progress === undefined) continue;
        expect(batch.progress).toBeGreaterThanOrEqual(progress);
        expect(batch.progress).toBeLessThanOrEqual(1);
        progress = batch.progress;
      }
      expect(rows).toBeGreaterThan(0);
    },
  },
  {
    name: 'says of a row that it leaves out where it stood and why, and nothing of the person',
    async run({ connector }) {
      const { batches } = await pullAll(connector);
      for (const row of batches.flatMap((batch) => batch.rejected ?? [])) {
        expect(row.line).toBeGreaterThan(0);
        expect(row.reason).toMatch(/\w/);
        expect(row.reason).not.toContain('@');
      }
    },
  },
  {
    name: 'takes back what it says it takes, and a repeat changes nothing',
    async run(subject) {
      const { connector } = subject;
      expect(await connector.push([])).toEqual([]);
      const records = connector.takes.map((kind, place): WriteBack => {
        const subjectId = subject.subjectId?.(kind);
        if (subjectId === undefined) throw new Error(`the set-up names no subject for ${kind}`);
        return sampleWriteBack(kind, {
          id: place + 1,
          subjectId,
          personId: subject.subjectId?.('score') ?? subjectId,
          campaignId: subject.subjectId?.('outcome') ?? subjectId,
        });
      });
      const wanted = records.map(({ id }) => ({ id, ok: true }));
      expect(await connector.push(records)).toEqual(wanted);
      const after = JSON.stringify(subject.stands?.() ?? []);
      expect(await connector.push(records)).toEqual(wanted);
      expect(JSON.stringify(subject.stands?.() ?? [])).toBe(after);
      if (records.length > 0) expect(subject.stands?.().length).toBeGreaterThan(0);
    },
  },
];
