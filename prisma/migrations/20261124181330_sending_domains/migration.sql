-- CreateTable
CREATE TABLE "domain_checks" (
    "store_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "holds" BOOLEAN NOT NULL DEFAULT true,
    "report" JSONB,
    "checked_at" TIMESTAMPTZ(3),
    "passed_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "domain_checks_pkey" PRIMARY KEY ("store_id")
);

-- CreateTable
CREATE TABLE "domain_owners" (
    "domain" TEXT NOT NULL,
    "store_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "domain_owners_pkey" PRIMARY KEY ("domain")
);

-- CreateIndex
CREATE INDEX "domain_owners_store_id_idx" ON "domain_owners"("store_id");


SELECT rekindle_protect('domain_checks');
SELECT rekindle_protect('domain_owners');

-- Whose domain is this? is answered across stores, and written within one.
CREATE POLICY directory ON domain_owners FOR SELECT USING (rekindle_directory());
