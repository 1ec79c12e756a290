/** How a store's customers spread over the life stages, at one version of the scores. */
import type { StoreTransaction } from '../database/connect.ts';
import { LIFE_STAGES, type LifeStage } from '../scoring/index.ts';

export interface LifeStageCount {
  stage: LifeStage;
  customers: number;
  /** Of them, those with enough orders to say what is at risk */
  scored: number;
  /** Minor units a year */
  valueAtRisk: number;
}

/** One row a life stage, in the order of a customer's life. Reads an index only. */
export async function countLifeStages(tx: StoreTransaction, version: number): Promise<LifeStageCount[]> {
  const rows = await tx.rows<{ stage: string; customers: number; scored: number; at_risk: number | null }>(
    `SELECT life_stage AS stage, count(*) AS customers, count(value_at_risk) AS scored,
            sum(value_at_risk)::bigint AS at_risk
       FROM scores WHERE store_id = $1 AND version = $2 GROUP BY life_stage`,
    [tx.storeId, version],
  );
  return LIFE_STAGES.map((stage) => {
    const row = rows.find((one) => one.stage === stage);
    return { stage, customers: row?.customers ?? 0, scored: row?.scored ?? 0, valueAtRisk: row?.at_risk ?? 0 };
  });
}
