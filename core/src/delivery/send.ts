/**
 * One batch on its way, as the list of what happens to it:
 *
 *   1. claim      due messages become ours, under a lease and a fencing token
 *   2. check      once more, in the same transaction: may each of them still go?
 *   3. render     the mails, so that nothing stands between the record and the hand-over
 *   4. record     the attempt, committed before any byte leaves            (1-4: claim.ts, one transaction)
 *   5. look back  is it still ours, has nobody said no meanwhile?
 *   6. hand over  the request starts while whoever would say no waits      (5-6: one transaction)
 *   7. settle     accepted, refused or in doubt, where the token is still ours
 *
 * A killed worker leaves messages claimed; their lease runs out and they are in doubt (reconcile.ts). Nothing in doubt is
 * ever sent again.
 */
import { enterStart } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { MailBatch, SendResult } from '../ports.ts';
import { claimBatch, LEASE_MS, takeAs, type Desk } from './claim.ts';
import { add, type Batch, type Claimed } from './message.ts';
import { findStopped, readStanding, saveOutcome, type Outcome, type Stop } from './outcome.store.ts';
import { countBatch, heardProvider, mayAsk } from './pace/index.ts';
import { retryAt } from './retry.ts';

/** Requests that one refused batch may cost in the search for whom the provider will not have. */
const SPLITS = 100;

/**
 * `full`: sent, and as many as one request takes: there may be more. `idle`: nothing is due, or nothing of it may go now. `blocked`:
 * the provider says later.
 */
export type Sent = 'full' | 'sent' | 'idle' | 'blocked';

/** Claims the next batch of a store and hands it over. */
export async function sendNext(desk: Desk, storeId: string): Promise<Sent> {
  const { waitMs } = await mayAsk(desk.engine, storeId, desk.sense);
  if (waitMs > 0) {
    desk.waitMs = waitMs;
    return 'blocked';
  }
  const { found, batch, askFirst } = await desk.engine.database.inStore(storeId, (tx) => claimBatch(desk, tx));
  if (askFirst) return sendNext(desk, storeId);
  if (!batch) return found === 0 ? 'idle' : 'sent';
  const sent = await handOver(desk, storeId, batch, { left: SPLITS });
  return sent === 'sent' && found >= desk.engine.email.maximumBatch ? 'full' : sent;
}

async function handOver(desk: Desk, storeId: string, batch: Batch, splits: { left: number }): Promise<Sent> {
  const { engine, counts } = desk;
  const { ours, sending } = await engine.database.inStore(storeId, (tx) => start(desk, tx, batch));
  if (!sending) return 'sent';
  counts.batches++;
  const result = await sending;
  engine.meter?.count('provider_answers', { status: String(result.status ?? 'none') });
  await heardProvider(engine, storeId, desk.sense, result);
  if (result.outcome === 'refused' && !result.retryable && ours.messages.length > 1 && splits.left > 0)
    return splitUp(desk, storeId, ours, result, splits);
  await engine.database.inStore(storeId, (tx) => settle(desk, tx, ours, result));
  return result.outcome === 'refused' && result.retryable ? 'blocked' : 'sent';
}

/** Steps 5 and 6. The request is under way when this returns; the transaction ends without waiting for its answer. */
async function start(
  desk: Desk,
  tx: StoreTransaction,
  batch: Batch,
): Promise<{ ours: Batch; sending: Promise<SendResult> | undefined }> {
  const { clock } = desk.engine;
  await enterStart(tx, LEASE_MS);
  const now = clock.now();
  const { inTime, campaignState, topic } = await readStanding(tx, batch.attemptId, now);
  const stopped = inTime ? await findStopped(tx, batch.messages, { now, topic }) : new Map<string, Stop>();
  // Who slept since is late as well: the database may have let others in.
  if (!inTime || campaignState !== 'running' || clock.now() >= batch.leaseUntil) {
    await handBack(desk, tx, batch, batch.messages);
    return { ours: batch, sending: undefined };
  }
  const ours = stopped.size === 0 ? batch : await without(desk, tx, batch, stopped);
  return { ours, sending: ours.messages.length > 0 ? handToProvider(desk, ours.mail) : undefined };
}

