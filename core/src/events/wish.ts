/**
 * A person says on our own pages that she wants no more mail, or wants it again. Committed before the page answers: no mail
 * to her starts after that. Only a POST comes here; looking at a page changes nothing (RFC 8058, section 3.1).
 */
import { resubscribe, unsubscribe } from '../consent/index.ts';
import type { Engine } from '../engine.ts';
import { applyEvents } from './apply.ts';
import { holdMessages } from './events.store.ts';
import { PUBLIC } from './hits.ts';
import { currentCustomer, loadRecipient, type Recipient } from './recipient.store.ts';

/** What a signed unsubscribe or preferences link names. */
export interface Addressee {
  storeId: string;
  messageId: string;
  customerId: string;
}

/** What the pages may know of who holds a link; undefined: there is no such person (any more). */
export function readRecipient(engine: Engine, link: Addressee): Promise<Recipient | undefined> {
  return engine.database.inStore(link.storeId, async (tx) =>
    loadRecipient(tx, engine.keys, await currentCustomer(tx, link.customerId)),
  );
}

/**
 * Records that she wants no more mail. Saying it twice is saying it once. Gives how things stand now; undefined where there
 * is no such person.
 * `via`: one_click is the mail program's button, page is ours, no_topics that she wants none of the topics, reply that she wrote so.
 */
export function recordUnsubscribe(
  engine: Engine,
  link: Addressee,
  via: 'one_click' | 'page' | 'no_topics' | 'reply',
): Promise<Recipient | undefined> {
  return engine.database.inStore(link.storeId, async (tx) => {
    await holdMessages(tx, [link.messageId]);
    const customerId = await currentCustomer(tx, link.customerId);
    const before = await loadRecipient(tx, engine.keys, customerId);
    if (before === undefined || before.state !== 'subscribed') return before;
    const at = engine.clock.now();
    await applyEvents(tx, engine.keys, PUBLIC, [
      {
        vendorEventId: `unsubscribe:${link.messageId}:${at.toISOString()}`,
        kind: 'unsubscribe',
        at,
        messageId: link.messageId,
        detail: { reason: via },
      },
    ]);
    // Holds where the message is gone, too: the link names the person.
    await unsubscribe(engine.keys, tx, { customerId, at, source: PUBLIC, evidence: { via } });
    return loadRecipient(tx, engine.keys, customerId);
  });
}

/** Records an express yes. An address that bounced or complained stays blocked. */
export function recordResubscribe(engine: Engine, link: Addressee): Promise<Recipient | undefined> {
  return engine.database.inStore(link.storeId, async (tx) => {
    await holdMessages(tx, [link.messageId]);
    const customerId = await currentCustomer(tx, link.customerId);
    const before = await loadRecipient(tx, engine.keys, customerId);
    if (before === undefined || before.state === 'subscribed') return before;
    await resubscribe(engine.keys, tx, { customerId, at: engine.clock.now(), source: PUBLIC });
    return loadRecipient(tx, engine.keys, customerId);
  });
}
