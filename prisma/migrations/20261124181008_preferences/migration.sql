-- CreateTable
CREATE TABLE "preferences" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "topics_off" TEXT[],
    "days_between" INTEGER,
    "paused_until" TIMESTAMPTZ(3),
    "language" TEXT,

    CONSTRAINT "preferences_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "preferences_store_id_customer_id_at_idx" ON "preferences"("store_id", "customer_id", "at");


SELECT rekindle_protect('preferences');
