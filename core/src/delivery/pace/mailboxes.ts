/**
 * The pace towards each provider of mailboxes. One that puts mails off asks for patience ("deferred": greylisting, a full queue,
 * a sender it does not know): mails to it go at half the pace, then faster again; mails to everybody else are not touched.
 */
import type { StoreTransaction } from '../../database/connect.ts';
import { mailboxOf } from './mailbox.ts';
import {
  deferredSince,
  forgetMailboxPace,
  GROWTH,
  mailboxPaces,
  saveMailboxPace,
  sentByMailbox,
} from './mailboxes.store.ts';
import { paceAt, stepBack, take } from './rate.ts';

/** Deferrals of so long count. */
const SPAN_MS = 15 * 60_000;
/** One that puts off at least so many mails, and at least this share of the hour's, asks for patience. */
const LEAST = 10;
const SHARE = 0.05;
const HOUR_SECONDS = 3600;

export interface Placed<Item> {
  go: Item[];
  /** Over the pace: each with the instant at which it is its turn */
  wait: { item: Item; until: Date }[];
}

/** Of mails that would go now, those whose mailbox's provider takes them; in the order given. */
export async function withinMailboxes<Item>(
  tx: StoreTransaction,
  items: Item[],
  emailOf: (item: Item) => string,
  now: Date,
): Promise<Placed<Item>> {
  if ((await mailboxPaces(tx, { hold: false })).size === 0) return { go: items, wait: [] };
  const paces = await mailboxPaces(tx, { hold: true });
  const placed: Placed<Item> = { go: [], wait: [] };
  for (const [mailbox, group] of Map.groupBy(items, (item) => mailboxOf(emailOf(item)))) {
    const rate = paces.get(mailbox);
    const pace = rate && paceAt(rate, now);
    if (!rate || pace === null || pace === undefined) {
      placed.go.push(...group);
      continue;
    }
    const { granted, left } = take(rate, now, group.length);
    await saveMailboxPace(tx, mailbox, left);
    placed.go.push(...group.slice(0, granted));
    for (const [place, item] of group.slice(granted).entries())
      placed.wait.push({ item, until: new Date(now.getTime() + Math.ceil(((place + 1) / pace) * 1000)) });
  }
  return placed;
}

/** Looks who put mails off lately, slows down towards them, and forgets paces that were grown out of. */
export async function lookAtMailboxes(tx: StoreTransaction, now: Date): Promise<void> {
  const from = new Date(now.getTime() - SPAN_MS);
  const deferred = new Map<string, number>();
  for (const { email } of await deferredSince(tx, from))
    deferred.set(mailboxOf(email), (deferred.get(mailboxOf(email)) ?? 0) + 1);
  const paces = await mailboxPaces(tx, { hold: deferred.size > 0 });
  for (const [mailbox, rate] of paces) if (paceAt(rate, now) === null) await forgetMailboxPace(tx, mailbox);
  if (deferred.size === 0) return;
  const hourAgo = new Date(now.getTime() - HOUR_SECONDS * 1000);
  const sent = await sentByMailbox(tx, hourAgo);
  for (const [mailbox, count] of [...deferred].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const ofThem = sent.get(mailbox) ?? 0;
    const known = paces.get(mailbox);
    // One step for what was heard once: the next look at the same deferrals says nothing new.
    if (count < LEAST || count < SHARE * ofThem || (known && known.steppedAt > from)) continue;
    const seconds = HOUR_SECONDS + (hourAgo.getTime() % (HOUR_SECONDS * 1000)) / 1000;
    await saveMailboxPace(tx, mailbox, stepBack(known ?? null, now, { perSecond: ofThem / seconds, growth: GROWTH }));
  }
}
