-- DropIndex
DROP INDEX "scores_store_id_version_life_stage_idx";

-- CreateIndex
CREATE INDEX "scores_store_id_version_life_stage_value_at_risk_customer_i_idx" ON "scores"("store_id", "version", "life_stage", "value_at_risk", "customer_id");

-- CreateIndex
CREATE INDEX "scores_store_id_version_life_stage_days_since_last_customer_idx" ON "scores"("store_id", "version", "life_stage", "days_since_last", "customer_id");


-- Search by the beginning of a name. Partial: an order log has no names and pays nothing for it.
CREATE INDEX customers_first_name ON customers (store_id, lower(first_name) text_pattern_ops) WHERE first_name IS NOT NULL;
CREATE INDEX customers_last_name ON customers (store_id, lower(last_name) text_pattern_ops) WHERE last_name IS NOT NULL;
