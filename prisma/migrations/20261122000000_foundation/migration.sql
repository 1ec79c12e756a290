-- The whole model. Tables from prisma/schema (npm run migration), protection below.

-- CreateTable
CREATE TABLE "organisations" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stores" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "time_zone" TEXT NOT NULL,
    "country" CHAR(2) NOT NULL,
    "language" TEXT NOT NULL,
    "website" TEXT NOT NULL DEFAULT '',
    "sender_name" TEXT NOT NULL,
    "sender_email" TEXT NOT NULL,
    "reply_to" TEXT NOT NULL DEFAULT '',
    "postal_address" TEXT NOT NULL,
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "draw_key" TEXT NOT NULL,
    "control_share" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "data_version" INTEGER NOT NULL DEFAULT 0,
    "score_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stores_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "organisation_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "connections" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'connected',
    "credentials" BYTEA,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "cursor" JSONB,
    "progress" INTEGER NOT NULL DEFAULT 0,
    "last_pull_at" TIMESTAMPTZ(3),
    "next_pull_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connections_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage_runs" (
    "store_id" UUID NOT NULL,
    "stage" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "input_version" INTEGER NOT NULL DEFAULT 0,
    "report" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,

    CONSTRAINT "stage_runs_pkey" PRIMARY KEY ("store_id","stage")
);

-- CreateTable
CREATE TABLE "journeys" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "journeys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaigns" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "segment_id" UUID NOT NULL,
    "journey_id" UUID,
    "state" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "holdout_share" DOUBLE PRECISION NOT NULL,
    "score_version" INTEGER NOT NULL,
    "funnel" JSONB NOT NULL DEFAULT '{}',
    "planned_at" TIMESTAMPTZ(3) NOT NULL,
    "approved_at" TIMESTAMPTZ(3),
    "approved_by" TEXT,
    "send_from" TIMESTAMPTZ(3),
    "send_until" TIMESTAMPTZ(3),
    "measure_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "variants" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "weight" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "subject" TEXT NOT NULL,
    "preheader" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "html" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "writer" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "variants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "holdouts" (
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "arm" TEXT NOT NULL,
    "reason" TEXT,
    "draw" DOUBLE PRECISION NOT NULL,
    "variant_key" TEXT,
    "pre_revenue" BIGINT NOT NULL DEFAULT 0,
    "pre_orders" INTEGER NOT NULL DEFAULT 0,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "holdouts_pkey" PRIMARY KEY ("campaign_id","customer_id")
);

-- CreateTable
CREATE TABLE "customers" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "first_name" TEXT,
    "last_name" TEXT,
    "language" TEXT,
    "country" CHAR(2),
    "time_zone" TEXT,
    "time_zone_source" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identities" (
    "store_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "customer_id" UUID NOT NULL,

    CONSTRAINT "identities_pkey" PRIMARY KEY ("store_id","platform","external_id")
);

-- CreateTable
CREATE TABLE "customer_totals" (
    "store_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "purchase_days" INTEGER NOT NULL,
    "orders" INTEGER NOT NULL,
    "revenue" BIGINT NOT NULL,
    "first_order_at" TIMESTAMPTZ(3) NOT NULL,
    "last_order_at" TIMESTAMPTZ(3) NOT NULL,
    "repeat_revenue" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "customer_totals_pkey" PRIMARY KEY ("store_id","customer_id")
);

-- CreateTable
CREATE TABLE "consents" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "channel" TEXT NOT NULL DEFAULT 'email',
    "state" TEXT NOT NULL,
    "basis" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "evidence" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "consents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "store_id" UUID NOT NULL,
    "address_hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("store_id","address_hash")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "step" TEXT NOT NULL DEFAULT '',
    "customer_id" UUID NOT NULL,
    "occurrence" INTEGER NOT NULL DEFAULT 1,
    "variant_id" UUID NOT NULL,
    "message_class" TEXT NOT NULL DEFAULT 'marketing',
    "state" TEXT NOT NULL,
    "state_reason" TEXT,
    "scheduled_at" TIMESTAMPTZ(3),
    "time_zone" TEXT,
    "hour_source" TEXT,
    "local_hour" INTEGER,
    "token" INTEGER NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3),
    "accepted_at" TIMESTAMPTZ(3),
    "provider" TEXT,
    "provider_message_id" TEXT,
    "delivered_at" TIMESTAMPTZ(3),
    "opened_at" TIMESTAMPTZ(3),
    "clicked_at" TIMESTAMPTZ(3),
    "bounced_at" TIMESTAMPTZ(3),
    "complained_at" TIMESTAMPTZ(3),
    "unsubscribed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attempts" (
    "message_id" UUID NOT NULL,
    "token" INTEGER NOT NULL,
    "store_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "batch_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "outcome" TEXT,
    "status" INTEGER,
    "error" TEXT,

    CONSTRAINT "attempts_pkey" PRIMARY KEY ("message_id","token")
);

