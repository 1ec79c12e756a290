/** What was sent, what waits, and what it brought. Reads only. */
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { latestEffect, type Effect } from '../measurement/index.ts';
import { listCampaignFacts, type CampaignFacts } from './campaigns.store.ts';
import { UUID } from './customer.ts';
import { factsOf, type StoreFacts } from './facts.ts';

const PAGE = 30;

export interface CampaignsPage {
  store: StoreFacts;
  /** Newest first, each with the newest look at its revenue */
  campaigns: (CampaignFacts & { look: Effect | null })[];
  next: string | null;
}

export async function readCampaigns(engine: Engine, storeId: string, after?: string): Promise<CampaignsPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const found = await listCampaignFacts(tx, { limit: PAGE + 1, before: placeOf(after) });
    const page = found.slice(0, PAGE);
    const looks = new Map<string, Effect>();
    // One short index walk each, for a page of thirty.
    for (const campaign of page) {
      const look = campaign.approvedAt ? await latestEffect(tx, campaign.id) : null;
      if (look) looks.set(campaign.id, look.revenue);
    }
    const last = found.length > PAGE ? page.at(-1) : undefined;
    return {
      store: factsOf(store, engine.clock.now()),
      campaigns: page.map((campaign) => ({ ...campaign, look: looks.get(campaign.id) ?? null })),
      next: last ? `${last.plannedAt.toISOString()}_${last.id}` : null,
    };
  });
}

function placeOf(cursor: string | undefined): { plannedAt: Date; id: string } | undefined {
  const [time = '', id = ''] = (cursor ?? '').split('_');
  const plannedAt = new Date(time);
  return Number.isNaN(plannedAt.getTime()) || !UUID.test(id) ? undefined : { plannedAt, id };
}
