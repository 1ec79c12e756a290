/**
 * What goes back: scores and consents onto contacts and leads, outcomes onto campaigns, touches onto campaign members. All of it
 * sets fields to values or finds what is there first, so saying it again changes nothing.
 */
import {
  consentPayload,
  outcomePayload,
  scorePayload,
  touchPayload,
  type WriteBack,
  type WriteBackKind,
  type WriteBackResult,
} from '@rekindle/core';
import { createSOQL } from '@jsforce/jsforce-node/lib/soql-builder.js';
import { z } from 'zod';
import type { SalesforceClient } from './client.ts';
import { COLLECTION, resultOf, writeAll, type Outgoing } from './collections.ts';
import { campaignFields, consentFields, scoreFields, type Fields } from './fields.ts';
import { pushTouches, type Touch } from './members.ts';
import { ownId, queryAnswer, recordId } from './schema.ts';

export const TAKES: readonly WriteBackKind[] = ['score', 'outcome', 'touch', 'consent'];

export interface PushOptions {
  client: SalesforceClient;
  now: Date;
  /** Whether the organisation has several currencies */
  severalCurrencies: () => Promise<boolean>;
}

const PEOPLE: Record<string, 'Contact' | 'Lead'> = { '003': 'Contact', '00Q': 'Lead' };

interface Sorted {
  people: { Contact: WriteBack[]; Lead: WriteBack[] };
  campaigns: WriteBack[];
  touches: Touch[];
  refused: WriteBackResult[];
}

/** In the order of the records. */
export async function pushSalesforce(options: PushOptions, records: WriteBack[]): Promise<WriteBackResult[]> {
  if (records.length === 0) return [];
  const { client } = options;
  const { people, campaigns, touches, refused } = sort(records);
  const results = [...refused];
  for (const object of ['Contact', 'Lead'] as const) {
    const outgoing = await peopleOut(options, object, people[object]);
    results.push(...(await writeAll(client, object, { kind: 'update' }, outgoing)));
  }
  const outcomes = await campaignsOut(options, campaigns);
  results.push(...(await writeAll(client, 'Campaign', { kind: 'upsert', by: 'Rekindle_Campaign_Id__c' }, outcomes)));
  results.push(...(await pushTouches(client, touches)));
  const byId = new Map(results.map((result) => [result.id, result]));
  return records.flatMap(({ id }) => byId.get(id) ?? []);
}

function sort(records: WriteBack[]): Sorted {
  const sorted: Sorted = { people: { Contact: [], Lead: [] }, campaigns: [], touches: [], refused: [] };
  for (const record of records) {
    const { id, kind, subjectId, payload } = record;
    if (kind === 'score' || kind === 'consent') {
      const object = recordId.safeParse(subjectId).success ? PEOPLE[subjectId.slice(0, 3)] : undefined;
      const schema = kind === 'score' ? scorePayload : consentPayload;
      if (object === undefined) sorted.refused.push(refuse(id, 'This is no contact and no lead of Salesforce.'));
      else if (!schema.safeParse(payload).success) sorted.refused.push(refuse(id, NOT_UNDERSTOOD));
      else sorted.people[object].push(record);
    } else if (kind === 'outcome') {
      const sound = ownId.safeParse(subjectId).success && outcomePayload.safeParse(payload).success;
      if (sound) sorted.campaigns.push(record);
      else sorted.refused.push(refuse(id, NOT_UNDERSTOOD));
    } else {
      const touch = touchPayload.safeParse(payload).data;
      if (touch && isWritable(touch)) sorted.touches.push({ id, payload: touch });
      else sorted.refused.push(refuse(id, NOT_UNDERSTOOD));
    }
  }
  return sorted;
}

const NOT_UNDERSTOOD = 'What was to be written back is incomplete.';

function isWritable(touch: Touch['payload']): boolean {
  return (
    PEOPLE[touch.externalId.slice(0, 3)] !== undefined &&
    recordId.safeParse(touch.externalId).success &&
    ownId.safeParse(touch.campaignId).success &&
    ownId.safeParse(touch.messageId).success
  );
}

function refuse(id: number, error: string): WriteBackResult {
  return resultOf(id, { ok: false, retryable: false, error });
}

/** One record a person: Salesforce refuses a call that names one twice. Later words stand over earlier ones. */
async function peopleOut(options: PushOptions, object: string, records: WriteBack[]): Promise<Outgoing[]> {
  if (records.length === 0) return [];
  const currencies = (await options.severalCurrencies())
    ? await currenciesOf(options.client, object, records)
    : undefined;
  const out = new Map<string, Outgoing>();
  for (const { id, kind, subjectId, payload } of records) {
    const fields: Fields =
      kind === 'consent'
        ? consentFields(consentPayload.parse(payload))
        : scoreFields(scorePayload.parse(payload), options.now, currencies && (currencies.get(keyOf(subjectId)) ?? ''));
    const before = out.get(keyOf(subjectId));
    out.set(keyOf(subjectId), {
      id: subjectId,
      fields: { ...before?.fields, ...fields },
      answers: [...(before?.answers ?? []), id],
    });
  }
  return [...out.values()];
}

const personCurrency = z.object({ Id: recordId, CurrencyIsoCode: z.string() });

/** In an organisation of several currencies a contact has one, and its amounts are read in it. */
async function currenciesOf(
  client: SalesforceClient,
  table: string,
  records: WriteBack[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const ids = [...new Set(records.filter(({ kind }) => kind === 'score').map(({ subjectId }) => subjectId))];
  for (let from = 0; from < ids.length; from += COLLECTION) {
    const conditions = { Id: { $in: ids.slice(from, from + COLLECTION) } };
    const query = createSOQL({ table, fields: ['Id', 'CurrencyIsoCode'], conditions });
    const path = `/query?q=${encodeURIComponent(query)}`;
    const answer = await client.ask(queryAnswer, { method: 'GET', path });
    for (const row of answer.records) {
      const { Id: id, CurrencyIsoCode: currency } = personCurrency.parse(row);
      found.set(keyOf(id), currency);
    }
  }
  return found;
}

function keyOf(id: string): string {
  return id.slice(0, 15);
}

async function campaignsOut(options: PushOptions, records: WriteBack[]): Promise<Outgoing[]> {
  if (records.length === 0) return [];
  const currencies = await options.severalCurrencies();
  const out = new Map<string, Outgoing>();
  for (const { id, subjectId, payload } of records)
    out.set(subjectId, {
      fields: campaignFields(subjectId, outcomePayload.parse(payload), currencies),
      answers: [...(out.get(subjectId)?.answers ?? []), id],
    });
  return [...out.values()];
}
