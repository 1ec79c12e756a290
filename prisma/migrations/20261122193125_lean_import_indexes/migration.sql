-- DropIndex
DROP INDEX "customers_store_id_key_key";

-- DropIndex
DROP INDEX "customer_totals_store_id_last_order_at_idx";

-- DropIndex
DROP INDEX "orders_store_id_customer_id_ordered_at_idx";

-- DropIndex
DROP INDEX "order_lines_product_id_idx";

-- CreateIndex
CREATE INDEX "orders_customer_id_ordered_at_idx" ON "orders"("customer_id", "ordered_at");

