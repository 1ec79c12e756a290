/**
 * Somebody answers a mail. The address that it went to names the mail, and only we can have made it. A person's answer stops
 * what is still to go to her in the same campaign, and is kept for whoever answers it; one that says no more than "stop" is
 * taken at its word; a machine's is an event and no more. All of it in one transaction with the row that makes a copy recognisable.
 */
import { createHash } from 'node:crypto';
import { holdStarts } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import type { InboundMail, RawWebhook } from '../ports.ts';
import { uuidOf } from '../random.ts';
import {
  addReply,
  holdAnswered,
  kindOfReply,
  readReplyName,
  stopWaiting,
  storesBetween,
  writtenIn,
  type ReplyKind,
} from '../replies/index.ts';
import { applyEvents } from './apply.ts';
import { keepable } from './keepable.ts';

/** ignored: no address of ours, or a mail of somebody who is gone. */
export type Received = ReplyKind | 'repeated' | 'ignored';

/**
 * Takes a mail that came in. Throws `not_found` for a provider that takes in none, `unauthorised` for a wrong signature,
 * `bad_request` for what is no mail.
 */
export async function receiveReply(engine: Engine, vendor: string, raw: RawWebhook): Promise<Received> {
  if (vendor !== engine.email.name || engine.email.readInbound === undefined)
    throw fail('not_found', `No mail comes in through ${vendor}.`);
  const mail = engine.email.readInbound(raw, engine.clock.now());
  for (const address of mail.to) {
    const found = await findAnswered(engine, address);
    if (found) return engine.database.inStore(found.storeId, (tx) => record(engine, tx, vendor, found.messageId, mail));
  }
  return 'ignored';
}

async function findAnswered(
  engine: Engine,
  address: string,
): Promise<{ storeId: string; messageId: string } | undefined> {
  const read = readReplyName(engine.keys, address.slice(0, address.lastIndexOf('@')));
  if (!read) return undefined;
  const stores = await engine.database.inDirectory((tx) => storesBetween(tx, read.from, read.until));
  const storeId = stores.find((id) => read.isOf(id));
  return storeId === undefined ? undefined : { storeId, messageId: read.messageId };
}

async function record(
  engine: Engine,
  tx: StoreTransaction,
  vendor: string,
  messageId: string,
  mail: InboundMail,
): Promise<Received> {
  // Before any row, as everybody waits: a mail of the same campaign either starts before this, or sees the answer.
  await holdStarts(tx);
  const answered = await holdAnswered(tx, messageId);
  if (!answered) return 'ignored';
  const at = engine.clock.now();
  const text = writtenIn(mail.text);
  const kind = kindOfReply({ ...mail, text });
  const name = createHash('sha256').update(mail.id).digest('hex');
  const about = { at, messageId };
  const applied = await applyEvents(tx, engine.keys, vendor, [
    { ...about, vendorEventId: `reply:${name}`, kind: kind === 'auto' ? 'auto_reply' : 'reply', detail: {} },
    ...(kind === 'unsubscribe'
      ? [{ ...about, vendorEventId: `unsubscribe:${name}`, kind: 'unsubscribe' as const, detail: { reason: 'reply' } }]
      : []),
  ]);
  if (applied.recorded === 0) return 'repeated';
  engine.meter?.count('events', { kind: kind === 'auto' ? 'auto_reply' : 'reply' });
  if (kind === 'auto') return kind;
  await addReply(tx, engine.keys, {
    id: uuidOf('reply', tx.storeId, vendor, name),
    customerId: answered.customerId,
    campaignId: answered.campaignId,
    messageId,
    at,
    kind,
    subject: keepable(mail.subject),
    text: text.replaceAll('\0', ''),
  });
  if (kind === 'person') await stopWaiting(tx, messageId);
  return kind;
}
