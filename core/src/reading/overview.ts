/** Is it working, and what should I do? Reads only. */
import { loadStore } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { cumulativeEffect, latestEffect, type CumulativeEffect, type Effect } from '../measurement/index.ts';
import { listCampaignFacts, type CampaignFacts } from './campaigns.store.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import {
  countData,
  countMessageStates,
  failedStages,
  firstApproval,
  lastImport,
  listConnections,
  pullState,
  scoringAt,
  type ConnectionState,
  type DataCounts,
  type ImportState,
  type PullState,
  type ScoringState,
} from './overview.store.ts';
import { remember } from './remember.ts';
import { countLifeStages, type LifeStageCount } from './stages.store.ts';

/** Campaigns among which the one that needs attention is looked for, newest first. */
const CAMPAIGNS = 20;

export interface Overview {
  store: StoreFacts;
  sync: {
    connections: ConnectionState[];
    pull: PullState;
    import: ImportState | null;
    counts: DataCounts;
    failed: string[];
  };
  scoring: ScoringState | null;
  stages: LifeStageCount[];
  /** The campaign that needs or gets attention: one that waits for approval first, then paused, running … */
  campaign: (CampaignFacts & { messages: Record<string, number> }) | null;
  /** Incremental revenue of all campaigns over time; null before the first look */
  lift: CumulativeEffect | null;
  /** When the first measured campaign was approved */
  liftSince: Date | null;
  /** The newest look at that campaign */
  look: Effect | null;
}

const ATTENTION = ['awaiting_approval', 'paused', 'running', 'draft', 'measuring', 'completed'];

export async function readOverview(engine: Engine, storeId: string): Promise<Overview> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const version = store.scoreVersion;
    const counts = await remember(engine.database, { storeId, what: 'counts', version: store.dataVersion }, () =>
      countData(tx),
    );
    const stages = await remember(engine.database, { storeId, what: 'life stages', version }, () =>
      countLifeStages(tx, version),
    );
    const campaigns = await listCampaignFacts(tx, { limit: CAMPAIGNS });
    const campaign = campaigns.toSorted((a, b) => rank(a) - rank(b)).find((one) => rank(one) < ATTENTION.length);
    const looks = campaign ? await latestEffect(tx, campaign.id) : null;
    return {
      store: factsOf(store, engine.clock.now()),
      sync: {
        connections: await listConnections(tx),
        pull: await pullState(tx),
        import: await lastImport(tx),
        counts,
        failed: (await failedStages(tx)).map((run) => run.stage),
      },
      scoring: await scoringAt(tx, version),
      stages,
      campaign: campaign ? { ...campaign, messages: await countMessageStates(tx, campaign.id) } : null,
      lift: await cumulativeEffect(tx),
      liftSince: await firstApproval(tx),
      look: looks?.revenue ?? null,
    };
  });
}

function rank(campaign: CampaignFacts): number {
  const place = ATTENTION.indexOf(campaign.state);
  return place === -1 ? ATTENTION.length : place;
}