-- CreateTable
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "vendor_event_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "message_id" UUID,
    "customer_id" UUID,
    "agent" TEXT NOT NULL DEFAULT 'unknown',
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_inbox" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "vendor_event_id" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "body" BYTEA NOT NULL,
    "processed_at" TIMESTAMPTZ(3),
    "error" TEXT,

    CONSTRAINT "webhook_inbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outcomes" (
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "arm" TEXT NOT NULL,
    "orders" INTEGER NOT NULL DEFAULT 0,
    "revenue" BIGINT NOT NULL DEFAULT 0,
    "first_order_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outcomes_pkey" PRIMARY KEY ("campaign_id","customer_id")
);

-- CreateTable
CREATE TABLE "measurements" (
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "metric" TEXT NOT NULL,
    "measured_at" TIMESTAMPTZ(3) NOT NULL,
    "treated" INTEGER NOT NULL,
    "holdout" INTEGER NOT NULL,
    "treated_mean" DOUBLE PRECISION NOT NULL,
    "holdout_mean" DOUBLE PRECISION NOT NULL,
    "estimate" DOUBLE PRECISION NOT NULL,
    "low" DOUBLE PRECISION NOT NULL,
    "high" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "p_value" DOUBLE PRECISION NOT NULL,
    "verdict" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "measurements_pkey" PRIMARY KEY ("campaign_id","metric","measured_at")
);

-- CreateTable
CREATE TABLE "products" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "image_url" TEXT,
    "url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "orders" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'sale',
    "ordered_at" TIMESTAMPTZ(3) NOT NULL,
    "amount" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,

    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "order_lines" (
    "store_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "product_id" UUID,
    "quantity" INTEGER NOT NULL,
    "amount" BIGINT NOT NULL,

    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("order_id","line")
);

-- CreateTable
CREATE TABLE "imports" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "connection_id" UUID,
    "source" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "rows_read" INTEGER NOT NULL DEFAULT 0,
    "customers" INTEGER NOT NULL DEFAULT 0,
    "orders" INTEGER NOT NULL DEFAULT 0,
    "rejected" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rejected_rows" (
    "store_id" UUID NOT NULL,
    "import_id" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "rejected_rows_pkey" PRIMARY KEY ("import_id","line")
);

-- CreateTable
CREATE TABLE "models" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "fitted_at" TIMESTAMPTZ(3) NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "customers" INTEGER NOT NULL,
    "parameters" JSONB NOT NULL,
    "standard_errors" JSONB NOT NULL,
    "log_likelihood" DOUBLE PRECISION NOT NULL,
    "converged" BOOLEAN NOT NULL,
    "warnings" JSONB NOT NULL,
    "holdout" JSONB,

    CONSTRAINT "models_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "score_runs" (
    "store_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "model_id" UUID,
    "spend_model_id" UUID,
    "method" TEXT NOT NULL,
    "reason" TEXT,
    "customers" INTEGER NOT NULL,
    "data_version" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "score_runs_pkey" PRIMARY KEY ("store_id","version")
);

