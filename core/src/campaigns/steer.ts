/** Stops a campaign for a while, lets it go on, or stops it for good. Mails that are out stay out. */
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { audit, closeWindow, listCampaigns, lockCampaign, moveCampaign } from './campaign.store.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { CampaignState } from './state.ts';

type At = Pick<Engine, 'database' | 'clock'>;

/** No further mail starts until it is resumed. Throws `not_found`, `wrong_state`. */
export function pauseCampaign(engine: At, storeId: string, campaignId: string, actor: string): Promise<void> {
  return move(engine, { storeId, campaignId, actor, to: 'paused', action: 'paused' });
}

/** Pauses whatever runs, in the caller's transaction: the store has nobody behind it for now. */
export async function pauseAll(tx: StoreTransaction, at: Date, actor: string): Promise<void> {
  for (const { id } of await listCampaigns(tx, 'running')) {
    const campaign = await lockCampaign(tx, id);
    if (campaign.state !== 'running') continue;
    await moveCampaign(tx, campaign, 'paused');
    await audit(tx, { at, actor, action: 'paused', campaignId: id });
  }
}

/** Goes on where it was paused. Throws `not_found`, `wrong_state`. */
export function resumeCampaign(engine: At, storeId: string, campaignId: string, actor: string): Promise<void> {
  return move(engine, { storeId, campaignId, actor, to: 'running', action: 'resumed', only: 'paused' });
}

/** Stops it for good: mails that are not out yet never go. Throws `not_found`, `wrong_state`. */
export function cancelCampaign(engine: At, storeId: string, campaignId: string, actor: string): Promise<void> {
  return move(engine, { storeId, campaignId, actor, to: 'cancelled', action: 'cancelled' });
}

interface Move {
  storeId: string;
  campaignId: string;
  actor: string;
  to: CampaignState;
  action: string;
  /** The one state this may start from, where the machine knows others that lead to `to` */
  only?: CampaignState;
}

async function move(engine: At, { storeId, campaignId, actor, to, action, only }: Move): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    if (only !== undefined && campaign.state !== only)
      throw fail('wrong_state', `The campaign is ${campaign.state.replace('_', ' ')}, not ${only}.`);
    const now = engine.clock.now();
    await moveCampaign(tx, campaign, to);
    // Whoever is in a journey that is stopped is measured to the end of her own days.
    if (to === 'cancelled' && campaign.journeyId !== null && campaign.approvedAt !== null)
      await closeWindow(tx, campaignId, new Date(now.getTime() + campaign.plan.measureDays * 86_400_000));
    await audit(tx, { at: now, actor, action, campaignId });
  });
}
