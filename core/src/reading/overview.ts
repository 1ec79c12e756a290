/** Is it working, and what should I do? Reads only. */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import {
  cumulativeEffect,
  latestEffect,
  storeControlEffect,
  type CumulativeEffect,
  type Effect,
} from '../measurement/index.ts';
import { openInsights } from '../insights/index.ts';
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
  /** All campaigns against who never gets any; null: there is no store-wide control, or no campaign yet */
  programme: Effect | null;
  /** The first finding; null: none */
  finding: { title: string } | null;
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
      programme: await programmeOf(engine, tx, store),
      finding: (await openInsights(tx, 1))[0] ?? null,
      look: looks?.revenue ?? null,
    };
  });
}

/** Sums over everybody who was ever placed: made once a data version and day. */
async function programmeOf(engine: Engine, tx: StoreTransaction, store: Store): Promise<Effect | null> {
  const now = engine.clock.now();
  const version = `${String(store.dataVersion)} ${now.toISOString().slice(0, 10)}`;
  const effect = await remember(engine.database, { storeId: store.id, what: 'store control', version }, () =>
    storeControlEffect(tx, store, now),
  );
  return effect?.revenue ?? null;
}

function rank(campaign: CampaignFacts): number {
  const place = ATTENTION.indexOf(campaign.state);
  return place === -1 ? ATTENTION.length : place;
}
