/**
 * What has changed in a list since the last look: pages by the time of change and the id, so that a look which broke off goes on
 * behind the last row that was told, and nothing is kept in Salesforce meanwhile.
 */
import type { PullBatch } from '@rekindle/core';
import { toBatch } from './batch.ts';
import { remember, toldWord, type ChangesPlace, type ListName } from './cursor.ts';
import { changed, LIST_NAMES, QUERY_ROWS } from './lists.ts';
import type { Row } from './map.ts';
import { copy, stampsOf, type Pulling } from './pulling.ts';
import { queryAnswer } from './schema.ts';

/** `progress`: share of the pull that is done before. */
export async function* lookAtChanges(pulling: Pulling, list: ListName, progress: number): AsyncGenerator<PullBatch> {
  const { lists } = pulling.cursor;
  for (;;) {
    const place = lists[list];
    if (place?.phase !== 'changes') return;
    const until = place.look ? place.look.until : later(place.until, pulling.until);
    const { rows, at, done } = await askChanges(pulling, list, place, until);
    const startedAt = place.look ? new Date(place.look.startedAt) : at;
    const known = new Set(place.told);
    const stamps = stampsOf(rows);
    const fresh = rows.filter((_, i) => {
      const stamp = stamps[i];
      return stamp === undefined || !known.has(toldWord(stamp.id, stamp.stamp));
    });
    const batch = await toBatch(pulling, list, fresh, pulling.rowsRead);
    pulling.rowsRead += fresh.length;
    const told = remember(place.look?.told ?? [], stamps, startedAt);
    const last = stamps.at(-1);
    // An answer may hold fewer rows than were asked for and say that it is not all.
    const more = last !== undefined && (!done || rows.length === QUERY_ROWS);
    lists[list] = more
      ? {
          ...place,
          look: {
            until,
            startedAt: startedAt.toISOString(),
            after: { id: last.id, stamp: last.stamp.toISOString() },
            told,
          },
        }
      : { phase: 'changes', since: startedAt.toISOString(), until, told };
    const share = more ? progress : progress + 1 / LIST_NAMES.length;
    if (fresh.length > 0 || more)
      yield { ...batch, rowsRead: pulling.rowsRead, progress: Math.min(1, share), cursor: copy(pulling.cursor) };
    if (!more) return;
  }
}

async function askChanges(
  pulling: Pulling,
  list: ListName,
  place: ChangesPlace,
  until: string | null,
): Promise<{ rows: Row[]; at: Date; done: boolean }> {
  const since = { since: new Date(place.since), before: place.until, until, after: place.look?.after };
  const query = changed(list, since, pulling.currencies);
  const answer = await pulling.client.send({ method: 'GET', path: `/queryAll?q=${encodeURIComponent(query)}` });
  const { records, done } = queryAnswer.parse(JSON.parse(answer.body));
  // Salesforce's clock, not ours: it is the one that stamps the changes.
  const date = new Date(answer.headers['date'] ?? '');
  const at = Number.isNaN(date.getTime()) ? new Date(place.since) : date;
  return { rows: records, at, done };
}

/** The later of two days; null is no end at all. */
function later(before: string | null, now: string | null): string | null {
  return before === null || now === null ? null : before > now ? before : now;
}