-- CreateTable
CREATE TABLE "scores" (
    "store_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "customer_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "p_alive" DOUBLE PRECISION,
    "p_return_90" DOUBLE PRECISION,
    "expected_orders_90" DOUBLE PRECISION,
    "expected_orders_365" DOUBLE PRECISION,
    "expected_value_90" BIGINT,
    "expected_value_365" BIGINT,
    "value_at_risk" BIGINT,
    "usual_interval_days" DOUBLE PRECISION,
    "days_since_last" DOUBLE PRECISION NOT NULL,
    "next_order_at" TIMESTAMPTZ(3),
    "next_order_low" TIMESTAMPTZ(3),
    "next_order_high" TIMESTAMPTZ(3),
    "life_stage" TEXT NOT NULL,
    "best_hour" INTEGER,
    "reasons" JSONB NOT NULL,

    CONSTRAINT "scores_pkey" PRIMARY KEY ("store_id","version","customer_id")
);

-- CreateTable
CREATE TABLE "segments" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rule" JSONB NOT NULL,
    "built_in" BOOLEAN NOT NULL DEFAULT false,
    "members" INTEGER NOT NULL DEFAULT 0,
    "score_version" INTEGER NOT NULL DEFAULT 0,
    "refreshed_at" TIMESTAMPTZ(3),

    CONSTRAINT "segments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segment_members" (
    "store_id" UUID NOT NULL,
    "segment_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "segment_members_pkey" PRIMARY KEY ("segment_id","customer_id")
);

-- CreateTable
CREATE TABLE "write_backs" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "write_backs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "stores_organisation_id_idx" ON "stores"("organisation_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_organisation_id_email_key" ON "users"("organisation_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "connections_store_id_platform_account_key" ON "connections"("store_id", "platform", "account");

