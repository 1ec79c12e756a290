/** Contacts and won deals: all of them the first time, then what changed. */
import type { PullBatch, PullRequest } from '@rekindle/core';
import { changesOf, type Series } from './changes.ts';
import { parseCursor, moved, type HubSpotCursor, type Place } from './cursor.ts';
import { closedAt, isWon, toCustomer, toOrderLine } from './map.ts';
import { CHANGED_AT, type Question, type Reader, type What } from './read.ts';
import type { HubSpotRecord } from './schema.ts';

export interface PullContext {
  reader: Reader;
  /** The property that holds whether a person refused our kind of mail */
  optOut: string;
  /** Of deals that name no currency */
  currency: string;
}

export async function* pullHubSpot(context: PullContext, request: PullRequest): AsyncGenerator<PullBatch> {
  const until = request.until?.getTime() ?? null;
  let rowsRead = 0;
  let cursor = parseCursor(request.cursor) ?? (await begin(context.reader, until));
  const before = JSON.stringify(cursor);
  for await (const step of steps(context, cursor, until)) {
    ({ cursor } = step);
    rowsRead += step.rows;
    const share = cursor.total === 0 ? 1 : Math.min(1, cursor.read / cursor.total);
    yield { ...step.batch, rowsRead, progress: cursor.listing ? share : 1, cursor };
  }
  const end = { ...cursor, until: later(cursor.until, until) };
  delete end.coming;
  if (JSON.stringify(end) !== before || request.cursor === undefined) yield { rowsRead, progress: 1, cursor: end };
}

interface Step {
  batch: Pick<PullBatch, 'customers' | 'orderLines' | 'rejected'>;
  rows: number;
  cursor: HubSpotCursor;
}

/** Where the first pull begins: everything is listed, and what changes while it is will be asked for afterwards. */
async function begin(reader: Reader, until: number | null): Promise<HubSpotCursor> {
  const newest = async (what: What): Promise<{ place: Place; total: number }> => {
    const property = CHANGED_AT[what];
    const { rows, total } = await reader.search(what, {
      filters: [],
      sort: { property, descending: true },
      limit: 1,
    });
    return { place: { from: rows[0] ? changedAt(what, rows[0]) : 0, seen: {} }, total };
  };
  const [contacts, deals] = [await newest('contacts'), await newest('deals')];
  return {
    version: 1,
    listing: { what: 'contacts' },
    until,
    contacts: contacts.place,
    deals: deals.place,
    read: 0,
    total: contacts.total + deals.total,
  };
}

async function* steps(context: PullContext, start: HubSpotCursor, until: number | null): AsyncGenerator<Step> {
  let cursor = start;
  for await (const step of listed(context, cursor)) {
    ({ cursor } = step);
    yield step;
  }
  const people: Series = { what: 'contacts', property: CHANGED_AT.contacts, filters: [] };
  for await (const { rows, place } of changesOf(context.reader, people, cursor.contacts)) {
    cursor = { ...cursor, contacts: place };
    yield { batch: await customers(context, rows), rows: rows.length, cursor };
  }
  const won: Series = { what: 'deals', property: CHANGED_AT.deals, filters: wonUntil(known(cursor, until)) };
  for await (const { rows, place } of changesOf(context.reader, won, cursor.deals)) {
    cursor = { ...cursor, deals: place };
    yield { batch: await orders(context, rows, cursor.read), rows: rows.length, cursor };
  }
  yield* come(context, cursor, until);
}

/** Pages of the first pull that were not given yet. */
async function* listed(context: PullContext, start: HubSpotCursor): AsyncGenerator<Step> {
  let cursor = start;
  while (cursor.listing) {
    const { what, after } = cursor.listing;
    const page = await context.reader.list(what, after);
    const given = page.rows.filter((row) => what === 'contacts' || isOrder(row, cursor.until));
    const next = page.after === undefined ? undefined : { what, after: page.after };
    const place = moved(cursor[what], cursor[what].from, stamped(what, given));
    const batch = what === 'contacts' ? await customers(context, given) : await orders(context, given, cursor.read);
    cursor = {
      ...cursor,
      [what]: place,
      listing: next ?? (what === 'contacts' ? { what: 'deals' } : null),
      read: cursor.read + page.rows.length,
    };
    yield { batch, rows: page.rows.length, cursor };
  }
}

/** Deals that were there all the time but whose close date lay ahead. */
async function* come(context: PullContext, start: HubSpotCursor, until: number | null): AsyncGenerator<Step> {
  if (start.until === null || (until !== null && until <= start.until)) return;
  let cursor = start;
  const from: Place = start.coming ?? { from: start.until + 1, seen: {} };
  const due: Series = { what: 'deals', property: 'closedate', filters: wonUntil(until), late: 0 };
  for await (const { rows, place } of changesOf(context.reader, due, from)) {
    const deals = moved(cursor.deals, cursor.deals.from, stamped('deals', rows));
    cursor = { ...cursor, deals: { ...cursor.deals, seen: deals.seen }, coming: place };
    yield { batch: await orders(context, rows, cursor.read), rows: rows.length, cursor };
  }
}

function isOrder(row: HubSpotRecord, until: number | null): boolean {
  // One without a date is looked at too, so that it is said to be left out.
  return isWon(row) && (until === null || (closedAt(row)?.getTime() ?? 0) <= until);
}

/** Deals closed up to this instant were given before, and may have changed. */
function known({ until, coming }: HubSpotCursor, limit: number | null): number | null {
  const given = until === null ? null : Math.max(until, (coming?.from ?? 0) - 1);
  if (given === null) return limit;
  return limit === null ? given : Math.min(given, limit);
}

function wonUntil(until: number | null): Question['filters'] {
  const won: Question['filters'] = [['hs_is_closed_won', 'EQ', 'true']];
  return until === null ? won : [...won, ['closedate', 'LTE', String(until)]];
}

function later(before: number | null, until: number | null): number | null {
  return before === null || until === null ? null : Math.max(before, until);
}

function changedAt(what: What, row: HubSpotRecord): number {
  return new Date(row.properties[CHANGED_AT[what]] ?? 0).getTime();
}

function stamped(what: What, rows: HubSpotRecord[]): { id: string; at: number }[] {
  return rows.map((row) => ({ id: row.id, at: changedAt(what, row) }));
}

async function customers({ reader, optOut }: PullContext, rows: HubSpotRecord[]): Promise<Step['batch']> {
  const times = await reader.consentTimes(rows);
  return { customers: rows.map((row) => toCustomer(row, optOut, times.get(row.id) ?? new Map())) };
}

/** `before`: rows read before these, to say where one stood that is left out. */
async function orders(context: PullContext, rows: HubSpotRecord[], before: number): Promise<Step['batch']> {
  const contacts = await context.reader.contactsOf(rows);
  const batch: Required<Pick<PullBatch, 'orderLines' | 'rejected'>> = { orderLines: [], rejected: [] };
  for (const [place, row] of rows.entries()) {
    const mapped = toOrderLine(row, contacts.get(row.id), context.currency);
    if ('line' in mapped) batch.orderLines.push(mapped.line);
    else batch.rejected.push({ line: before + place + 1, reason: mapped.reason });
  }
  return batch;
}
