/**
 * The one recorder: events of any source into one history, with all their effects, in the caller's transaction. The row
 * that makes a copy recognisable and the effect are committed together or not at all.
 *
 * Locks messages, then customers, each by id, as everybody does.
 */
import { addressHash, holdStarts, recordConsent, suppress, type SuppressionReason } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Keys } from '../ports.ts';
import type { EventKind, IncomingEvent } from './event.ts';
import {
  addEvents,
  holdCustomers,
  holdMessages,
  lastYes,
  loadFacts,
  saveAgents,
  saveMoments,
  type StoredEvent,
} from './events.store.ts';
import { keepable } from './keepable.ts';
import { settleMessage } from './settle.ts';

export interface Applied {
  /** Events that were new */
  recorded: number;
  /** Copies of what was known */
  repeated: number;
  /** New ones about a message that we do not know; kept, without effect */
  unknown: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A year before and a day after now: a clock that is further off is not believed. */
const OLDEST_MS = 366 * 86_400_000;
const NEWEST_MS = 86_400_000;

/** Records events and what follows from them. Calling it again with the same events changes nothing. */
export async function applyEvents(
  tx: StoreTransaction,
  keys: Keys,
  source: string,
  events: readonly IncomingEvent[],
): Promise<Applied> {
  const distinct = [...new Map(events.map((event) => [event.vendorEventId, event])).values()];
  if (distinct.some(({ kind }) => WISHES[kind])) await holdStarts(tx);
  const ids = distinct.map((event) => event.messageId.toLowerCase()).filter((id) => UUID.test(id));
  const customerOf = new Map(
    (ids.length === 0 ? [] : await holdMessages(tx, [...new Set(ids)])).map((one) => [one.id, one.customerId]),
  );
  const stored = distinct.map((event) => store(event, customerOf));
  const added = await addEvents(tx, source, stored);
  const fresh = stored.filter((event) => added.has(event.vendorEventId));
  const touched = new Set(fresh.flatMap((event) => (moves(event) ? (event.knownMessageId ?? []) : [])));
  if (touched.size > 0) {
    await settleMessages(tx, [...touched]);
    await obey(tx, keys, source, fresh);
  }
  return {
    recorded: fresh.length,
    repeated: events.length - fresh.length,
    unknown: fresh.filter((event) => event.knownMessageId === null).length,
  };
}

/** What a provider tells of its own work is history only: nothing on a message's row follows from it. */
function moves(event: IncomingEvent): boolean {
  return event.kind !== 'processed' && event.kind !== 'deferred' && event.kind !== 'dropped';
}

/** Instants as far off as a broken clock are moved to the edge of what is believable. */
export function believable(at: Date, now: Date): Date {
  return new Date(Math.min(Math.max(at.getTime(), now.getTime() - OLDEST_MS), now.getTime() + NEWEST_MS));
}

function store(event: IncomingEvent, customerOf: Map<string, string>): StoredEvent {
  const id = event.messageId.toLowerCase();
  const customerId = customerOf.get(id);
  if (customerId !== undefined) return { ...event, customerId, knownMessageId: id };
  const unknownMessage = keepable(event.messageId);
  return { ...event, customerId: null, knownMessageId: null, detail: { ...event.detail, unknownMessage } };
}

/** Reads all that is known of the messages and brings robots and moments up to date with it. */
async function settleMessages(tx: StoreTransaction, messageIds: string[]): Promise<void> {
  const facts = await loadFacts(tx, messageIds);
  const settled = [...facts].map(([id, list]) => ({ id, list, ...settleMessage(list) }));
  await saveAgents(
    tx,
    settled.flatMap(({ list, agents }) =>
      list.flatMap((fact) => {
        const agent = agents.get(fact.id);
        return agent === undefined || agent === fact.agent ? [] : [[fact.id, agent] satisfies [number, typeof agent]];
      }),
    ),
  );
  await saveMoments(
    tx,
    settled.map(({ id, moments }) => [id, moments]),
  );
}

const WISHES: Partial<Record<EventKind, SuppressionReason>> = {
  unsubscribe: 'unsubscribed',
  complaint: 'complaint',
  bounce: 'hard_bounce',
};

/** What people asked for and what mailboxes said for good: consent and suppression. */
async function obey(tx: StoreTransaction, keys: Keys, source: string, fresh: StoredEvent[]): Promise<void> {
  const wishes = fresh.flatMap((event) => {
    const reason = WISHES[event.kind];
    if (reason === undefined || event.customerId === null) return [];
    if (event.kind === 'bounce' && event.detail.permanent !== true) return [];
    return [{ reason, at: event.at, customerId: event.customerId, messageId: event.knownMessageId, kind: event.kind }];
  });
  if (wishes.length === 0) return;
  const customerIds = [...new Set(wishes.map((wish) => wish.customerId))];
  const emails = await holdCustomers(tx, customerIds);
  const yes = await lastYes(tx, customerIds);
  await recordConsent(
    tx,
    wishes
      .filter((wish) => wish.reason !== 'hard_bounce')
      .map((wish) => ({
        customerId: wish.customerId,
        state: 'unsubscribed',
        basis: 'none',
        at: wish.at,
        source,
        evidence: { event: wish.kind, messageId: wish.messageId },
      })),
  );
  await suppress(
    tx,
    wishes.flatMap((wish) => {
      const email = emails.get(wish.customerId) ?? null;
      const overtaken = wish.reason === 'unsubscribed' && (yes.get(wish.customerId) ?? wish.at) > wish.at;
      // A no that was said before a later yes, and only arrives after it, is history.
      if (email === null || overtaken) return [];
      return [{ addressHash: addressHash(keys, tx.storeId, email), reason: wish.reason, at: wish.at, source }];
    }),
  );
}
