/** What goes back to HubSpot, by kind. Everything may be repeated: it is set or named by an id, never added. */
import {
  consentPayload,
  outcomePayload,
  RekindleError,
  scorePayload,
  touchPayload,
  type WriteBack,
  type WriteBackKind,
  type WriteBackResult,
} from '@rekindle/core';
import type { z } from 'zod';
import { pushConsents } from './push-consents.ts';
import { pushOutcomes } from './push-outcomes.ts';
import { pushScores } from './push-scores.ts';
import { pushTouches } from './push-touches.ts';
import { failed, refused, type PushContext, type Written } from './written.ts';

type Sender = (context: PushContext, records: WriteBack[]) => Promise<WriteBackResult[]>;

const SENDERS: Record<WriteBackKind, Sender> = {
  score: sender(scorePayload, pushScores),
  outcome: sender(outcomePayload, pushOutcomes),
  touch: sender(touchPayload, pushTouches),
  consent: sender(consentPayload, pushConsents),
};

export const TAKES = Object.keys(SENDERS) as WriteBackKind[];

/** Each record's own fate, in the order of the records. Never throws for what HubSpot says. */
export async function pushRecords(context: PushContext, records: WriteBack[]): Promise<WriteBackResult[]> {
  const results = new Map<number, WriteBackResult>();
  for (const kind of TAKES) {
    const mine = records.filter((record) => record.kind === kind);
    if (mine.length === 0) continue;
    for (const result of await SENDERS[kind](context, mine)) results.set(result.id, result);
  }
  return records.map(({ id }) => results.get(id) ?? refused(id, 'HubSpot did not say what became of it'));
}

function sender<Schema extends z.ZodType>(
  schema: Schema,
  send: (context: PushContext, records: Written<z.output<Schema>>[]) => Promise<WriteBackResult[]>,
): Sender {
  return async (context, records) => {
    const results: WriteBackResult[] = [];
    const understood: Written<z.output<Schema>>[] = [];
    for (const { id, subjectId, payload } of records) {
      const parsed = schema.safeParse(payload);
      if (parsed.success) understood.push({ id, subjectId, payload: parsed.data });
      else results.push(refused(id, 'what should be written has an unknown form'));
    }
    if (understood.length === 0) return results;
    try {
      results.push(...(await send(context, understood)));
    } catch (error) {
      if (!(error instanceof RekindleError)) throw error;
      results.push(...understood.map(({ id }) => failed(id, error)));
    }
    return results;
  };
}
