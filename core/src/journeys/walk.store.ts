/**
 * People inside a journey take their steps, and leave. Set by set: each statement moves whoever stands at one step, under the
 * condition that she stands there, so that two workers at once, or one that was killed and runs again, move nobody twice.
 */
import type { StoreTransaction } from '../database/connect.ts';
import { dueAt, stepAfter, type JourneyDefinition, type JourneyStep } from './definition.ts';

export interface Walking {
  runId: string;
  definition: JourneyDefinition;
  segmentId: string;
  now: Date;
}

/** The person's reasons to leave, as SQL over an enrolment `e`; $3 is the segment, null where leaving it ends nothing. */
const WHY_LEAVE = `CASE
    WHEN NOT EXISTS (SELECT FROM customers c WHERE c.store_id = e.store_id AND c.id = e.customer_id) THEN 'erased'
    WHEN EXISTS (SELECT FROM customer_totals t WHERE t.store_id = e.store_id AND t.customer_id = e.customer_id
      AND t.last_order_at > e.entered_at) THEN 'ordered'
    WHEN EXISTS (SELECT FROM events v WHERE v.store_id = e.store_id AND v.customer_id = e.customer_id AND v.at > e.entered_at
      AND v.kind = 'reply') THEN 'replied'
    WHEN (SELECT k.state = 'unsubscribed' FROM consents k WHERE k.store_id = e.store_id AND k.customer_id = e.customer_id
      AND k.channel = 'email' ORDER BY k.at DESC, k.id DESC LIMIT 1) THEN 'unsubscribed'
    WHEN $3::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM segment_members g WHERE g.store_id = e.store_id AND g.segment_id = $3
      AND g.customer_id = e.customer_id) THEN 'left_segment'
  END`;

/** Lets go whoever has a reason to. */
export function leave(tx: StoreTransaction, { runId, definition, segmentId, now }: Walking): Promise<number> {
  return tx.run(
    `UPDATE enrolments n SET state = 'left', ended_at = $4, end_reason = w.why, due_at = NULL
     FROM (SELECT e.customer_id, e.occurrence, ${WHY_LEAVE} AS why FROM enrolments e
       WHERE e.store_id = $1 AND e.campaign_id = $2 AND e.state = 'inside') w
     WHERE n.store_id = $1 AND n.campaign_id = $2 AND n.customer_id = w.customer_id AND n.occurrence = w.occurrence
       AND n.state = 'inside' AND w.why IS NOT NULL`,
    [tx.storeId, runId, definition.leaveWithSegment ? segmentId : null, now],
  );
}

/** Everybody inside a journey that was stopped leaves it. */
export function leaveStopped(tx: StoreTransaction, runId: string, now: Date): Promise<number> {
  return tx.run(
    `UPDATE enrolments SET state = 'left', ended_at = $3, end_reason = 'stopped', due_at = NULL
     WHERE store_id = $1 AND campaign_id = $2 AND state = 'inside'`,
    [tx.storeId, runId, now],
  );
}

/** Moves everybody whose step is over, step by step in the order of the journey. */
export async function advance(tx: StoreTransaction, walking: Walking): Promise<{ moved: number; finished: number }> {
  const counts = { moved: 0, finished: 0 };
  for (const step of walking.definition.steps) {
    if (step.kind === 'mail') await leaveUnreachable(tx, walking, step);
    if (step.kind === 'check') await leaveAtCheck(tx, walking, step);
    const next = stepAfter(walking.definition, step.key);
    const moved = await goOn(tx, walking, { step, next });
    if (next) counts.moved += moved;
    else counts.finished += moved;
  }
  return counts;
}

/** States in which a message will not change any more by itself. */
const SETTLED = `('accepted', 'refused', 'dropped')`;
/** Why a mail never went that says: none will. */
const NEVER = `('no_email', 'bad_address', 'same_address', 'suppressed', 'consent_pending', 'no_consent', 'consent_expired', 'provider_refused',
  'too_many_attempts', 'asked_topic', 'provider_dropped', 'same_person', 'erased')`;

const ownMessage = (of: string): string =>
  `m.store_id = $1 AND m.campaign_id = $2 AND m.step = $3 AND m.customer_id = ${of}.customer_id AND m.occurrence = ${of}.occurrence`;

function goOn(
  tx: StoreTransaction,
  { runId, now }: Walking,
  { step, next }: { step: JourneyStep; next: JourneyStep | undefined },
): Promise<number> {
  // After a mail the wait counts from when it went.
  const from = step.kind === 'mail' ? `greatest(m.accepted_at, n.entered_at)` : '$4::timestamptz';
  const days = next?.kind === 'wait' ? next.days : 0;
  const due = next && dueAt(next, now) ? `coalesce(${from}, $4) + make_interval(days => $6::int)` : `NULL::timestamptz`;
  return tx.run(
    `UPDATE enrolments n SET step = coalesce($5, n.step), due_at = ${due},
       state = CASE WHEN $5::text IS NULL THEN 'finished' ELSE n.state END, ended_at = CASE WHEN $5::text IS NULL THEN $4::timestamptz END
     ${step.kind === 'mail' ? 'FROM messages m' : ''}
     WHERE n.store_id = $1 AND n.campaign_id = $2 AND n.state = 'inside' AND n.step = $3 AND $6::int >= 0
       AND ${step.kind === 'mail' ? `${ownMessage('n')} AND m.state IN ${SETTLED}` : 'n.due_at <= $4'}`,
    [tx.storeId, runId, step.key, now, next?.key ?? null, days],
  );
}

/** Whom a mail could not reach gets no further one. */
function leaveUnreachable(tx: StoreTransaction, { runId, now }: Walking, step: JourneyStep): Promise<number> {
  return tx.run(
    `UPDATE enrolments n SET state = 'left', ended_at = $4, end_reason = 'unreachable', due_at = NULL FROM messages m
     WHERE n.store_id = $1 AND n.campaign_id = $2 AND n.state = 'inside' AND n.step = $3 AND ${ownMessage('n')}
       AND (m.state IN ('refused', 'dropped') AND m.state_reason IN ${NEVER} OR m.bounced_at IS NOT NULL)`,
    [tx.storeId, runId, step.key, now],
  );
}

function leaveAtCheck(tx: StoreTransaction, { runId, now }: Walking, step: JourneyStep): Promise<number> {
  return tx.run(
    `UPDATE enrolments n SET state = 'left', ended_at = $4, end_reason = 'clicked', due_at = NULL
     WHERE n.store_id = $1 AND n.campaign_id = $2 AND n.state = 'inside' AND n.step = $3 AND n.due_at <= $4
       AND EXISTS (SELECT FROM messages m WHERE m.store_id = $1 AND m.campaign_id = $2 AND m.customer_id = n.customer_id
         AND m.occurrence = n.occurrence AND m.clicked_at IS NOT NULL)`,
    [tx.storeId, runId, step.key, now],
  );
}
