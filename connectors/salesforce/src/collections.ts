/** Many records in one call (sObject Collections), each with a fate of its own. */
import { RekindleError, type WriteBackResult } from '@rekindle/core';
import type { SalesforceClient } from './client.ts';
import type { Fields } from './fields.ts';
import { judgeCode } from './refusal.ts';
import { saved, type Saved } from './schema.ts';

/** Records in one call at most. */
export const COLLECTION = 200;

export interface Outgoing {
  /** Of Salesforce; undefined for one that is made, or found by its external id */
  id?: string | undefined;
  fields: Fields;
  /** Rows of the outbox that this record answers */
  answers: number[];
}

export type Write = { kind: 'update' | 'create' } | { kind: 'upsert'; by: string };

/** Writes records of one object. A call that fails as a whole is the fate of its records, and of no others. */
export async function writeAll(
  client: SalesforceClient,
  object: string,
  write: Write,
  records: Outgoing[],
): Promise<WriteBackResult[]> {
  const results: WriteBackResult[] = [];
  for (let from = 0; from < records.length; from += COLLECTION) {
    const some = records.slice(from, from + COLLECTION);
    const fates = await writeSome(client, object, write, some);
    some.forEach(({ answers }, place) => {
      for (const id of answers) results.push(resultOf(id, fates[place] ?? SILENT));
    });
  }
  return results;
}

type Fate = { ok: true } | { ok: false; retryable: boolean; error: string };
const SILENT: Fate = { ok: false, retryable: true, error: 'Salesforce did not say what became of this record.' };

export function resultOf(id: number, fate: Fate): WriteBackResult {
  return fate.ok ? { id, ok: true } : { id, ...fate };
}

async function writeSome(client: SalesforceClient, object: string, write: Write, some: Outgoing[]): Promise<Fate[]> {
  const path = write.kind === 'upsert' ? `/composite/sobjects/${object}/${write.by}` : '/composite/sobjects';
  const records = some.map(({ id, fields }) => ({
    attributes: { type: object },
    ...(id === undefined ? {} : { id }),
    ...fields,
  }));
  try {
    const answers = await client.ask(saved, {
      method: write.kind === 'create' ? 'POST' : 'PATCH',
      path,
      body: { allOrNone: false, records },
    });
    return answers.map(fateOf);
  } catch (error) {
    if (!(error instanceof RekindleError)) throw error;
    return some.map(() => ({ ok: false, retryable: error.retryable, error: error.message }));
  }
}

function fateOf({ success, errors }: Saved): Fate {
  if (success) return { ok: true };
  const { retryable, sentence } = judgeCode(errors[0]?.statusCode ?? '');
  return { ok: false, retryable, error: sentence };
}
