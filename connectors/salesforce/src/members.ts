/**
 * What came of mails, on campaign members. Salesforce has a person once in a campaign and knows no upsert for members, so it is
 * looked up who is there: those are changed, the others are made. Two processes that make the same one at once meet Salesforce's
 * own rule, and the second finds it at its next try. Of several mails to one person the newest word stays.
 */
import type { TouchPayload, WriteBackResult } from '@rekindle/core';
import { createSOQL } from '@jsforce/jsforce-node/lib/soql-builder.js';
import { z } from 'zod';
import type { SalesforceClient } from './client.ts';
import { resultOf, writeAll, type Outgoing } from './collections.ts';
import { bareCampaign, memberFields } from './fields.ts';
import { queryAnswer, recordId } from './schema.ts';

export interface Touch {
  /** Row of the outbox */
  id: number;
  payload: TouchPayload;
}

const campaignRow = z.object({ Id: recordId, Rekindle_Campaign_Id__c: z.string() });
const memberRow = z.object({
  Id: recordId,
  CampaignId: recordId,
  ContactId: recordId.nullish(),
  LeadId: recordId.nullish(),
  Rekindle_Outcome_At__c: z.string().nullish(),
});
type Member = z.infer<typeof memberRow>;

const LEAD = '00Q';

export async function pushTouches(client: SalesforceClient, touches: Touch[]): Promise<WriteBackResult[]> {
  if (touches.length === 0) return [];
  const results: WriteBackResult[] = [];
  const campaigns = await findCampaigns(client, touches);
  const missing = new Map(
    touches
      .filter(({ payload }) => !campaigns.has(payload.campaignId))
      .map(({ payload }) => [payload.campaignId, payload]),
  );
  if (missing.size > 0) {
    const made = [...missing].map(([id, { campaignName }]) => ({
      fields: bareCampaign(id, campaignName),
      answers: [],
    }));
    await writeAll(client, 'Campaign', { kind: 'upsert', by: 'Rekindle_Campaign_Id__c' }, made);
    for (const [id, record] of await findCampaigns(client, touches)) campaigns.set(id, record);
  }
  const there = await findMembers(client, touches, campaigns);
  const changes = new Map<string, Outgoing & { at: Date }>();
  for (const { id, payload } of touches) {
    const campaign = campaigns.get(payload.campaignId);
    if (campaign === undefined) {
      results.push(
        resultOf(id, { ok: false, retryable: true, error: 'The campaign could not be made in Salesforce.' }),
      );
      continue;
    }
    const key = keyOf(campaign, payload.externalId);
    const member = there.get(key);
    const before = changes.get(key);
    const at = new Date(payload.at);
    const answers = [...(before?.answers ?? []), id];
    if (before && before.at > at) before.answers = answers;
    else if (member && new Date(member.Rekindle_Outcome_At__c ?? 0) > at) results.push(resultOf(id, { ok: true }));
    else changes.set(key, { ...outgoing(campaign, member, payload), answers, at });
  }
  const all = [...changes.values()];
  const known = all.filter((one) => one.id !== undefined);
  const fresh = all.filter((one) => one.id === undefined);
  results.push(...(await writeAll(client, 'CampaignMember', { kind: 'update' }, known)));
  results.push(...(await writeAll(client, 'CampaignMember', { kind: 'create' }, fresh)));
  return results;
}

function outgoing(campaign: string, member: Member | undefined, touch: TouchPayload): Omit<Outgoing, 'answers'> {
  const fields = memberFields(touch);
  if (member) return { id: member.Id, fields };
  const whom = touch.externalId.startsWith(LEAD) ? 'LeadId' : 'ContactId';
  return { fields: { CampaignId: campaign, [whom]: touch.externalId, ...fields } };
}

async function findCampaigns(client: SalesforceClient, touches: Touch[]): Promise<Map<string, string>> {
  const ids = [...new Set(touches.map(({ payload }) => payload.campaignId))];
  const rows = await findAll(client, campaignRow, {
    table: 'Campaign',
    fields: ['Id', 'Rekindle_Campaign_Id__c'],
    conditions: { Rekindle_Campaign_Id__c: { $in: ids } },
  });
  return new Map(rows.map((row) => [row.Rekindle_Campaign_Id__c, row.Id]));
}

async function findMembers(
  client: SalesforceClient,
  touches: Touch[],
  campaigns: ReadonlyMap<string, string>,
): Promise<Map<string, Member>> {
  const found = new Map<string, Member>();
  const people = [...new Set(touches.map(({ payload }) => payload.externalId))];
  const leads = people.filter((id) => id.startsWith(LEAD));
  const contacts = people.filter((id) => !id.startsWith(LEAD));
  for (const [field, ids] of [
    ['ContactId', contacts],
    ['LeadId', leads],
  ] as const) {
    if (ids.length === 0 || campaigns.size === 0) continue;
    const rows = await findAll(client, memberRow, {
      table: 'CampaignMember',
      fields: ['Id', 'CampaignId', 'ContactId', 'LeadId', 'Rekindle_Outcome_At__c'],
      conditions: { CampaignId: { $in: [...campaigns.values()] }, [field]: { $in: ids } },
    });
    for (const row of rows) found.set(keyOf(row.CampaignId, row[field] ?? ''), row);
  }
  return found;
}

async function findAll<T>(
  client: SalesforceClient,
  schema: z.ZodType<T>,
  query: Parameters<typeof createSOQL>[0],
): Promise<T[]> {
  const rows: T[] = [];
  let path: string | undefined = `/query?q=${encodeURIComponent(createSOQL(query))}`;
  while (path !== undefined) {
    const answer: z.infer<typeof queryAnswer> = await client.ask(queryAnswer, { method: 'GET', path });
    rows.push(...answer.records.map((record) => schema.parse(record)));
    path = answer.nextRecordsUrl?.replace(/^\/services\/data\/v[\d.]+/, '');
  }
  return rows;
}

/** Ids compare without the three characters that only guard their case. */
function keyOf(campaign: string, person: string): string {
  return `${campaign.slice(0, 15)} ${person.slice(0, 15)}`;
}
