/**
 * Between those who say no and mails that are about to start. Whoever records a refusal, pauses, erases or moves what is still to
 * go holds the starts of the store until the transaction ends; delivery looks once more while nobody does, and lets the request
 * start before anybody may again. So a mail either starts before the no is acknowledged, or sees it.
 *
 * One lock a store instead of one a person: a thousand rows held for a moment are a thousand rows written. Those who say no do
 * not wait for each other.
 */
import type { StoreTransaction } from '../database/connect.ts';

const LOCK = `hashtext('rekindle starts'), hashtext($1)`;

/** No mail of this store starts until this transaction ends. Before any row is locked: the order in which everybody waits. */
export async function holdStarts(tx: StoreTransaction): Promise<void> {
  await tx.run(`SELECT pg_advisory_xact_lock_shared(${LOCK})`, [tx.storeId]);
}

/**
 * The one that may start now, until this transaction ends. A process that falls asleep in it is thrown out by the database after
 * `longestMs`, for everybody waits for it; it must not start anything when it wakes later than that.
 */
export async function enterStart(tx: StoreTransaction, longestMs: number): Promise<void> {
  await tx.run(`SELECT set_config('idle_in_transaction_session_timeout', $2, true), pg_advisory_xact_lock(${LOCK})`, [
    tx.storeId,
    String(longestMs),
  ]);
}

/** Messages that somebody has claimed: theirs alone to change. A SELECT of ids; $1 is the store. */
export const UNDER_WAY = 'SELECT unnest(message_ids) FROM attempts WHERE store_id = $1 AND outcome IS NULL';
