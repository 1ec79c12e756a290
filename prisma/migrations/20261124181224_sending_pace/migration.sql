-- CreateTable
CREATE TABLE "send_hours" (
    "store_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "domain" TEXT NOT NULL,
    "mailbox" TEXT NOT NULL,
    "sent" INTEGER NOT NULL,

    CONSTRAINT "send_hours_pkey" PRIMARY KEY ("store_id","hour","domain","mailbox")
);

-- CreateTable
CREATE TABLE "sending_states" (
    "store_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'normal',
    "reason" JSONB,
    "since" TIMESTAMPTZ(3),
    "looked_at" TIMESTAMPTZ(3),
    "counted_from" TIMESTAMPTZ(3),
    "held_until" TIMESTAMPTZ(3),
    "held_reason" TEXT,
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "refilled_at" TIMESTAMPTZ(3),

    CONSTRAINT "sending_states_pkey" PRIMARY KEY ("store_id")
);

-- CreateTable
CREATE TABLE "mailbox_paces" (
    "store_id" UUID NOT NULL,
    "mailbox" TEXT NOT NULL,
    "per_second" DOUBLE PRECISION NOT NULL,
    "ceiling" DOUBLE PRECISION NOT NULL,
    "stepped_at" TIMESTAMPTZ(3) NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "refilled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mailbox_paces_pkey" PRIMARY KEY ("store_id","mailbox")
);

-- CreateTable
CREATE TABLE "provider_paces" (
    "provider" TEXT NOT NULL,
    "per_second" DOUBLE PRECISION,
    "ceiling" DOUBLE PRECISION,
    "stepped_at" TIMESTAMPTZ(3),
    "tokens" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "refilled_at" TIMESTAMPTZ(3),
    "blocked_until" TIMESTAMPTZ(3),

    CONSTRAINT "provider_paces_pkey" PRIMARY KEY ("provider")
);


SELECT rekindle_protect('send_hours');
SELECT rekindle_protect('sending_states');
SELECT rekindle_protect('mailbox_paces');

-- A provider's pace belongs to the account that all stores send through: no store and no person stands in it, and whoever
-- works for any of them may read and slow it.
ALTER TABLE provider_paces ENABLE ROW LEVEL SECURITY;
ALTER TABLE provider_paces FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON provider_paces
  USING (rekindle_store() IS NOT NULL OR rekindle_directory())
  WITH CHECK (rekindle_store() IS NOT NULL OR rekindle_directory());
GRANT SELECT, INSERT, UPDATE, DELETE ON provider_paces TO rekindle_app;

-- Complaints, bounces and deferrals are few, and are asked for often.
CREATE INDEX events_trouble ON events (store_id, at) WHERE kind IN ('bounce', 'complaint', 'deferred');
