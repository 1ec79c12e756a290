/** How a store's customers spread over the life stages, at one version of the scores. */
import type { StoreTransaction } from '../database/connect.ts';
import { LIFE_STAGES, type LifeStage } from '../scoring/index.ts';

export interface LifeStageCount {
  stage: LifeStage;
  customers: number;
  /** Minor units a year */
  valueAtRisk: number;
}

/** One row a life stage, in the order of a customer's life. Reads an index only: seconds / 5 at a million customers. */
export async function countLifeStages(tx: StoreTransaction, version: number): Promise<LifeStageCount[]> {
  const rows = await tx.rows<{ stage: string; customers: number; at_risk: number | null }>(
    `SELECT life_stage AS stage, count(*) AS customers, sum(value_at_risk)::bigint AS at_risk
       FROM scores WHERE store_id = $1 AND version = $2 GROUP BY life_stage`,
    [tx.storeId, version],
  );
  return LIFE_STAGES.map((stage) => {
    const row = rows.find((one) => one.stage === stage);
    return { stage, customers: row?.customers ?? 0, valueAtRisk: row?.at_risk ?? 0 };
  });
}
