-- CreateTable
CREATE TABLE "allocations" (
    "store_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "batch" INTEGER NOT NULL,
    "rule" TEXT NOT NULL,
    "records" JSONB NOT NULL,
    "shares" JSONB NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "allocations_pkey" PRIMARY KEY ("campaign_id","batch")
);

-- CreateTable
CREATE TABLE "insights" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "news" TEXT NOT NULL,
    "size" BIGINT,
    "p_value" DOUBLE PRECISION,
    "q_value" DOUBLE PRECISION,
    "place" INTEGER NOT NULL,
    "evidence" JSONB NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "dismissed_at" TIMESTAMPTZ(3),
    "dismissed_by" TEXT,

    CONSTRAINT "insights_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forecasts" (
    "store_id" UUID NOT NULL,
    "metric" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "method" TEXT NOT NULL,
    "points" JSONB NOT NULL,
    "backtest" JSONB NOT NULL,

    CONSTRAINT "forecasts_pkey" PRIMARY KEY ("store_id","metric","made_at")
);

-- CreateTable
CREATE TABLE "reports" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "span" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until_at" TIMESTAMPTZ(3) NOT NULL,
    "figures" JSONB NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "mailed_at" TIMESTAMPTZ(3),
    "mailed_to" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_scores" (
    "store_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "customer_id" UUID NOT NULL,
    "best_hour" INTEGER,
    "click_chance" DOUBLE PRECISION,
    "leave_chance" DOUBLE PRECISION,
    "uplift" DOUBLE PRECISION,
    "offer_uplift" DOUBLE PRECISION,

    CONSTRAINT "mail_scores_pkey" PRIMARY KEY ("store_id","version","customer_id")
);

-- CreateTable
CREATE TABLE "product_pairs" (
    "store_id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "next_id" UUID NOT NULL,
    "baskets" INTEGER NOT NULL,
    "support" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "lift" DOUBLE PRECISION NOT NULL,
    "surely" DOUBLE PRECISION NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pairs_pkey" PRIMARY KEY ("store_id","product_id","next_id")
);

-- CreateIndex
CREATE INDEX "allocations_store_id_idx" ON "allocations"("store_id");

-- CreateIndex
CREATE INDEX "insights_store_id_seen_at_idx" ON "insights"("store_id", "seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "reports_store_id_span_from_at_key" ON "reports"("store_id", "span", "from_at");


SELECT rekindle_protect('allocations');
SELECT rekindle_protect('insights');
SELECT rekindle_protect('forecasts');
SELECT rekindle_protect('reports');
SELECT rekindle_protect('mail_scores');
SELECT rekindle_protect('product_pairs');
