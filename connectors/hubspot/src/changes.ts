/** Rows in the order of an instant that each of them holds, from a place on: search, by keyset. */
import { LATE_MS, moved, type Place } from './cursor.ts';
import { SEARCH_PAGE, type Question, type Reader, type What } from './read.ts';
import type { HubSpotRecord } from './schema.ts';

export interface Series {
  what: What;
  /** The property that holds the instant */
  property: string;
  filters: Question['filters'];
  /** How far before the place a look begins, in milliseconds, because a row may be found late. Default a minute */
  late?: number;
}

export interface Changes {
  rows: HubSpotRecord[];
  place: Place;
}

/** Gives no empty piece. */
export async function* changesOf(
  reader: Reader,
  { what, property, filters, late = LATE_MS }: Series,
  start: Place,
): AsyncGenerator<Changes> {
  let place = start;
  let { tie } = start;
  let from = tie === undefined ? Math.max(0, start.from - late) : start.from;
  const at = (row: HubSpotRecord): number => new Date(row.properties[property] ?? 0).getTime();
  function given(rows: HubSpotRecord[], reached: number): Changes {
    const fresh = rows.filter((row) => place.seen[row.id] !== at(row));
    place = moved(
      place,
      Math.max(place.from, reached),
      fresh.map((row) => ({ id: row.id, at: at(row) })),
    );
    return { rows: fresh, place };
  }

  for (;;) {
    const since: Question['filters'] = [...filters, [property, 'GTE', String(from)]];
    if (tie === undefined) {
      const { rows } = await reader.search(what, { filters: since, sort: { property }, limit: SEARCH_PAGE });
      const last = rows.at(-1);
      if (!last) return;
      const end = at(last);
      if (rows.length < SEARCH_PAGE) {
        const piece = given(rows, end);
        if (piece.rows.length > 0) yield piece;
        return;
      }
      if (end > from) {
        // Those of the last instant may go on on the next page: it begins with them.
        const piece = given(
          rows.filter((row) => at(row) < end),
          end,
        );
        from = end;
        if (piece.rows.length > 0) yield piece;
        continue;
      }
      tie = '0';
    }
    const { rows } = await reader.search(what, {
      filters: [...since, [property, 'LTE', String(from)], ['hs_object_id', 'GT', tie]],
      sort: { property: 'hs_object_id' },
      limit: SEARCH_PAGE,
    });
    const full = rows.length === SEARCH_PAGE;
    tie = full ? rows.at(-1)?.id : undefined;
    const piece = given(rows, full ? from : from + 1);
    if (tie === undefined) from += 1;
    else if (place.from === from) place = { ...place, tie };
    if (piece.rows.length > 0) yield { rows: piece.rows, place };
  }
}
