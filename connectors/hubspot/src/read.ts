/** The questions that a pull asks: each one request of HubSpot's client, its answer parsed. */
import type { Filter, PublicObjectSearchRequest } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import type { z } from 'zod';
import { fail } from '@rekindle/core';
import type { Ask } from './ask.ts';
import { CONTACT_PROPERTIES, DEAL_PROPERTIES, saysConsent, type ConsentTimes } from './map.ts';
import { associationPage, historyPage, page, searchPage, type HubSpotRecord } from './schema.ts';

export type What = 'contacts' | 'deals';

/** Rows in one page of a list, and in one search: the most that HubSpot gives. */
const PAGE = 100;
export const SEARCH_PAGE = 200;
/** A batch that asks for history holds half as many. */
const HISTORY_BATCH = 50;

/** The property that a row's last change stands in. */
export const CHANGED_AT: Record<What, string> = { contacts: 'lastmodifieddate', deals: 'hs_lastmodifieddate' };

export interface Page {
  rows: HubSpotRecord[];
  after: string | undefined;
}

export interface Question {
  filters: [property: string, operator: 'EQ' | 'GT' | 'GTE' | 'LTE', value: string][];
  sort: { property: string; descending?: boolean };
  limit: number;
}

export interface Reader {
  /** A page of all rows, in the order of their ids. */
  list(what: What, after: string | undefined): Promise<Page>;
  search(what: What, question: Question): Promise<{ rows: HubSpotRecord[]; total: number }>;
  /** Deal → contact; the first where there are several. */
  contactsOf(deals: HubSpotRecord[]): Promise<Map<string, string>>;
  /** Contact → when what consent hangs on was set. Asks only about those of whom anything was said. */
  consentTimes(contacts: HubSpotRecord[]): Promise<Map<string, ConsentTimes>>;
}

/** `optOut`: the property that holds whether a person refused our kind of mail. */
export function reader(ask: Ask, optOut: string): Reader {
  const properties: Record<What, string[]> = {
    contacts: [...CONTACT_PROPERTIES, optOut],
    deals: [...DEAL_PROPERTIES],
  };
  return {
    async list(what, after) {
      const answer = await ask(`listing ${what}`, ({ crm }) =>
        what === 'contacts'
          ? crm.contacts.basicApi.getPage(PAGE, after, properties.contacts)
          : crm.deals.basicApi.getPage(PAGE, after, properties.deals),
      );
      const { results, paging } = read(page, answer);
      return { rows: results, after: paging?.next?.after };
    },
    async search(what, { filters, sort, limit }) {
      const request: PublicObjectSearchRequest = {
        limit,
        properties: properties[what],
        sorts: [`${sort.descending === true ? '-' : ''}${sort.property}`],
        filterGroups: filters.length === 0 ? [] : [{ filters: filters.map(filterOf) }],
      };
      const answer = await ask(`searching ${what}`, ({ crm }) => crm[what].searchApi.doSearch(request));
      const { results, total } = read(searchPage, answer);
      return { rows: results, total };
    },
    async contactsOf(deals) {
      if (deals.length === 0) return new Map();
      const answer = await ask('reading whose deals they are', ({ crm }) =>
        crm.associations.v4.batchApi.getPage('deals', 'contacts', { inputs: deals.map(({ id }) => ({ id })) }),
      );
      const { results } = read(associationPage, answer);
      return new Map(results.flatMap(({ _from, to }) => (to[0] ? [[_from.id, to[0].toObjectId] as const] : [])));
    },
    async consentTimes(contacts) {
      const said = contacts.filter((contact) => saysConsent(contact, optOut));
      const times = new Map<string, ConsentTimes>();
      for (let start = 0; start < said.length; start += HISTORY_BATCH) {
        const answer = await ask('reading when consent was given', ({ crm }) =>
          crm.contacts.batchApi.read({
            inputs: said.slice(start, start + HISTORY_BATCH).map(({ id }) => ({ id })),
            properties: [],
            propertiesWithHistory: ['hs_email_optout', 'hs_legal_basis', optOut],
          }),
        );
        for (const { id, propertiesWithHistory = {} } of read(historyPage, answer).results)
          times.set(id, new Map(Object.entries(propertiesWithHistory).flatMap(newest)));
      }
      return times;
    },
  };
}

function newest([name, values]: [string, { timestamp: Date }[]]): [string, Date][] {
  const [last] = values.map(({ timestamp }) => timestamp).toSorted((a, b) => b.getTime() - a.getTime());
  return last ? [[name, last]] : [];
}

/** The client names operators by an enumeration whose values are these very words. */
function filterOf([propertyName, operator, value]: Question['filters'][number]): Filter {
  return { propertyName, operator: operator as Filter['operator'], value };
}

/** What of an answer is used. Throws `connector_refused` where it is not what HubSpot's answers are. */
export function read<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw fail('connector_refused', `HubSpot answered in a form that is not known (${where}).`);
}
