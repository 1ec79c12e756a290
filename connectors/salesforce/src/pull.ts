/**
 * A pull: the first time everything, by three query jobs that Salesforce works on side by side; after that what has changed.
 * Every batch carries the cursor from which another process goes on.
 */
import { fail, type PullBatch, type PullRequest } from '@rekindle/core';
import { toBatch } from './batch.ts';
import { lookAtChanges } from './changes.ts';
import { readCursor, remember, type JobPlace, type ListName } from './cursor.ts';
import { awaitJob, openJob, readPage } from './jobs.ts';
import { everything, LIST_NAMES } from './lists.ts';
import { lastDay } from './map.ts';
import { copy, stampsOf, type Pulling, type PullOptions } from './pulling.ts';

export async function* pullSalesforce(options: PullOptions, request: PullRequest): AsyncGenerator<PullBatch> {
  const pulling: Pulling = {
    ...options,
    cursor: readCursor(request.cursor),
    until: lastDay(request.until),
    currencies: await options.severalCurrencies(),
    rowsRead: 0,
  };
  const { lists } = pulling.cursor;
  const whole = LIST_NAMES.filter((list) => lists[list]?.phase !== 'changes');
  if (whole.length === 0) {
    for (const [place, list] of LIST_NAMES.entries()) yield* lookAtChanges(pulling, list, place / LIST_NAMES.length);
    yield { rowsRead: pulling.rowsRead, progress: 1, cursor: pulling.cursor };
    return;
  }
  for (const list of whole) lists[list] ??= await openFor(pulling, list);
  // At once, so that whoever goes on finds these jobs and makes no others.
  yield { rowsRead: 0, progress: 0, cursor: copy(pulling.cursor) };
  for (const list of whole) yield* readWhole(pulling, list, LIST_NAMES.indexOf(list));
}

async function openFor(pulling: Pulling, list: ListName): Promise<JobPlace> {
  const { client, until, currencies } = pulling;
  const id = await openJob(client, everything(list, until, currencies));
  return { phase: 'job', id, locator: null, rows: 0, until, told: [] };
}

/** All pages of a list's job from where it stands. A job that is gone or has failed is made once more. */
async function* readWhole(pulling: Pulling, list: ListName, position: number): AsyncGenerator<PullBatch> {
  const { client, sleep, pageRows, cursor } = pulling;
  const { lists } = cursor;
  for (let madeAgain = false; ;) {
    const place = lists[list];
    if (place?.phase !== 'job') return;
    const job = await awaitJob(client, place.id, sleep);
    const page = job && (await readPage(client, place.id, { locator: place.locator, rows: pageRows }));
    if (!page) {
      if (madeAgain)
        throw fail(
          'connector_unavailable',
          'Salesforce could not put a list together, twice. Rekindle tries again later.',
        );
      madeAgain = true;
      lists[list] = await openFor(pulling, list);
      yield { rowsRead: pulling.rowsRead, cursor: copy(cursor) };
      continue;
    }
    const createdAt = new Date(job.createdDate);
    const batch = await toBatch(pulling, list, page.rows, pulling.rowsRead);
    pulling.rowsRead += page.rows.length;
    const rows = place.rows + page.rows.length;
    const told = remember(place.told, stampsOf(page.rows), createdAt);
    lists[list] =
      page.locator === null
        ? { phase: 'changes', since: createdAt.toISOString(), until: place.until, told }
        : { ...place, locator: page.locator, rows, told };
    const share = page.locator === null ? 1 : Math.min(1, rows / Math.max(1, job.numberRecordsProcessed ?? rows));
    yield {
      ...batch,
      rowsRead: pulling.rowsRead,
      progress: (position + share) / LIST_NAMES.length,
      cursor: copy(cursor),
    };
  }
}
