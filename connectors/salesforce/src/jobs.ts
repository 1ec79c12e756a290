/** Query jobs of the Bulk API 2.0: made, waited for, read page by page. https://developer.salesforce.com/docs: Bulk API 2.0, Query */
import { parse } from 'csv-parse/sync';
import { fail } from '@rekindle/core';
import type { SalesforceClient } from './client.ts';
import type { Row } from './map.ts';
import { codeOf } from './refusal.ts';
import { queryJob, type QueryJob } from './schema.ts';

export interface Page {
  rows: Row[];
  /** Of the next page; null: this was the last one */
  locator: string | null;
}

/** From one look at a job to the next. Each look is one of the organisation's calls. */
const WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** Looks at a job that is not done; after that the next pull looks again, the job works on meanwhile. */
const MOST_LOOKS = 20;

export async function openJob(client: SalesforceClient, query: string): Promise<string> {
  const { id } = await client.ask(queryJob, {
    method: 'POST',
    path: '/jobs/query',
    body: { operation: 'query', query },
  });
  return id;
}

/** The job once it is done; undefined where there is none any more, or it came to nothing: then another must be made. */
export async function awaitJob(
  client: SalesforceClient,
  id: string,
  sleep: (ms: number) => Promise<void>,
): Promise<QueryJob | undefined> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const job = await lookAt(client, id);
    if (job === undefined || job.state === 'Failed' || job.state === 'Aborted') return undefined;
    if (job.state === 'JobComplete') return job;
    await sleep(WAITS_MS[Math.min(look, WAITS_MS.length - 1)] ?? 0);
  }
  throw fail('connector_unavailable', 'Salesforce is still putting the list together. Rekindle looks again later.');
}

async function lookAt(client: SalesforceClient, id: string): Promise<QueryJob | undefined> {
  try {
    return await client.ask(queryJob, { method: 'GET', path: `/jobs/query/${id}` });
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** A page of a job that is done; undefined where its result is no longer there. */
export async function readPage(
  client: SalesforceClient,
  id: string,
  place: { locator: string | null; rows: number },
): Promise<Page | undefined> {
  const words = new URLSearchParams({ maxRecords: String(place.rows) });
  if (place.locator !== null) words.set('locator', place.locator);
  try {
    const answer = await client.send({ method: 'GET', path: `/jobs/query/${id}/results?${words.toString()}` });
    const locator = answer.headers['sforce-locator'];
    return {
      rows: parse(answer.body, { columns: true, bom: true, skip_empty_lines: true }),
      locator: locator === undefined || locator === 'null' ? null : locator,
    };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return ['NOT_FOUND', 'INVALIDJOB', 'INVALID_ID_FIELD', 'HTTP_404'].includes(codeOf(error) ?? '');
}
