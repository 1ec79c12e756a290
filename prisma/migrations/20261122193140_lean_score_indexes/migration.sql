-- DropIndex
DROP INDEX "scores_store_id_version_life_stage_value_at_risk_customer_i_idx";

-- DropIndex
DROP INDEX "scores_store_id_version_life_stage_days_since_last_customer_idx";

-- CreateIndex
CREATE INDEX "scores_store_id_version_life_stage_value_at_risk_idx" ON "scores"("store_id", "version", "life_stage", "value_at_risk");

-- CreateIndex
CREATE INDEX "scores_store_id_version_life_stage_days_since_last_idx" ON "scores"("store_id", "version", "life_stage", "days_since_last");

