-- DropIndex
DROP INDEX "orders_store_id_platform_external_id_key";

-- DropIndex
DROP INDEX "order_lines_store_id_product_id_idx";

-- AlterTable
ALTER TABLE "customers" ADD COLUMN     "country_at" TIMESTAMPTZ(3),
ADD COLUMN     "email_at" TIMESTAMPTZ(3),
ADD COLUMN     "email_verified" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "time_zone_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "products" ADD COLUMN     "name_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "order_lines" DROP CONSTRAINT "order_lines_pkey",
ALTER COLUMN "line" SET DATA TYPE BIGINT,
ADD CONSTRAINT "order_lines_pkey" PRIMARY KEY ("order_id", "line");

-- AlterTable
ALTER TABLE "rejected_rows" DROP CONSTRAINT "rejected_rows_pkey",
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'orders',
ADD CONSTRAINT "rejected_rows_pkey" PRIMARY KEY ("import_id", "source", "line");

-- CreateIndex
CREATE INDEX "order_lines_product_id_idx" ON "order_lines"("product_id");

