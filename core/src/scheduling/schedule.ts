/**
 * An approved plan → one message a person, each at its minute. Set by set, so that a million people need no more memory than
 * ten thousand; a set that is already there is passed over, so that it may be run again at any time.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { refreshStatistics } from '../database/statistics.ts';
import type { Engine, StageReport } from '../engine.ts';
import { fail } from '../errors.ts';
import { uuidOf } from '../random.ts';
import { scheduleJourneys } from './journey.ts';
import { releaseBatches } from './release.ts';
import { holidaysOf } from './holidays.ts';
import { hoursOf, type HoursOf } from './hours.ts';
import { drawsOf, pickMoment, type HourSource } from './moment.ts';
import {
  addMessages,
  loadVariants,
  missingMessages,
  nextPeople,
  openCampaigns,
  type Campaign,
  type NewMessage,
  type Person,
} from './schedule.store.ts';
import { pickVariant, type VariantWords } from './variant.ts';
import { zoneOf } from './zone.ts';

/** People in one transaction. */
const PAGE = 10_000;

type Counts = Record<HourSource | 'campaigns' | 'scheduled' | 'released' | 'journeys' | 'tooLate', number>;

/** Gives every treated person of a running campaign her message, and whoever has come to a mail of a journey hers. */
export async function schedule(engine: Engine, storeId: string): Promise<StageReport> {
  const counts: Counts = {
    campaigns: 0,
    scheduled: 0,
    released: 0,
    journeys: 0,
    preference: 0,
    random: 0,
    default: 0,
    tooLate: 0,
  };
  const { store, campaigns, dealt } = await engine.database.inStore(storeId, async (tx) => ({
    store: await loadStore(tx),
    campaigns: await unfinished(tx),
    dealt: (await openCampaigns(tx)).filter(({ dealing }) => dealing !== 'even'),
  }));
  const holidays = await holidaysOf(store);
  for (const campaign of campaigns) {
    counts.campaigns++;
    // One instant for all of a campaign: stored as the messages' created_at, it is what replays their hours.
    const now = engine.clock.now();
    const from = campaign.sendFrom > now ? campaign.sendFrom : now;
    const window = { from, until: campaign.sendUntil };
    const hours = hoursOf<Campaign>(store, holidays, () => ({ window, name: '' }));
    let after: string | undefined;
    do {
      after = await engine.database.inStore(storeId, (tx) =>
        scheduleSome(tx, { store, campaign, now, hours, after, counts }),
      );
      engine.progress?.({ stage: 'scheduling', done: counts.scheduled });
    } while (after !== undefined);
  }
  for (const campaign of dealt) counts.released += await releaseBatches(engine, store, campaign);
  counts.journeys = await scheduleJourneys(engine, store);
  const written = counts.scheduled + counts.journeys;
  await engine.database.inStore(storeId, (tx) => refreshStatistics(tx, written, ['messages']));
  return counts;
}

/** Running campaigns in which somebody has no message yet. */
async function unfinished(tx: StoreTransaction): Promise<Campaign[]> {
  const campaigns: Campaign[] = [];
  for (const campaign of await openCampaigns(tx)) {
    if ((await missingMessages(tx, campaign.id)) > 0) campaigns.push(campaign);
  }
  return campaigns;
}

interface Work {
  store: Store;
  campaign: Campaign;
  now: Date;
  hours: HoursOf<Campaign>;
  after: string | undefined;
  counts: Counts;
}

/** One page of people; gives the last one, or undefined when there are no more. */
async function scheduleSome(tx: StoreTransaction, work: Work): Promise<string | undefined> {
  const { people, last } = await nextPeople(tx, work.campaign, work.after, PAGE);
  if (people.length === 0) return last;
  const variants = await loadVariants(tx, work.campaign.id);
  await addMessages(
    tx,
    work.campaign.id,
    work.now,
    people.map((person) => messageFor(person, variantOf(person, variants, work).id, work)),
  );
  return last;
}

function messageFor(person: Person, variantId: string, { store, campaign, hours, counts }: Work): NewMessage {
  const { zone, source } = zoneOf(person, store.timeZone);
  const slots = hours(campaign, zone, person.country);
  const message = {
    id: uuidOf('message', store.id, campaign.id, '', person.customerId, '1'),
    customerId: person.customerId,
    variantId,
    timeZone: zone,
    zoneSource: source,
  };
  // A message all the same: whoever was treated is accounted for.
  if (person.key === null) return { ...message, state: 'dropped', reason: 'erased' };
  // Its version and hour are dealt on the day of its batch.
  if (campaign.dealing !== 'even') return { ...message, state: 'planned' };
  if (slots.length === 0) {
    counts.tooLate++;
    return { ...message, state: 'dropped', reason: 'window_passed' };
  }
  const share = campaign.randomHourShare ?? store.settings.randomHourShare;
  const moment = pickMoment(slots, person.bestHour, share, drawsOf(store.drawKey, campaign.key, person.key));
  counts.scheduled++;
  counts[moment.source]++;
  return { ...message, state: 'scheduled', at: moment.at, hour: moment.hour, source: moment.source };
}

function variantOf(person: Person, variants: VariantWords[], { store, campaign }: Work): VariantWords {
  const variant = pickVariant(variants, person, store.language);
  if (!variant) throw fail('wrong_state', `Campaign ${campaign.id} is running and has no words; write it first.`);
  return variant;
}
