/**
 * One batch on its way, as the list of what happens to it:
 *
 *   1. claim      due messages become ours, under a lease and a fencing token
 *   2. check      once more, in the same transaction: may each of them still go?
 *   3. render     the mails, so that nothing stands between the record and the hand-over
 *   4. record     the attempt, committed before any byte leaves            (1-4: claim.ts, one transaction)
 *   5. look back  is it still ours, has nobody said no meanwhile?
 *   6. hand over  the request starts while 5 still holds the rows          (5-6: one transaction)
 *   7. settle     accepted, refused or in doubt, where the token is still ours
 *
 * A killed worker leaves messages claimed; their lease runs out and they are in doubt (reconcile.ts). Nothing in doubt is
 * ever sent again.
 */
import type { StoreTransaction } from '../database/connect.ts';
import type { MailBatch, SendResult } from '../ports.ts';
import { claimBatch, takeAs, type Desk } from './claim.ts';
import type { Batch, Claimed, DropReason } from './message.ts';
import { holdClaimed, saveOutcome, type Outcome } from './outcome.store.ts';
import { retryAt } from './retry.ts';

/** Requests that one refused batch may cost in the search for whom the provider will not have. */
const SPLITS = 100;

/** `idle`: nothing is due. `blocked`: the provider says later. */
export type Sent = 'sent' | 'idle' | 'blocked';

/** Claims the next batch of a store and hands it over. */
export async function sendNext(desk: Desk, storeId: string): Promise<Sent> {
  const { found, batch } = await desk.engine.database.inStore(storeId, (tx) => claimBatch(desk, tx));
  if (!batch) return found === 0 ? 'idle' : 'sent';
  return handOver(desk, storeId, batch, { left: SPLITS });
}

async function handOver(desk: Desk, storeId: string, batch: Batch, splits: { left: number }): Promise<Sent> {
  const { engine, counts } = desk;
  const { ours, sending } = await engine.database.inStore(storeId, (tx) => start(desk, tx, batch));
  if (!sending) return 'sent';
  counts.batches++;
  const result = await sending;
  engine.meter?.count('provider_answers', { status: String(result.status ?? 'none') });
  if (result.outcome === 'refused' && !result.retryable && ours.messages.length > 1 && splits.left > 0)
    return splitUp(desk, storeId, ours, result, splits);
  await engine.database.inStore(storeId, (tx) => settle(desk, tx, ours.messages, result));
  return result.outcome === 'refused' && result.retryable ? 'blocked' : 'sent';
}

/** Steps 5 and 6. The request is under way when this returns; the transaction ends without waiting for its answer. */
async function start(
  desk: Desk,
  tx: StoreTransaction,
  batch: Batch,
): Promise<{ ours: Batch; sending: Promise<SendResult> | undefined }> {
  const { engine, counts } = desk;
  const now = engine.clock.now();
  const standing = await holdClaimed(tx, batch.messages, now);
  const going = new Set<string>();
  const late: Claimed[] = [];
  const refused = new Map<DropReason, Claimed[]>();
  for (const message of batch.messages) {
    const stands = standing.get(message.id);
    if (!stands) continue;
    if (!stands.inTime || stands.campaignState !== 'running') late.push(message);
    else if (stands.refused) refused.set(stands.refused, [...(refused.get(stands.refused) ?? []), message]);
    else going.add(message.id);
  }
  // Certainly unsent, for only the holder of the token sends: back in line, to be checked afresh.
  counts.released += await saveOutcome(tx, late, { ...UNSENT, state: 'scheduled', reason: null }, now);
  for (const [reason, messages] of refused)
    counts.dropped += await saveOutcome(tx, messages, { ...UNSENT, state: 'dropped', reason }, now);
  const ours = only(batch, going);
  return { ours, sending: ours.messages.length > 0 ? handToProvider(desk, ours.mail) : undefined };
}

