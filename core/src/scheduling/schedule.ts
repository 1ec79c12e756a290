/**
 * An approved plan → one message a person, each at its minute. Set by set, so that a million people need no more memory than
 * ten thousand; a set that is already there is passed over, so that it may be run again at any time.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine, StageReport } from '../engine.ts';
import { fail } from '../errors.ts';
import { mailLanguage } from '../generation/index.ts';
import { uuidOf } from '../random.ts';
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
import { allowedSlots, type Slot } from './slot.ts';
import { zoneOf } from './zone.ts';

/** People in one transaction. */
const PAGE = 10_000;
const DAY = 86_400_000;

type Counts = Record<HourSource | 'campaigns' | 'scheduled' | 'tooLate', number>;

/** Gives every treated person of a running campaign her message. */
export async function schedule(engine: Engine, storeId: string): Promise<StageReport> {
  const counts: Counts = { campaigns: 0, scheduled: 0, preference: 0, random: 0, default: 0, tooLate: 0 };
  const { store, campaigns } = await engine.database.inStore(storeId, async (tx) => ({
    store: await loadStore(tx),
    campaigns: await unfinished(tx),
  }));
  for (const campaign of campaigns) {
    counts.campaigns++;
    const hours = hoursByZone(campaign, store, engine.clock.now());
    let after: string | undefined;
    do {
      after = await engine.database.inStore(storeId, (tx) =>
        scheduleSome(tx, { engine, store, campaign, hours, after, counts }),
      );
      engine.progress?.({ stage: 'scheduling', done: counts.scheduled });
    } while (after !== undefined);
  }
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
  engine: Engine;
  store: Store;
  campaign: Campaign;
  hours: (zone: string) => Slot[];
  after: string | undefined;
  counts: Counts;
}

/** One page of people; gives the last one, or undefined when there are no more. */
async function scheduleSome(tx: StoreTransaction, work: Work): Promise<string | undefined> {
  const { people, last } = await nextPeople(tx, work.campaign, work.after, PAGE);
  if (people.length === 0) return last;
  const variantOf = await variantPicker(tx, work);
  const now = work.engine.clock.now();
  await addMessages(
    tx,
    work.campaign.id,
    now,
    people.map((person) => messageFor(person, variantOf(person), work)),
  );
  return last;
}

function messageFor(person: Person, variantId: string, { store, campaign, hours, counts }: Work): NewMessage {
  const zone = zoneOf(person.timeZone, person.country, store.timeZone);
  const slots = hours(zone);
  const message = {
    id: uuidOf('message', store.id, campaign.id, '', person.customerId, '1'),
    customerId: person.customerId,
    variantId,
    timeZone: zone,
  };
  // A message all the same: whoever was treated is accounted for.
  if (person.key === null) return { ...message, state: 'dropped', reason: 'erased' };
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

/** The allowed hours of a zone, worked out once. A window that is all quiet is stretched by a day: late, not never. */
function hoursByZone(campaign: Campaign, store: Store, now: Date): (zone: string) => Slot[] {
  const known = new Map<string, Slot[]>();
  const from = campaign.sendFrom > now ? campaign.sendFrom : now;
  return (zone) => {
    let slots = known.get(zone);
    if (!slots) {
      slots = allowedSlots(zone, { from, until: campaign.sendUntil }, store.settings.quietHours);
      if (slots.length === 0 && from < campaign.sendUntil)
        slots = allowedSlots(zone, { from, until: new Date(from.getTime() + DAY) }, store.settings.quietHours);
      known.set(zone, slots);
    }
    return slots;
  };
}

/** Each person's variant in the language she reads, else in any language it is written in. */
async function variantPicker(tx: StoreTransaction, { campaign, store }: Work): Promise<(person: Person) => string> {
  const variants = await loadVariants(tx, campaign.id);
  return (person) => {
    const language = mailLanguage(person.language, store.language);
    const ofKey = variants.filter((variant) => variant.key === person.variantKey);
    const candidates = ofKey.length > 0 ? ofKey : variants;
    const variant =
      candidates.find((one) => one.language === language) ??
      candidates.find((one) => one.language === mailLanguage(null, store.language)) ??
      candidates[0];
    if (!variant) throw fail('wrong_state', `Campaign ${campaign.id} is running and has no words; write it first.`);
    return variant.id;
  };
}
