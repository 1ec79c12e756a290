/** Events and what they change, as sets: one webhook of a thousand events is a handful of statements. */
import { z } from 'zod';
import type { StoreTransaction } from '../database/connect.ts';
import type { Agent, EventKind, Fact, IncomingEvent, Moments } from './event.ts';

const detail = z
  .object({
    userAgent: z.string(),
    method: z.string(),
    link: z.string(),
    machine: z.boolean(),
    permanent: z.boolean(),
    reason: z.string(),
    unknownMessage: z.string(),
  })
  .partial();

/** A message that is there, with whom it is to. */
export interface KnownMessage {
  id: string;
  customerId: string;
}

/**
 * The messages among these ids, held until the transaction ends, so that two webhooks about one message settle it one
 * after the other. In the order of their ids: two transactions never wait for each other crosswise.
 */
export async function holdMessages(tx: StoreTransaction, ids: string[]): Promise<KnownMessage[]> {
  return tx.rows<KnownMessage>(
    `SELECT id, customer_id AS "customerId" FROM messages WHERE store_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
    [tx.storeId, ids],
  );
}

/** An event as it is stored: of a known message, or of none. */
export interface StoredEvent extends IncomingEvent {
  customerId: string | null;
  /** Null where we know no message of that name */
  knownMessageId: string | null;
}

/** Keeps what is new and gives the vendor ids of that; a copy changes nothing. */
export async function addEvents(tx: StoreTransaction, source: string, events: StoredEvent[]): Promise<Set<string>> {
  const rows = await tx.rows<{ vendor_event_id: string }>(
    `INSERT INTO events (store_id, source, vendor_event_id, kind, at, message_id, customer_id, detail)
     SELECT $1, $2, e.vendor_event_id, e.kind, e.at, e.message_id, e.customer_id, e.detail
     FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::uuid[], $8::jsonb[])
       AS e(vendor_event_id, kind, at, message_id, customer_id, detail)
     ORDER BY e.at, e.vendor_event_id
     ON CONFLICT (store_id, source, vendor_event_id) DO NOTHING
     RETURNING vendor_event_id`,
    [
      tx.storeId,
      source,
      events.map((event) => event.vendorEventId),
      events.map((event) => event.kind),
      events.map((event) => event.at),
      events.map((event) => event.knownMessageId),
      events.map((event) => event.customerId),
      events.map((event) => JSON.stringify(event.detail)),
    ],
  );
  return new Set(rows.map((row) => row.vendor_event_id));
}

/** Everything known of these messages, by message. */
export async function loadFacts(
  tx: StoreTransaction,
  messageIds: string[],
): Promise<Map<string, (Fact & { agent: Agent })[]>> {
  const rows = await tx.rows<{
    id: number;
    message_id: string;
    kind: EventKind;
    at: Date;
    agent: Agent;
    detail: unknown;
  }>(
    `SELECT id, message_id, kind, at, agent, detail FROM events
     WHERE store_id = $1 AND message_id = ANY($2::uuid[]) AND kind NOT IN ('processed', 'deferred', 'dropped')
     ORDER BY message_id, at, id`,
    [tx.storeId, messageIds],
  );
  const facts = new Map<string, (Fact & { agent: Agent })[]>();
  for (const row of rows) {
    const fact = { id: row.id, kind: row.kind, at: row.at, agent: row.agent, detail: detail.parse(row.detail) };
    const list = facts.get(row.message_id);
    if (list) list.push(fact);
    else facts.set(row.message_id, [fact]);
  }
  return facts;
}

/** Writes down who did what. */
export async function saveAgents(tx: StoreTransaction, agents: [id: number, agent: Agent][]): Promise<void> {
  if (agents.length === 0) return;
  await tx.run(
    `UPDATE events SET agent = a.agent FROM unnest($2::bigint[], $3::text[]) AS a(id, agent)
     WHERE events.store_id = $1 AND events.id = a.id`,
    [tx.storeId, agents.map(([id]) => id), agents.map(([, agent]) => agent)],
  );
}

/** Shows on the messages' rows what came of them. */
export async function saveMoments(
  tx: StoreTransaction,
  moments: [messageId: string, moments: Moments][],
): Promise<void> {
  await tx.run(
    `UPDATE messages m
     SET delivered_at = n.delivered, opened_at = n.opened, clicked_at = n.clicked, bounced_at = n.bounced,
       complained_at = n.complained, unsubscribed_at = n.unsubscribed
     FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[])
       AS n(id, delivered, opened, clicked, bounced, complained, unsubscribed)
     WHERE m.store_id = $1 AND m.id = n.id
       AND (m.delivered_at, m.opened_at, m.clicked_at, m.bounced_at, m.complained_at, m.unsubscribed_at)
         IS DISTINCT FROM (n.delivered, n.opened, n.clicked, n.bounced, n.complained, n.unsubscribed)`,
    [
      tx.storeId,
      moments.map(([id]) => id),
      moments.map(([, at]) => at.delivered),
      moments.map(([, at]) => at.opened),
      moments.map(([, at]) => at.clicked),
      moments.map(([, at]) => at.bounced),
      moments.map(([, at]) => at.complained),
      moments.map(([, at]) => at.unsubscribed),
    ],
  );
}

/** Customers with their address, held until the transaction ends. */
export async function holdCustomers(tx: StoreTransaction, ids: string[]): Promise<Map<string, string | null>> {
  const rows = await tx.rows<{ id: string; email: string | null }>(
    'SELECT id, email FROM customers WHERE store_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
    [tx.storeId, ids],
  );
  return new Map(rows.map((row) => [row.id, row.email]));
}

/** When each of these customers last said yes in so many words, where she did. */
export async function lastYes(tx: StoreTransaction, customerIds: string[]): Promise<Map<string, Date>> {
  const rows = await tx.rows<{ customer_id: string; at: Date }>(
    `SELECT customer_id, max(at) AS at FROM consents
     WHERE store_id = $1 AND customer_id = ANY($2::uuid[]) AND channel = 'email' AND state = 'subscribed' GROUP BY customer_id`,
    [tx.storeId, customerIds],
  );
  return new Map(rows.map((row) => [row.customer_id, row.at]));
}