-- CreateIndex
CREATE INDEX "audit_entries_store_id_at_idx" ON "audit_entries"("store_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "journeys_store_id_key_key" ON "journeys"("store_id", "key");

-- CreateIndex
CREATE INDEX "campaigns_store_id_state_idx" ON "campaigns"("store_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "campaigns_store_id_key_key" ON "campaigns"("store_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "variants_campaign_id_key_language_key" ON "variants"("campaign_id", "key", "language");

-- CreateIndex
CREATE INDEX "holdouts_store_id_customer_id_idx" ON "holdouts"("store_id", "customer_id");

-- CreateIndex
CREATE INDEX "customers_store_id_email_idx" ON "customers"("store_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "customers_store_id_key_key" ON "customers"("store_id", "key");

-- CreateIndex
CREATE INDEX "identities_customer_id_idx" ON "identities"("customer_id");

-- CreateIndex
CREATE INDEX "customer_totals_store_id_last_order_at_idx" ON "customer_totals"("store_id", "last_order_at");

-- CreateIndex
CREATE UNIQUE INDEX "consents_store_id_customer_id_channel_at_source_state_key" ON "consents"("store_id", "customer_id", "channel", "at", "source", "state");

-- CreateIndex
CREATE INDEX "messages_store_id_state_scheduled_at_idx" ON "messages"("store_id", "state", "scheduled_at");

-- CreateIndex
CREATE INDEX "messages_store_id_customer_id_idx" ON "messages"("store_id", "customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "messages_store_id_campaign_id_step_customer_id_occurrence_key" ON "messages"("store_id", "campaign_id", "step", "customer_id", "occurrence");

-- CreateIndex
CREATE INDEX "attempts_store_id_batch_id_idx" ON "attempts"("store_id", "batch_id");

-- CreateIndex
CREATE INDEX "events_store_id_message_id_idx" ON "events"("store_id", "message_id");

-- CreateIndex
CREATE INDEX "events_store_id_customer_id_at_idx" ON "events"("store_id", "customer_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "events_store_id_source_vendor_event_id_key" ON "events"("store_id", "source", "vendor_event_id");

-- CreateIndex
CREATE INDEX "webhook_inbox_store_id_processed_at_idx" ON "webhook_inbox"("store_id", "processed_at");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_inbox_store_id_source_vendor_event_id_key" ON "webhook_inbox"("store_id", "source", "vendor_event_id");

-- CreateIndex
CREATE INDEX "outcomes_store_id_campaign_id_idx" ON "outcomes"("store_id", "campaign_id");

-- CreateIndex
CREATE INDEX "measurements_store_id_measured_at_idx" ON "measurements"("store_id", "measured_at");

-- CreateIndex
CREATE UNIQUE INDEX "products_store_id_platform_external_id_key" ON "products"("store_id", "platform", "external_id");

-- CreateIndex
CREATE INDEX "orders_store_id_customer_id_ordered_at_idx" ON "orders"("store_id", "customer_id", "ordered_at");

-- CreateIndex
CREATE INDEX "orders_store_id_ordered_at_idx" ON "orders"("store_id", "ordered_at");

-- CreateIndex
CREATE UNIQUE INDEX "orders_store_id_platform_external_id_key" ON "orders"("store_id", "platform", "external_id");

-- CreateIndex
CREATE INDEX "order_lines_store_id_product_id_idx" ON "order_lines"("store_id", "product_id");

-- CreateIndex
CREATE INDEX "imports_store_id_started_at_idx" ON "imports"("store_id", "started_at");

-- CreateIndex
CREATE INDEX "models_store_id_fitted_at_idx" ON "models"("store_id", "fitted_at");

-- CreateIndex
CREATE INDEX "scores_store_id_version_life_stage_idx" ON "scores"("store_id", "version", "life_stage");

-- CreateIndex
CREATE UNIQUE INDEX "segments_store_id_key_key" ON "segments"("store_id", "key");

-- CreateIndex
CREATE INDEX "segment_members_store_id_customer_id_idx" ON "segment_members"("store_id", "customer_id");

-- CreateIndex
CREATE INDEX "write_backs_store_id_state_next_attempt_at_idx" ON "write_backs"("store_id", "state", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "write_backs_store_id_platform_dedupe_key_key" ON "write_backs"("store_id", "platform", "dedupe_key");

-- AddForeignKey
ALTER TABLE "stores" ADD CONSTRAINT "stores_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisations"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Tenants are held apart by the database, not by remembering a WHERE.
--
-- The application connects as rekindle_app, which owns nothing. A transaction names its store with
-- set_config('app.store_id', ..., true); without that name every table is empty and takes no row. FORCE makes the rule hold
-- for the owner too. Each later migration calls rekindle_protect for the tables that it adds.
CREATE FUNCTION rekindle_store() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.store_id', true), '')::uuid $$;

CREATE FUNCTION rekindle_protect(name text) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY one_store ON %I USING (store_id = (SELECT rekindle_store())) WITH CHECK (store_id = (SELECT rekindle_store()))', name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO rekindle_app', name);
END $$;

REVOKE ALL ON FUNCTION rekindle_protect(text) FROM PUBLIC;

SELECT rekindle_protect(columns.table_name::text)
FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = current_schema() AND column_name = 'store_id' AND table_type = 'BASE TABLE';

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO rekindle_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO rekindle_app;

-- What a store has was said by many and is corrected by none: history is only ever added to.
REVOKE UPDATE ON consents FROM rekindle_app;
REVOKE UPDATE ON audit_entries FROM rekindle_app;

-- The directory: who there is, above the stores. A store sees itself; an organisation sees its stores and people; the
-- parts that serve all stores (the worker's "what is due?", the webhook's "whose is this?") say so with app.directory.
CREATE FUNCTION rekindle_organisation() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.organisation_id', true), '')::uuid $$;

CREATE FUNCTION rekindle_directory() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT coalesce(current_setting('app.directory', true), '') = 'on' $$;

ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organisations FORCE ROW LEVEL SECURITY;
CREATE POLICY directory ON organisations
  USING (id = rekindle_organisation() OR rekindle_directory())
  WITH CHECK (id = rekindle_organisation() OR rekindle_directory());
GRANT SELECT, INSERT, UPDATE, DELETE ON organisations TO rekindle_app;

ALTER TABLE stores ENABLE ROW LEVEL SECURITY;
ALTER TABLE stores FORCE ROW LEVEL SECURITY;
CREATE POLICY directory ON stores
  USING (id = rekindle_store() OR organisation_id = rekindle_organisation() OR rekindle_directory())
  WITH CHECK (id = rekindle_store() OR organisation_id = rekindle_organisation() OR rekindle_directory());
GRANT SELECT, INSERT, UPDATE, DELETE ON stores TO rekindle_app;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY directory ON users
  USING (organisation_id = rekindle_organisation() OR rekindle_directory())
  WITH CHECK (organisation_id = rekindle_organisation() OR rekindle_directory());
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO rekindle_app;
