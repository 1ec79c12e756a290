-- One attempt a request instead of one a message, with the claim and its lease in it: a message's own row is written when it is
-- planned and when it is known what became of it, and no more in between.

-- The owner may see all stores' rows for as long as this takes.
ALTER TABLE "attempts" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "messages" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "attempts" RENAME TO "single_attempts";
ALTER TABLE "single_attempts" RENAME CONSTRAINT "attempts_pkey" TO "single_attempts_pkey";

-- DropIndex
DROP INDEX "messages_store_id_state_scheduled_at_idx";

-- AlterTable
ALTER TABLE "messages" ADD COLUMN     "attempt_id" UUID;

-- CreateTable
CREATE TABLE "attempts" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "message_ids" UUID[],
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "status" INTEGER,
    "error" TEXT,
    "provider_message_id" TEXT,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("id")
);

-- What shared a request and came to the same end is one row; where one request came to several, the first keeps its id.
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
SELECT CASE WHEN row_number() OVER (PARTITION BY batch_id ORDER BY outcome NULLS FIRST, finished_at) = 1 THEN batch_id
    ELSE gen_random_uuid() END AS id, g.*
FROM (
  SELECT a.batch_id, a.store_id, m.campaign_id, a.provider, array_agg(a.message_id ORDER BY a.message_id) AS message_ids,
    array_agg(a.token ORDER BY a.message_id) AS tokens, coalesce(max(m.lease_until), min(a.started_at)) AS lease_until,
    min(a.started_at) AS started_at, a.finished_at, a.outcome, a.status, a.error, max(m.provider_message_id) AS provider_message_id
  FROM "single_attempts" a JOIN "messages" m ON m.id = a.message_id
  GROUP BY a.batch_id, a.store_id, m.campaign_id, a.provider, a.finished_at, a.outcome, a.status, a.error) g;

INSERT INTO "attempts" ("id", "store_id", "campaign_id", "provider", "message_ids", "lease_until", "started_at", "finished_at", "outcome",
  "status", "error", "provider_message_id")
SELECT id, store_id, campaign_id, provider, message_ids, lease_until, started_at, finished_at, outcome, status, error, provider_message_id
FROM moved;

UPDATE "messages" m SET
  state = CASE WHEN m.state = 'claimed' THEN 'scheduled' ELSE m.state END,
  token = CASE WHEN m.state = 'claimed' THEN m.token - 1 ELSE m.token END,
  attempt_id = CASE WHEN m.state = 'claimed' THEN NULL ELSE one.id END
FROM (SELECT id, unnest(message_ids) AS message_id, unnest(tokens) AS token FROM moved) one
WHERE m.id = one.message_id AND m.token = one.token;

DROP TABLE "single_attempts";

SELECT rekindle_protect('attempts');
ALTER TABLE "messages" FORCE ROW LEVEL SECURITY;

-- AlterTable
ALTER TABLE "messages" DROP COLUMN "lease_until",
DROP COLUMN "provider",
DROP COLUMN "provider_message_id";

-- CreateIndex
CREATE INDEX "attempts_store_id_campaign_id_started_at_idx" ON "attempts"("store_id", "campaign_id", "started_at");

-- What is under way, and what is still to go: a message that came to its end leaves the index for good.
CREATE INDEX "attempts_under_way" ON "attempts"("store_id") WHERE "outcome" IS NULL;
CREATE INDEX "messages_open" ON "messages"("store_id", "state", "scheduled_at", "id") WHERE "state" IN ('planned', 'scheduled', 'in_doubt');
CREATE INDEX "messages_in_doubt" ON "messages"("store_id") WHERE "state" = 'in_doubt' OR "state_reason" = 'in_doubt_expired';

-- A thousand random ids do not get smaller by being squeezed.
ALTER TABLE "attempts" ALTER COLUMN "message_ids" SET STORAGE EXTERNAL;

-- As before (20261124152500_pulse), by the new rows: what is under way is not due any more.
CREATE OR REPLACE FUNCTION rekindle_pulse(as_of timestamptz)
  RETURNS TABLE (stores bigint, due bigint, oldest_due timestamptz, in_doubt bigint, oldest_doubt timestamptz, inbox bigint,
    oldest_inbox timestamptz, write_backs bigint, oldest_write_back timestamptz, failing_stages bigint)
  LANGUAGE plpgsql AS $$
DECLARE
  one uuid;
  found record;
BEGIN
  stores := 0; due := 0; in_doubt := 0; inbox := 0; write_backs := 0; failing_stages := 0;
  FOR one IN SELECT s.id FROM stores s LOOP
    PERFORM set_config('app.store_id', one::text, true);
    SELECT count(*) AS n, min(m.scheduled_at) AS oldest INTO found FROM messages m
      WHERE m.store_id = one AND m.state = 'scheduled' AND m.scheduled_at <= as_of
        AND (m.not_before IS NULL OR m.not_before <= as_of)
        AND m.campaign_id IN (SELECT c.id FROM campaigns c WHERE c.store_id = one AND c.state = 'running')
        AND m.id NOT IN (SELECT unnest(a.message_ids) FROM attempts a WHERE a.store_id = one AND a.outcome IS NULL);
    due := due + found.n; oldest_due := least(oldest_due, found.oldest);
    SELECT count(*) AS n, min(a.started_at) AS oldest INTO found FROM messages m
      JOIN attempts a ON a.store_id = one AND a.id = m.attempt_id
      WHERE m.store_id = one AND m.state = 'in_doubt';
    in_doubt := in_doubt + found.n; oldest_doubt := least(oldest_doubt, found.oldest);
    SELECT count(*) AS n, min(w.received_at) AS oldest INTO found FROM webhook_inbox w
      WHERE w.store_id = one AND w.processed_at IS NULL;
    inbox := inbox + found.n; oldest_inbox := least(oldest_inbox, found.oldest);
    SELECT count(*) AS n, min(b.created_at) AS oldest INTO found FROM write_backs b
      WHERE b.store_id = one AND b.state = 'pending';
    write_backs := write_backs + found.n; oldest_write_back := least(oldest_write_back, found.oldest);
    SELECT count(*) AS n INTO found FROM stage_runs r WHERE r.store_id = one AND r.state = 'failed';
    failing_stages := failing_stages + found.n;
    stores := stores + 1;
  END LOOP;
  PERFORM set_config('app.store_id', '', true);
  RETURN NEXT;
END $$;
