/** Rows of a page as a batch: people, or orders with whom they are of. */
import type { PullBatch, RejectedRow, SourceOrderLine } from '@rekindle/core';
import type { SalesforceClient } from './client.ts';
import type { ListName } from './cursor.ts';
import { rolesOn } from './lists.ts';
import { partOf, readOrder, readPerson, toOrder, toPerson, type OrderRow, type Row } from './map.ts';
import { queryAnswer } from './schema.ts';

export interface Reader {
  client: SalesforceClient;
  /** Of an organisation that has one only */
  currency: string;
}

/** Ids in one question for roles: an address may have 16,384 characters. */
const ROLES = 200;

/** `before`: rows that this pull read before them, so that one that is left out can be found. */
export async function toBatch(
  reader: Reader,
  list: ListName,
  rows: Row[],
  before: number,
): Promise<Pick<PullBatch, 'customers' | 'orderLines' | 'rejected' | 'merged'>> {
  return list === 'orders' ? ordersOf(reader, rows, before) : peopleOf(list, rows, before);
}

function peopleOf(list: ListName, rows: Row[], before: number): Pick<PullBatch, 'customers' | 'rejected' | 'merged'> {
  const rejected: RejectedRow[] = [];
  const merged: NonNullable<PullBatch['merged']> = [];
  const customers = rows.flatMap((row, place) => {
    const person = readPerson(row);
    if (person === undefined) {
      const reason = `bad_${list === 'leads' ? 'lead' : 'contact'}`;
      rejected.push({ line: before + place + 1, reason, source: 'customers' });
      return [];
    }
    const into = partOf(person);
    if (into !== undefined) merged.push({ from: person.Id, into });
    // Whoever was deleted stays known here: that a record was tidied away is no wish to be forgotten.
    return person.IsDeleted || person.IsConverted ? [] : [toPerson(person)];
  });
  return { customers, rejected, merged };
}

async function ordersOf(
  { client, currency }: Reader,
  rows: Row[],
  before: number,
): Promise<Pick<PullBatch, 'orderLines' | 'rejected'>> {
  const read = rows.map((row) => readOrder(row));
  const roles = await rolesFor(client, read);
  const rejected: RejectedRow[] = [];
  const orderLines: SourceOrderLine[] = [];
  read.forEach((row, place) => {
    const line = before + place + 1;
    const one = row
      ? toOrder(row, row.ContactId ?? roles.get(row.Id), { currency, line })
      : { line, reason: 'bad_date', source: 'orders' as const };
    if ('reason' in one) rejected.push(one);
    else orderLines.push(one);
  });
  return { orderLines, rejected };
}

/** Opportunity.ContactId is the primary role's contact; where nobody is primary, the first who was put there. */
async function rolesFor(client: SalesforceClient, rows: (OrderRow | undefined)[]): Promise<Map<string, string>> {
  const roles = new Map<string, string>();
  const without = rows.flatMap((row) => (row && row.ContactId === undefined && !row.IsDeleted ? [row.Id] : []));
  for (let from = 0; from < without.length; from += ROLES) {
    let path: string | undefined = `/query?q=${encodeURIComponent(rolesOn(without.slice(from, from + ROLES)))}`;
    while (path !== undefined) {
      const answer: { records: Row[]; nextRecordsUrl?: string | undefined } = await client.ask(queryAnswer, {
        method: 'GET',
        path,
      });
      for (const { OpportunityId: order, ContactId: contact } of answer.records)
        if (typeof order === 'string' && typeof contact === 'string' && !roles.has(order)) roles.set(order, contact);
      path = answer.nextRecordsUrl?.replace(/^\/services\/data\/v[\d.]+/, '');
    }
  }
  return roles;
}
