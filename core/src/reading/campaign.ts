/** What will happen, or: did it work? Reads only. */
import { loadStore } from '../accounts/index.ts';
import { readGate, type DomainCheck } from '../domain/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { renderPlan, renderWhole } from '../generation/index.ts';
import type { MailTemplate } from '../ports.ts';
import {
  campaignVariants,
  effectSeries,
  hoursEffect,
  latestEffect,
  type Effect,
  type Metric,
  type VariantComparison,
} from '../measurement/index.ts';
import { dealtBatches, type LoggedBatch } from '../scheduling/index.ts';
import {
  countAgents,
  countMessages,
  countOutcomes,
  listVariants,
  type AgentCounts,
  type MessageCounts,
  type OutcomeCounts,
} from './campaign.store.ts';
import { campaignFacts, type CampaignFacts } from './campaigns.store.ts';
import { UUID } from './customer.ts';
import { factsOf, type StoreFacts } from './facts.ts';

export interface CampaignPage {
  store: StoreFacts;
  campaign: CampaignFacts;
  variants: (Awaited<ReturnType<typeof listVariants>>[number] & { preview: MailTemplate })[];
  messages: MessageCounts[];
  outcomes: OutcomeCounts[];
  /** Who opened and clicked: people and machines apart */
  agents: AgentCounts[];
  /** The versions held against each other; null before the approval, or with one version */
  comparison: VariantComparison | null;
  /** How the batches of a campaign that is dealt day by day were dealt */
  batches: LoggedBatch[];
  /** The newest look, a metric each; null before the first */
  look: Record<Metric, Effect> | null;
  /** What picking each person's hour brought against a random one; null: nothing went at a random hour, or nothing is counted */
  hours: Record<Metric, Effect> | null;
  /** Every look at the revenue, oldest first */
  series: Effect[];
  sender: { name: string; email: string; postalAddress: string };
  /** What holds mails back at the domain they come from; null: nothing */
  held: DomainCheck | null;
}

/** Throws `not_found`. */
export async function readCampaign(engine: Engine, storeId: string, campaignId: string): Promise<CampaignPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const campaign = UUID.test(campaignId) ? await campaignFacts(tx, campaignId) : null;
    if (!campaign) throw fail('not_found', 'There is no such campaign in this store.');
    const now = engine.clock.now();
    const gate = await readGate(engine, tx);
    const begun = campaign.approvedAt !== null && campaign.measureUntil !== null && now > campaign.approvedAt;
    const variants = await listVariants(tx, campaignId);
    return {
      store: factsOf(store, now),
      campaign,
      agents: await countAgents(tx, campaignId),
      comparison:
        begun && new Set(variants.map(({ key }) => key)).size > 1 ? await campaignVariants(tx, campaignId, now) : null,
      batches: await dealtBatches(tx, campaignId),
      variants: variants.map((variant) => ({ ...variant, preview: previewOf(variant) })),
      messages: await countMessages(tx, campaignId),
      outcomes: await countOutcomes(tx, campaignId),
      look: await latestEffect(tx, campaignId),
      hours: begun ? await hoursEffect(tx, store, campaignId, now) : null,
      series: await effectSeries(tx, campaignId),
      sender: store.sender,
      held: gate.open ? null : gate.check,
    };
  });
}

/** The mail as somebody called Ana would get it. Its links lead nowhere and nothing in it counts an open. */
export function previewOf(variant: MailTemplate): MailTemplate {
  const plan = renderPlan(variant);
  const nowhere = '#';
  return renderWhole(
    plan.template,
    plan.fill({
      customer: { first_name: 'Ana' },
      link: { shop: nowhere, unsubscribe: nowhere, preferences: nowhere, open: null },
    }),
  );
}
