/** What each topic tells. Bodies are those of Shopify's REST resources; what is not named here is not read. */
import { z } from 'zod';
import { fail } from '@rekindle/core';
import type { Happened } from './happened.ts';
import { toConsent } from './map.ts';
import { shortId } from './schema.ts';
import { customerRow, orderBody, orderRows } from './webhook-rows.ts';

const id = z.union([z.number().int(), z.string().min(1)]).transform(String);

const consentBody = z.object({
  customer_id: id,
  email_marketing_consent: z.object({
    state: z.string(),
    opt_in_level: z.string().nullish(),
    consent_updated_at: z.iso.datetime({ offset: true }).nullish(),
  }),
});
const mergeBody = z.object({
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
  status: z.string().optional(),
});
const complianceBody = z.object({ customer: z.object({ id, email: z.string().nullish() }) });

/** Topics that the app subscribes to, and what to make of their bodies. Compliance topics come without being subscribed to. */
const TOPICS: Record<string, (body: unknown) => Happened | undefined> = {
  'customers/create': (body) => ({ kind: 'rows', batch: { customers: [customerRow(body)], rowsRead: 1 } }),
  'customers/update': (body) => ({ kind: 'rows', batch: { customers: [customerRow(body)], rowsRead: 1 } }),
  'customers_email_marketing_consent/update': toldConsent,
  'customers/merge': merged,
  // A merge ends in a deletion too: who was deleted is not erased by it. Erasure has a topic of its own.
  'customers/delete': () => ({ kind: 'look' }),
  'orders/create': toldOrder,
  'orders/updated': toldOrder,
  'orders/paid': toldOrder,
  // It does not say whose order it was.
  'refunds/create': () => ({ kind: 'look' }),
  'bulk_operations/finish': () => ({ kind: 'look' }),
  'app/uninstalled': () => ({ kind: 'removed' }),
  'customers/redact'(body) {
    const { customer } = read(complianceBody, body);
    return { kind: 'erase_person', externalId: customer.id, email: customer.email ?? undefined };
  },
  'customers/data_request': (body) => ({
    kind: 'export_person',
    externalId: read(complianceBody, body).customer.id,
  }),
  'shop/redact': () => ({ kind: 'erase_account' }),
};

export const COMPLIANCE_TOPICS = ['customers/data_request', 'customers/redact', 'shop/redact'];
export const SUBSCRIBED_TOPICS = Object.keys(TOPICS).filter((topic) => !COMPLIANCE_TOPICS.includes(topic));

/** Undefined: nothing that concerns us. Throws `bad_request`. */
export function whatHappened(topic: string, body: unknown): Happened | undefined {
  return Object.hasOwn(TOPICS, topic) ? TOPICS[topic]?.(body) : undefined;
}

function toldConsent(body: unknown): Happened {
  const { customer_id: externalId, email_marketing_consent: told } = read(consentBody, body);
  // Without its time a wish cannot be told from an older one.
  const at = told.consent_updated_at;
  const consent = at ? toConsent(told.state, told.opt_in_level ?? null, at) : undefined;
  if (!consent) return { kind: 'look' };
  return { kind: 'rows', batch: { customers: [{ externalId, consent }], rowsRead: 1 } };
}

function merged(body: unknown): Happened | undefined {
  const told = read(mergeBody, body);
  if (told.status !== undefined && told.status !== 'completed') return undefined;
  const [from, into] = [told.admin_graphql_api_customer_deleted_id, told.admin_graphql_api_customer_kept_id].map(
    shortId,
  );
  return { kind: 'merged', from: from ?? '', into: into ?? '' };
}

function toldOrder(body: unknown): Happened | undefined {
  return orderRows(read(orderBody, body));
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail('bad_request', `The webhook’s body has an unknown form at ${issue?.path.join('.') ?? ''}.`);
}
