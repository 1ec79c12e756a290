-- AlterTable
ALTER TABLE "customers" ADD COLUMN     "profile_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "identities" ADD COLUMN     "email" TEXT,
ADD COLUMN     "email_verified" BOOLEAN,
ADD COLUMN     "phone" TEXT,
ADD COLUMN     "told_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "told_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "platform_accounts" (
    "platform" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "store_id" UUID NOT NULL,

    CONSTRAINT "platform_accounts_pkey" PRIMARY KEY ("platform","account")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "merges" (
    "id" BIGSERIAL NOT NULL,
    "store_id" UUID NOT NULL,
    "kept_id" UUID NOT NULL,
    "gone_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "moved" BYTEA NOT NULL,
    "undone_at" TIMESTAMPTZ(3),

    CONSTRAINT "merges_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "personal_exports" (
    "id" UUID NOT NULL,
    "store_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" BYTEA NOT NULL,
    "fetched_at" TIMESTAMPTZ(3),

    CONSTRAINT "personal_exports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "platform_accounts_store_id_platform_account_key" ON "platform_accounts"("store_id", "platform", "account");

-- CreateIndex
CREATE INDEX "merges_store_id_kept_id_idx" ON "merges"("store_id", "kept_id");

-- CreateIndex
CREATE INDEX "personal_exports_store_id_at_idx" ON "personal_exports"("store_id", "at");

-- AddForeignKey
ALTER TABLE "platform_accounts" ADD CONSTRAINT "platform_accounts_store_id_platform_account_fkey" FOREIGN KEY ("store_id", "platform", "account") REFERENCES "connections"("store_id", "platform", "account") ON DELETE CASCADE ON UPDATE CASCADE;

SELECT rekindle_protect('platform_accounts');
SELECT rekindle_protect('api_keys');
SELECT rekindle_protect('merges');
SELECT rekindle_protect('personal_exports');

-- Whose account is this? is asked before a store is known; it is answered across stores, and written within one.
CREATE POLICY directory ON platform_accounts FOR SELECT USING (rekindle_directory());

CREATE INDEX customers_phone ON customers (store_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX identities_email ON identities (store_id, email) WHERE email IS NOT NULL;