/** The provider's answer. An adapter that throws instead of answering leaves us in doubt, whatever it threw. */
function handToProvider({ engine }: Desk, mail: MailBatch): Promise<SendResult> {
  return engine.email.send(mail).catch((error: unknown): SendResult => {
    engine.log.error({ batchId: mail.batchId, err: error }, 'the provider failed without an answer');
    return { outcome: 'in_doubt', error: 'the provider failed without an answer' };
  });
}

/** Somebody in the batch is not wanted: each half goes by itself, until it is known who. */
async function splitUp(
  desk: Desk,
  storeId: string,
  batch: Batch,
  refusal: SendResult & { outcome: 'refused' },
  splits: { left: number },
): Promise<Sent> {
  const middle = Math.ceil(batch.messages.length / 2);
  let last: Sent = 'sent';
  for (const half of [batch.messages.slice(0, middle), batch.messages.slice(middle)]) {
    splits.left--;
    const again = await desk.engine.database.inStore(storeId, async (tx) => {
      const now = desk.engine.clock.now();
      await saveOutcome(tx, half, { ...refusedOutcome(refusal), state: 'scheduled', reason: null }, now);
      return last === 'blocked' ? undefined : takeHalf(desk, tx, batch, half);
    });
    if (again) last = await handOver(desk, storeId, again, splits);
  }
  return last;
}

async function takeHalf(desk: Desk, tx: StoreTransaction, batch: Batch, half: Claimed[]): Promise<Batch> {
  const { messages, batchId } = await takeAs(desk.engine, tx, half);
  const mine = only(batch, new Set(half.map((message) => message.id)));
  return { ...mine, messages, mail: { ...mine.mail, batchId } };
}

/** Step 7. */
async function settle(desk: Desk, tx: StoreTransaction, messages: Claimed[], result: SendResult): Promise<void> {
  const { counts, engine } = desk;
  const now = engine.clock.now();
  engine.meter?.count('messages', { outcome: result.outcome }, messages.length);
  if (result.outcome === 'accepted') counts.accepted += await saveOutcome(tx, messages, acceptedOutcome(result), now);
  else if (result.outcome === 'in_doubt') counts.inDoubt += await saveOutcome(tx, messages, doubtOutcome(result), now);
  else if (!result.retryable) counts.refused += await saveOutcome(tx, messages, refusedOutcome(result), now);
  else
    for (const [token, tried] of Map.groupBy(messages, (message) => message.token)) {
      const notBefore = retryAt(now, token, result.retryAfterSeconds);
      const outcome = refusedOutcome(result);
      if (!notBefore) counts.refused += await saveOutcome(tx, tried, { ...outcome, reason: 'too_many_attempts' }, now);
      else
        counts.retried += await saveOutcome(
          tx,
          tried,
          { ...outcome, state: 'scheduled', reason: null, notBefore },
          now,
        );
    }
}

const NOTHING = { reason: null, status: null, error: null, providerMessageId: null, notBefore: null };
const UNSENT = { ...NOTHING, attempt: 'not_sent' } as const;

function acceptedOutcome(result: SendResult & { outcome: 'accepted' }): Outcome {
  const { status, providerMessageId } = result;
  return { ...NOTHING, state: 'accepted', attempt: 'accepted', status, providerMessageId: providerMessageId ?? null };
}

function doubtOutcome(result: SendResult & { outcome: 'in_doubt' }): Outcome {
  return { ...NOTHING, state: 'in_doubt', attempt: 'in_doubt', status: result.status ?? null, error: result.error };
}

function refusedOutcome(result: SendResult & { outcome: 'refused' }): Outcome {
  const { status, error } = result;
  return { ...NOTHING, state: 'refused', attempt: 'refused', reason: 'provider_refused', status, error };
}

/** The batch without those that are not in `ids`. Messages and recipients stay in step. */
function only(batch: Batch, ids: Set<string>): Batch {
  if (batch.messages.every((message) => ids.has(message.id))) return batch;
  const recipients = batch.mail.recipients.filter((recipient) => ids.has(recipient.messageId));
  return {
    ...batch,
    messages: batch.messages.filter((message) => ids.has(message.id)),
    mail: { ...batch.mail, recipients },
  };
}
