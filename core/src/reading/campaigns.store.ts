import { campaignFunnel, campaignPlan, type CampaignFunnel, type CampaignPlan } from '../campaigns/index.ts';
import type { StoreTransaction } from '../database/connect.ts';

export interface CampaignFacts {
  id: string;
  /** The journey that this is a run of; null: one send */
  journeyId: string | null;
  name: string;
  segmentName: string | null;
  /** draft, awaiting_approval, running, paused, measuring, completed, cancelled */
  state: string;
  plan: CampaignPlan;
  holdoutShare: number;
  funnel: CampaignFunnel;
  plannedAt: Date;
  approvedAt: Date | null;
  approvedBy: string | null;
  sendFrom: Date | null;
  sendUntil: Date | null;
  measureUntil: Date | null;
}

function campaignsOf(tx: StoreTransaction) {
  return tx.db
    .selectFrom('campaigns')
    .leftJoin('segments', (join) =>
      join.onRef('segments.id', '=', 'campaigns.segment_id').onRef('segments.store_id', '=', 'campaigns.store_id'),
    )
    .select([
      'campaigns.id',
      'campaigns.journey_id as journeyId',
      'campaigns.name',
      'segments.name as segmentName',
      'campaigns.state',
      'campaigns.plan',
      'campaigns.holdout_share as holdoutShare',
      'campaigns.funnel',
      'campaigns.planned_at as plannedAt',
      'campaigns.approved_at as approvedAt',
      'campaigns.approved_by as approvedBy',
      'campaigns.send_from as sendFrom',
      'campaigns.send_until as sendUntil',
      'campaigns.measure_until as measureUntil',
    ])
    .where('campaigns.store_id', '=', tx.storeId);
}

/** Newest first, journeys apart. `before` is the planning time and id of the last one already seen. */
export async function listCampaignFacts(
  tx: StoreTransaction,
  page: { limit: number; before?: { plannedAt: Date; id: string } | undefined },
): Promise<CampaignFacts[]> {
  let query = campaignsOf(tx)
    .where('campaigns.journey_id', 'is', null)
    .orderBy('campaigns.planned_at', 'desc')
    .orderBy('campaigns.id', 'desc')
    .limit(page.limit);
  const before = page.before;
  if (before)
    query = query.where((where) =>
      where.or([
        where('campaigns.planned_at', '<', before.plannedAt),
        where.and([where('campaigns.planned_at', '=', before.plannedAt), where('campaigns.id', '<', before.id)]),
      ]),
    );
  const rows = await query.execute();
  return rows.map(parsed);
}

export async function campaignFacts(tx: StoreTransaction, id: string): Promise<CampaignFacts | null> {
  const row = await campaignsOf(tx).where('campaigns.id', '=', id).executeTakeFirst();
  return row ? parsed(row) : null;
}

function parsed<Row extends { plan: unknown; funnel: unknown }>(
  row: Row,
): Omit<Row, 'plan' | 'funnel'> & { plan: CampaignPlan; funnel: CampaignFunnel } {
  return { ...row, plan: campaignPlan.parse(row.plan), funnel: campaignFunnel.parse(row.funnel) };
}
