/**
 * Consent → the person's status for our kind of mail. HubSpot lets nobody but the person herself undo a refusal, and neither do
 * we try to.
 */
import type { PublicUpdateSubscriptionStatusRequest } from '@hubspot/api-client/lib/codegen/communication_preferences/index.js';
import type { ConsentPayload, WriteBackResult } from '@rekindle/core';
import type { Ask } from './ask.ts';
import { isAboutContent, failed, refused, type PushContext, type Written } from './written.ts';
import { read } from './read.ts';
import { page } from './schema.ts';
import { optOutProperty } from './subscription.ts';

const MOST = 100;

export async function pushConsents(
  { ask, subscription }: PushContext,
  records: Written<ConsentPayload>[],
): Promise<WriteBackResult[]> {
  const subscriptionId = await subscription();
  const results: WriteBackResult[] = [];
  for (let start = 0; start < records.length; start += MOST) {
    const batch = records.slice(start, start + MOST);
    const people = await statuses(ask, batch, subscriptionId);
    for (const record of batch) results.push(await pushOne(ask, record, people.get(record.subjectId), subscriptionId));
  }
  return results;
}

interface Status {
  email: string;
  /** 'true' refused, 'false' subscribed, '' never said */
  optedOut: string;
}

async function statuses(
  ask: Ask,
  records: Written<ConsentPayload>[],
  subscriptionId: string,
): Promise<Map<string, Status>> {
  const optOut = optOutProperty(subscriptionId);
  const answer = await ask('reading contacts', ({ crm }) =>
    crm.contacts.batchApi.read({
      inputs: [...new Set(records.map((record) => record.subjectId))].map((id) => ({ id })),
      properties: ['email', 'hs_email_optout', optOut],
      propertiesWithHistory: [],
    }),
  );
  const { results } = read(page, answer);
  return new Map(
    results.map(({ id, properties }) => {
      const all = properties['hs_email_optout'] === 'true';
      return [id, { email: properties['email'] ?? '', optedOut: all ? 'true' : (properties[optOut] ?? '') }];
    }),
  );
}

async function pushOne(
  ask: Ask,
  record: Written<ConsentPayload>,
  status: Status | undefined,
  subscriptionId: string,
): Promise<WriteBackResult> {
  const { id, payload } = record;
  if (!status) return refused(id, 'HubSpot has no such contact any more');
  if (status.email === '') return refused(id, 'the contact has no e-mail address in HubSpot');
  const wanted = payload.state === 'unsubscribed' ? 'true' : 'false';
  if (status.optedOut === wanted) return { id, ok: true };
  if (status.optedOut === 'true')
    return refused(id, 'she refused in HubSpot, and HubSpot lets only herself take that back');
  const request: PublicUpdateSubscriptionStatusRequest = {
    emailAddress: status.email,
    subscriptionId,
    // The client names them by an enumeration whose values are these very words.
    legalBasis: 'CONSENT_WITH_NOTICE' as PublicUpdateSubscriptionStatusRequest['legalBasis'] & string,
    legalBasisExplanation: `Said in Rekindle (${payload.basis}) on ${payload.at.slice(0, 10)}.`,
  };
  try {
    await ask('writing consent', async ({ communicationPreferences: { statusApi } }) =>
      payload.state === 'unsubscribed' ? statusApi.unsubscribe(request) : statusApi.subscribe(request),
    );
    return { id, ok: true };
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    // HubSpot refuses to set what is set; an attempt whose answer was lost may have set it.
    const now = (await statuses(ask, [record], subscriptionId)).get(record.subjectId);
    return now?.optedOut === wanted ? { id, ok: true } : failed(id, error);
  }
}
