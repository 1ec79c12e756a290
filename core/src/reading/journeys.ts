/** What runs by itself, or could: every journey, who is in it, and what it brought. Reads only. */
import { loadStore, type Store } from '../accounts/index.ts';
import { listRuns, type Campaign } from '../campaigns/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { countCandidates, listJourneys, peopleAWeek, type Journey } from '../journeys/index.ts';
import { effectSeries, latestEffect, type Effect, type Metric } from '../measurement/index.ts';
import type { MailTemplate } from '../ports.ts';
import { previewOf } from './campaign.ts';
import { UUID } from './customer.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import {
  countStanding,
  countStepMails,
  listStepVariants,
  pastEffect,
  worthOfSegment,
  type PastEffect,
  type StandingCount,
  type StepMails,
  type StepVariant,
} from './journeys.store.ts';
import { remember } from './remember.ts';

export interface JourneyFacts {
  /** The run: what the addresses of pages and commands name */
  id: string;
  journey: Journey;
  name: string;
  /** draft, awaiting_approval, running, paused, cancelled */
  state: string;
  holdoutShare: number;
  approvedAt: Date | null;
  measureUntil: Date | null;
  /** Who would come in at this moment; reasons why others of the segment would not */
  waiting: { total: number; leftOut: Record<string, number> };
  /** Null: watched for less than two weeks */
  peopleAWeek: number | null;
  /** Members of the segment, and what they are worth a year */
  segment: { people: number; risk: number };
  standing: StandingCount[];
  /** The newest look, a metric each; null before the first */
  look: Record<Metric, Effect> | null;
}

export interface JourneysPage {
  store: StoreFacts;
  /** Those that are on first, then those that wait; a stopped one only where nothing of its kind is open */
  journeys: JourneyFacts[];
  past: PastEffect | null;
}

export interface JourneyPage {
  store: StoreFacts;
  facts: JourneyFacts;
  past: PastEffect | null;
  mails: StepMails[];
  variants: (StepVariant & { preview: MailTemplate })[];
  /** Every look at the revenue, oldest first */
  series: Effect[];
  sender: { name: string; email: string };
}

type At = Pick<Engine, 'database' | 'clock' | 'keys'>;

const ORDER = ['running', 'paused', 'awaiting_approval', 'draft', 'cancelled'];

export function readJourneys(engine: At, storeId: string): Promise<JourneysPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const now = engine.clock.now();
    const shown: JourneyFacts[] = [];
    for (const { run, journey } of await newestRuns(tx))
      shown.push(await factsOfRun(engine, tx, { store, run, journey, now }));
    return {
      store: factsOf(store, now),
      journeys: shown.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)),
      past: await pastEffect(tx),
    };
  });
}

/** The newest run of each journey. */
async function newestRuns(tx: StoreTransaction): Promise<{ run: Campaign; journey: Journey }[]> {
  const runs = await listRuns(tx);
  return (await listJourneys(tx)).flatMap((journey) => {
    const run = runs.findLast(({ journeyId }) => journeyId === journey.id);
    return run ? [{ run, journey }] : [];
  });
}

/** One run of a journey, by its id. Throws `not_found`. */
export function readJourney(engine: At, storeId: string, runId: string): Promise<JourneyPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const store = await loadStore(tx);
    const now = engine.clock.now();
    const run = UUID.test(runId) ? (await listRuns(tx)).find(({ id }) => id === runId) : undefined;
    const journey = run && (await listJourneys(tx)).find(({ id }) => id === run.journeyId);
    if (!run || !journey) throw fail('not_found', 'There is no such journey in this store.');
    const variants = await listStepVariants(tx, runId);
    return {
      store: factsOf(store, now),
      facts: await factsOfRun(engine, tx, { store, run, journey, now }),
      past: await pastEffect(tx),
      mails: await countStepMails(tx, runId),
      variants: variants.map((variant) => ({ ...variant, preview: previewOf(variant) })),
      series: await effectSeries(tx, runId),
      sender: store.sender,
    };
  });
}

async function factsOfRun(
  engine: At,
  tx: StoreTransaction,
  one: { store: Store; run: Campaign; journey: Journey; now: Date },
): Promise<JourneyFacts> {
  const { store, run, journey, now } = one;
  // Looked at anew once a scoring; who came in meanwhile is taken off by the state in the key.
  const version = `${String(store.scoreVersion)} ${run.state}`;
  const key = { storeId: store.id, version };
  return {
    id: run.id,
    journey,
    name: run.name,
    state: run.state,
    holdoutShare: run.holdoutShare,
    approvedAt: run.approvedAt,
    measureUntil: run.measureUntil,
    waiting: await remember(engine.database, { ...key, what: `who waits for ${run.id}` }, () =>
      countCandidates(tx, engine.keys, one),
    ),
    peopleAWeek: await peopleAWeek(tx, { run, now }),
    segment: await remember(engine.database, { ...key, what: `worth of ${run.segmentId}` }, () =>
      worthOfSegment(tx, run.segmentId),
    ),
    standing: await countStanding(tx, run.id),
    look: await latestEffect(tx, run.id),
  };
}