/** Certainly unsent, for only the holder of the token sends: back in line, to be checked afresh. */
async function handBack(desk: Desk, tx: StoreTransaction, batch: Batch, late: Claimed[]): Promise<void> {
  const back = { ...UNSENT, state: 'scheduled', reason: null } as const;
  add(desk.counts, 'released', await saveOutcome(tx, batch, late, back, desk.engine.clock.now()));
}

/** The batch without those who said no since the claim, and without messages that are not what they were. */
async function without(desk: Desk, tx: StoreTransaction, batch: Batch, stopped: Map<string, Stop>): Promise<Batch> {
  let rest = batch;
  for (const [stop, ids] of Map.groupBy(stopped.keys(), (id) => stopped.get(id) ?? 'changed')) {
    const messages = rest.messages.filter(({ id }) => ids.includes(id));
    if (stop === 'changed') await handBack(desk, tx, rest, messages);
    else {
      const drop = { ...UNSENT, state: 'dropped', reason: stop } as const;
      add(desk.counts, 'dropped', await saveOutcome(tx, rest, messages, drop, desk.engine.clock.now()));
    }
    rest = only(rest, new Set(rest.messages.filter(({ id }) => !ids.includes(id)).map(({ id }) => id)));
  }
  return rest;
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
  const [first, second] = [batch.messages.slice(0, middle), batch.messages.slice(middle)];
  let last: Sent = 'sent';
  let rest = batch;
  for (const half of [first, second]) {
    splits.left--;
    const whole = rest;
    const again = await desk.engine.database.inStore(storeId, async (tx) => {
      const now = desk.engine.clock.now();
      const back = { ...refusedOutcome(refusal), state: 'scheduled', reason: null } as const;
      const ours = await saveOutcome(tx, whole, half, back, now);
      return last === 'blocked' || ours === 0 ? undefined : takeHalf(desk, tx, whole, half);
    });
    if (again) last = await handOver(desk, storeId, again, splits);
    rest = only(rest, new Set(second.map(({ id }) => id)));
  }
  return last;
}

async function takeHalf(desk: Desk, tx: StoreTransaction, batch: Batch, half: Claimed[]): Promise<Batch> {
  const claim = await takeAs(desk.engine, tx, batch.campaignId, half);
  const { mail } = only(batch, new Set(half.map((message) => message.id)));
  return { ...claim, mail: { ...mail, batchId: claim.attemptId } };
}

/** Step 7. */
async function settle(desk: Desk, tx: StoreTransaction, batch: Batch, result: SendResult): Promise<void> {
  const { counts, engine } = desk;
  const { messages } = batch;
  const now = engine.clock.now();
  engine.meter?.count('messages', { outcome: result.outcome }, messages.length);
  if (result.outcome === 'accepted')
    add(counts, 'accepted', await saveOutcome(tx, batch, messages, acceptedOutcome(result), now));
  else if (result.outcome === 'in_doubt')
    add(counts, 'inDoubt', await saveOutcome(tx, batch, messages, doubtOutcome(result), now));
  else if (!result.retryable)
    add(counts, 'refused', await saveOutcome(tx, batch, messages, refusedOutcome(result), now));
  else await putOff(desk, tx, batch, result, now);
  if (result.outcome !== 'refused') await countBatch(tx, batch.mail, now);
}

/** Refused for now: each goes again when its number of tries says, and when the provider said. */
async function putOff(
  { counts }: Desk,
  tx: StoreTransaction,
  batch: Batch,
  result: SendResult & { outcome: 'refused' },
  now: Date,
): Promise<void> {
  const outcome = refusedOutcome(result);
  let rest = batch.messages;
  for (const [token, tried] of Map.groupBy(batch.messages, (message) => message.token)) {
    const claim = { attemptId: batch.attemptId, messages: rest };
    const notBefore = retryAt(now, token, result.retryAfterSeconds);
    if (notBefore) {
      const later = { ...outcome, state: 'scheduled', reason: null, notBefore } as const;
      add(counts, 'retried', await saveOutcome(tx, claim, tried, later, now));
    } else
      add(counts, 'refused', await saveOutcome(tx, claim, tried, { ...outcome, reason: 'too_many_attempts' }, now));
    rest = rest.filter((message) => message.token !== token);
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
