/**
 * Which stages have work, read from committed tables and nothing else. One statement a store; each part of it is an EXISTS
 * over an index, so that it may be asked every few seconds.
 */
import { UNDER_WAY } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { StageName } from '../cycle.ts';
import { waitsForMail } from '../scheduling/index.ts';
import { STAGE_LOCK, stageKeySql } from './runs.store.ts';

/**
 * What makes a stage due beside a failure or an interruption. `s` is the store, `r` the stage's last run (all null before
 * the first), $2 now.
 */
const WORK: Record<StageName, string> = {
  // A connection is new, or its time has come: the one it named, else every quarter of an hour.
  ingest: `EXISTS (SELECT FROM connections c WHERE c.store_id = s.id AND c.state <> 'disconnected'
    AND (r.stage IS NULL OR c.created_at > r.started_at
      OR c.next_pull_at <= $2 AND (c.last_pull_at IS NULL OR c.last_pull_at < c.next_pull_at)
      OR c.next_pull_at IS NULL AND r.finished_at <= $2::timestamptz - interval '15 minutes'))`,
  // Something new was bought, or the day is another: time alone makes a customer late. Not while an import is under way, nor
  // where one was broken off: half a history would make half of the people look lost.
  scoring: `s.data_version > 0
    AND NOT EXISTS (SELECT FROM stage_runs i WHERE i.store_id = s.id AND i.stage = 'ingest' AND i.state = 'running') AND (r.stage IS NULL OR r.input_version < s.data_version OR ${anotherDay()})`,
  segments: `s.score_version > 0 AND (r.stage IS NULL OR r.input_version < s.score_version
    OR EXISTS (SELECT FROM segments g WHERE g.store_id = s.id AND g.score_version <> s.score_version))`,
  campaigns: `coalesce(r.input_version, 0) < s.score_version
    AND EXISTS (SELECT FROM segments g WHERE g.store_id = s.id AND g.key = 'win-back' AND g.score_version = s.score_version)`,
  // New scores let people in; whoever is inside is looked after four times an hour, which is often enough for waits of days.
  journeys: `EXISTS (SELECT FROM segments g WHERE g.store_id = s.id AND g.key = 'slipping-away' AND g.score_version = s.score_version)
    AND (coalesce(r.input_version, 0) < s.score_version
      OR EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND c.journey_id IS NOT NULL AND c.state = 'running' AND c.approved_at >= r.started_at)
      OR (r.finished_at <= $2::timestamptz - interval '15 minutes' OR EXISTS (SELECT FROM campaigns c
          WHERE c.store_id = s.id AND c.journey_id IS NOT NULL AND c.state = 'cancelled' AND c.measure_until > r.started_at))
        AND EXISTS (SELECT FROM enrolments e WHERE e.store_id = s.id AND e.state = 'inside'
          AND e.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = s.id AND c.journey_id IS NOT NULL AND c.state IN ('running', 'cancelled'))))`,
  generation: `EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND c.state = 'draft')`,
  // Approved since, or let go on before anybody had a message.
  scheduling: `EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND c.state = 'running'
    AND c.journey_id IS NULL AND (r.stage IS NULL OR c.approved_at >= r.started_at
      OR NOT EXISTS (SELECT FROM messages m WHERE m.store_id = s.id AND m.campaign_id = c.id)
      -- Dealt day by day: another day has begun, and some mails wait for theirs.
      OR c.plan->>'dealing' <> 'even'
        AND floor(extract(epoch FROM $2::timestamptz - c.send_from) / 86400) > floor(extract(epoch FROM r.started_at - c.send_from) / 86400)
        AND EXISTS (SELECT FROM messages m WHERE m.store_id = s.id AND m.campaign_id = c.id AND m.state = 'planned')))
    -- Somebody has come to a mail of a journey.
    OR EXISTS (SELECT FROM enrolments e WHERE ${waitsForMail('s.id')}
      AND e.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = s.id AND c.state = 'running'))`,
  // A mail's time has come; a claim ran out; word of a mail in doubt came, or will not come; a campaign was cancelled, or its
  // last mail is out.
  // (CASE: a million mails of a paused campaign are not looked through where none is running.)
  // Nothing is sent while the sending domain does not pass (core/src/domain).
  delivery: `CASE WHEN EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND c.state = 'running')
        AND NOT EXISTS (SELECT FROM domain_checks d WHERE d.store_id = s.id AND d.holds)
        -- Nor by a store that may send nothing for now (core/src/delivery/pace).
        AND NOT EXISTS (SELECT FROM sending_states p WHERE p.store_id = s.id AND (p.state = 'stopped' OR p.held_until > $2))
      THEN EXISTS (SELECT FROM messages m WHERE m.store_id = s.id AND m.state = 'scheduled' AND m.scheduled_at <= $2
        AND (m.not_before IS NULL OR m.not_before <= $2)
        AND m.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = s.id AND c.state = 'running')
        AND m.id NOT IN (${UNDER_WAY}))
      ELSE false END
    OR EXISTS (SELECT FROM attempts a WHERE a.store_id = s.id AND a.outcome IS NULL AND a.lease_until <= $2)
    OR EXISTS (SELECT FROM messages m JOIN attempts a ON a.store_id = s.id AND a.id = m.attempt_id
      WHERE m.store_id = s.id AND m.state = 'in_doubt' AND (a.started_at <= $2::timestamptz - interval '24 hours'
        OR EXISTS (SELECT FROM events e WHERE e.store_id = s.id AND e.message_id = m.id)))
    OR EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND c.state = 'cancelled'
      AND EXISTS (SELECT FROM messages m WHERE m.store_id = s.id AND m.campaign_id = c.id AND m.state = 'scheduled'
        AND m.id NOT IN (${UNDER_WAY})))
    OR EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND c.state = 'running' AND c.journey_id IS NULL
      AND EXISTS (SELECT FROM messages m WHERE m.store_id = s.id AND m.campaign_id = c.id)
      AND NOT EXISTS (SELECT FROM messages m WHERE m.store_id = s.id AND m.campaign_id = c.id
        AND m.state IN ('planned', 'scheduled', 'in_doubt')))`,
  // One that could not be recorded is tried again every hour.
  events: `EXISTS (SELECT FROM webhook_inbox w WHERE w.store_id = s.id AND w.processed_at IS NULL
    AND (w.error IS NULL OR r.finished_at IS NULL OR r.finished_at < $2::timestamptz - interval '1 hour'))`,
  measurement: `EXISTS (SELECT FROM campaigns c WHERE c.store_id = s.id AND (c.state IN ('running', 'paused', 'measuring')
      OR c.journey_id IS NOT NULL AND c.state = 'cancelled' AND c.measure_until > r.started_at)
    AND c.approved_at < $2 AND (r.stage IS NULL OR r.input_version < s.data_version OR c.measure_until <= $2
      OR c.approved_at >= r.started_at OR ${anotherDay()}))`,
  // Once a day, when the day's scoring is done.
  insights: `s.score_version > 0 AND (r.stage IS NULL OR ${anotherDay()})
    AND EXISTS (SELECT FROM stage_runs i WHERE i.store_id = s.id AND i.stage = 'scoring' AND i.state = 'done'
      AND (i.finished_at AT TIME ZONE s.time_zone)::date >= ($2::timestamptz AT TIME ZONE s.time_zone)::date)`,
  // A week or a month of the store's calendar has ended since, and the day's findings are there.
  reports: `s.score_version > 0 AND (r.stage IS NULL OR ${anotherDay()})
    AND EXISTS (SELECT FROM stage_runs i WHERE i.store_id = s.id AND i.stage = 'insights' AND i.state = 'done'
      AND (i.finished_at AT TIME ZONE s.time_zone)::date >= ($2::timestamptz AT TIME ZONE s.time_zone)::date)`,
  // Consents change in ones and twos: they are looked for four times an hour.
  writeback: `EXISTS (SELECT FROM connections c WHERE c.store_id = s.id AND c.state <> 'disconnected')
    AND (r.stage IS NULL OR r.input_version < s.score_version OR r.finished_at < $2::timestamptz - interval '15 minutes'
      OR EXISTS (SELECT FROM write_backs b WHERE b.store_id = s.id AND b.state = 'pending' AND b.next_attempt_at <= $2)
      OR EXISTS (SELECT FROM measurements m WHERE m.store_id = s.id AND m.measured_at > r.started_at))`,
};

