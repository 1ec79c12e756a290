-- DropIndex
DROP INDEX "orders_store_id_ordered_at_idx";

-- CreateIndex
CREATE INDEX "orders_store_id_ordered_at_idx" ON "orders" USING BRIN ("store_id", "ordered_at");
