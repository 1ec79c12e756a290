/** The three lists that are read, as SOQL: which object, which fields, which rows. */
import { SfDate } from '@jsforce/jsforce-node';
import { createSOQL } from '@jsforce/jsforce-node/lib/soql-builder.js';
import { OVERLAP_MS, type ListName } from './cursor.ts';

export const LIST_NAMES: readonly ListName[] = ['contacts', 'leads', 'orders'];

type Conditions = Record<string, unknown>[];

const PERSON = [
  'Id',
  'SystemModstamp',
  'CreatedDate',
  'FirstName',
  'LastName',
  'Email',
  'Phone',
  'MobilePhone',
  'HasOptedOutOfEmail',
  'EmailBouncedDate',
  'IsDeleted',
  'MasterRecordId',
];

const OBJECTS: Record<ListName, { table: string; fields: string[] }> = {
  contacts: { table: 'Contact', fields: [...PERSON, 'MailingCountry'] },
  leads: { table: 'Lead', fields: [...PERSON, 'Country', 'IsConverted', 'ConvertedContactId'] },
  orders: {
    table: 'Opportunity',
    fields: ['Id', 'SystemModstamp', 'Amount', 'CloseDate', 'ContactId', 'IsDeleted'],
  },
};

/** Rows in one answer of the query resource; Salesforce gives no more. */
export const QUERY_ROWS = 2000;

/** All there is. `until`: orders closed after this day are not there yet. */
export function everything(list: ListName, until: string | null, currencies: boolean): string {
  const { table, fields } = fieldsOf(list, currencies);
  const rows: Record<ListName, Conditions> = {
    contacts: [],
    // Who has been converted is read as the contact that she became.
    leads: [{ IsConverted: false }],
    orders: [{ IsWon: true }, ...closedBy(until)],
  };
  return createSOQL({ table, fields, conditions: rows[list] });
}

export interface Since {
  since: Date;
  /** Of the last pull and of this one: orders closed in between were there and had not been told */
  before: string | null;
  until: string | null;
  after?: { stamp: string; id: string } | undefined;
}

/** What was changed since, oldest change first, and what has come to be: one page. Asked of queryAll, so with the deleted. */
export function changed(list: ListName, since: Since, currencies: boolean): string {
  const { table, fields } = fieldsOf(list, currencies);
  const from = { SystemModstamp: { $gte: instant(new Date(since.since.getTime() - OVERLAP_MS)) } };
  const conditions: Conditions = [];
  if (list === 'orders') {
    conditions.push({ IsWon: true }, ...closedBy(since.until));
    conditions.push(since.before === null ? from : { $or: [from, { CloseDate: { $gt: day(since.before) } }] });
  } else conditions.push(from);
  if (since.after) {
    const { id } = since.after;
    const stamp = instant(new Date(since.after.stamp));
    conditions.push({
      $or: [{ SystemModstamp: { $gt: stamp } }, { $and: [{ SystemModstamp: stamp }, { Id: { $gt: id } }] }],
    });
  }
  return createSOQL({ table, fields, conditions, sort: { SystemModstamp: 1, Id: 1 }, limit: QUERY_ROWS });
}

/** Who stands on these opportunities, the primary one first. */
export function rolesOn(opportunities: string[]): string {
  return createSOQL({
    table: 'OpportunityContactRole',
    fields: ['OpportunityId', 'ContactId'],
    conditions: { OpportunityId: { $in: opportunities } },
    sort: [
      ['IsPrimary', 'DESC'],
      ['CreatedDate', 'ASC'],
      ['Id', 'ASC'],
    ],
  });
}

function fieldsOf(list: ListName, currencies: boolean): { table: string; fields: string[] } {
  const { table, fields } = OBJECTS[list];
  return { table, fields: list === 'orders' && currencies ? [...fields, 'CurrencyIsoCode'] : fields };
}

function closedBy(until: string | null): Conditions {
  return until === null ? [] : [{ CloseDate: { $lte: day(until) } }];
}

const instant = (at: Date): SfDate => SfDate.toDateTimeLiteral(at);
/** A day as it stands: jsforce's own conversion goes through the machine's time zone. */
const day = (text: string): SfDate => new SfDate(text);
