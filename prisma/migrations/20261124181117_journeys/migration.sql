-- DropIndex
DROP INDEX "variants_campaign_id_key_language_key";

-- AlterTable
ALTER TABLE "journeys" DROP COLUMN "state";

-- AlterTable
ALTER TABLE "variants" ADD COLUMN     "step" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "enrolments" (
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "occurrence" INTEGER NOT NULL,
    "arm" TEXT NOT NULL,
    "reason" TEXT,
    "draw" DOUBLE PRECISION NOT NULL,
    "variant_key" TEXT,
    "score_version" INTEGER NOT NULL,
    "pre_revenue" BIGINT NOT NULL DEFAULT 0,
    "pre_orders" INTEGER NOT NULL DEFAULT 0,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,
    "orders" INTEGER NOT NULL DEFAULT 0,
    "revenue" BIGINT NOT NULL DEFAULT 0,
    "first_order_at" TIMESTAMPTZ(3),

    CONSTRAINT "enrolments_pkey" PRIMARY KEY ("campaign_id","customer_id","occurrence")
);

-- CreateIndex
CREATE INDEX "enrolments_store_id_customer_id_idx" ON "enrolments"("store_id", "customer_id");

-- CreateIndex
CREATE INDEX "enrolments_store_id_state_due_at_idx" ON "enrolments"("store_id", "state", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "variants_campaign_id_step_key_language_key" ON "variants"("campaign_id", "step", "key", "language");


SELECT rekindle_protect('enrolments');

-- Journeys let people in by the thousand.
CREATE OR REPLACE FUNCTION rekindle_analyze(names text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY names LOOP
    IF name NOT IN ('customers', 'identities', 'consents', 'orders', 'order_lines', 'customer_totals', 'scores',
      'segment_members', 'holdouts', 'messages', 'enrolments') THEN
      RAISE EXCEPTION 'no stage fills % in bulk', name;
    END IF;
    EXECUTE format('ANALYZE %I', name);
  END LOOP;
END $$;

