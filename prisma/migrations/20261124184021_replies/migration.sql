-- CreateTable
CREATE TABLE "replies" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "body" BYTEA NOT NULL,

    CONSTRAINT "replies_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "replies_store_id_customer_id_at_idx" ON "replies"("store_id", "customer_id", "at");

-- CreateIndex
CREATE INDEX "replies_store_id_message_id_idx" ON "replies"("store_id", "message_id");


SELECT rekindle_protect('replies');
