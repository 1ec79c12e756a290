/**
 * What picking each person's hour brought, against a random hour: a keyed draw gives a share of every campaign's people a random
 * hour whatever is known of them, and the draw is all that tells the two groups apart. The same engine as for the mails themselves:
 * by intention to treat, capped, CUPED, with an interval that holds at every look.
 */
import type { Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { addUp } from './cumulative.ts';
import { judge, verdictOf, type Effect, type Metric, type Verdict } from './effect.ts';
import { campaignsWithRandomHours, sumHours, type HoursCampaign } from './hours.store.ts';
import { revenueCap } from './outcomes.store.ts';

type HoursStore = Pick<Store, 'currency' | 'dataVersion'>;

/** Of one campaign, as of now; null: nothing of it went at a random hour, or nothing has been counted. */
export async function hoursEffect(
  tx: StoreTransaction,
  store: HoursStore,
  campaignId: string,
  now: Date,
): Promise<Record<Metric, Effect> | null> {
  const [campaign] = await campaignsWithRandomHours(tx, now, campaignId);
  if (!campaign) return null;
  const effects = await lookAt(tx, store, campaign, now);
  return effects && (Object.fromEntries(effects.map((one) => [one.metric, one])) as Record<Metric, Effect>);
}

export interface HoursGain {
  /** Minor units of the store's currency, over everybody whose hour was picked */
  estimate: number;
  low: number;
  high: number;
  verdict: Verdict;
  campaigns: number;
  currency: string;
}

/** Of all campaigns together; null before there is one to look at. */
export async function hoursGain(tx: StoreTransaction, store: HoursStore, now: Date): Promise<HoursGain | null> {
  const looks: Effect[] = [];
  let open = false;
  for (const campaign of await campaignsWithRandomHours(tx, now)) {
    const revenue = (await lookAt(tx, store, campaign, now))?.find(({ metric }) => metric === 'revenue');
    if (!revenue) continue;
    looks.push(revenue);
    open ||= now < campaign.measureUntil;
  }
  const sum = addUp(looks, new Date(0));
  if (!sum) return null;
  const { estimate, low, high, campaigns, currency } = sum;
  const enough = looks.some(({ verdict, detail }) => verdict !== 'broken' && detail.enough);
  const verdict = verdictOf({ low, high, enough, over: !open, ratioHolds: campaigns > 0 });
  return { estimate, low, high, verdict, campaigns, currency };
}

async function lookAt(
  tx: StoreTransaction,
  store: HoursStore,
  campaign: HoursCampaign,
  now: Date,
): Promise<Effect[] | null> {
  const cap = await revenueCap(tx, campaign.id);
  const seen = await sumHours(tx, campaign.id, cap);
  if (seen.sums.revenue.treated.n === 0 || seen.sums.revenue.holdout.n === 0) return null;
  return judge({
    campaignId: campaign.id,
    currency: store.currency,
    holdoutShare: campaign.randomShare,
    from: campaign.approvedAt,
    until: campaign.measureUntil,
    now,
    cap,
    ...seen,
    attributed: { orders: 0, revenue: 0, windowDays: 0 },
    dataVersion: store.dataVersion,
  });
}