/** Whether the store's own day is another than that of the last run. */
function anotherDay(): string {
  return `(r.started_at AT TIME ZONE s.time_zone)::date < ($2::timestamptz AT TIME ZONE s.time_zone)::date`;
}

const STAGES_OF_WORK = Object.keys(WORK) as StageName[];

const SQL = `
  SELECT n.stage FROM stores s CROSS JOIN unnest($3::text[]) WITH ORDINALITY AS n(stage, place)
  LEFT JOIN LATERAL (SELECT * FROM stage_runs WHERE store_id = s.id AND stage_runs.stage = n.stage) r ON true
  WHERE s.id = $1::uuid
    -- Nobody is at it at this moment.
    AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND l.classid = ${String(STAGE_LOCK)} AND l.objid::bigint = ${stageKeySql('n.stage')}::bigint & 4294967295)
    AND CASE r.state
      -- It was begun, and whoever was at it is gone.
      WHEN 'running' THEN true
      WHEN 'failed' THEN r.retry_at <= $2::timestamptz
      ELSE CASE n.stage ${STAGES_OF_WORK.map((stage) => `WHEN '${stage}' THEN ${WORK[stage]}`).join('\n')} END
    END
  ORDER BY n.place`;

/** Stages of this store that have work at `now` and that nobody is at, in the order of the path. */
export async function stagesWithWork(
  tx: StoreTransaction,
  now: Date,
  order: readonly StageName[],
): Promise<StageName[]> {
  const rows = await tx.rows<{ stage: StageName }>(SQL, [tx.storeId, now, order]);
  return rows.map((row) => row.stage);
}
