/**
 * A campaign that is dealt day by day: every mail waits as `planned` until the day of its batch, then gets its version and
 * its hour. May be broken off and run again at any point: what was dealt stands in the log, and a mail is released once.
 */
import type { Store } from '../accounts/index.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { campaignVariants } from '../measurement/index.ts';
import { batchAt, batchesOf, batchOf, batchWindow, dealtVariant, decideBatch, type LoggedBatch } from './deal.ts';
import {
  dealtBatches,
  logBatch,
  releaseMails,
  variantRecords,
  waitingMails,
  type Release,
  type WaitingMail,
} from './deal.store.ts';
import { holidaysOf } from './holidays.ts';
import { hoursOf, type HoursOf } from './hours.ts';
import { drawsOf, pickMoment } from './moment.ts';
import { loadVariants, type Campaign } from './schedule.store.ts';
import { pickVariant, type VariantWords } from './variant.ts';
import { withOrders } from './whereabouts.store.ts';
import { zoneOf } from './zone.ts';

const PAGE = 10_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Deals what is due and not dealt yet, and releases its mails. Gives how many. */
export async function releaseBatches(engine: Engine, store: Store, campaign: Campaign): Promise<number> {
  const now = engine.clock.now();
  if (now < campaign.sendFrom) return 0;
  const { batches, variants } = await engine.database.inStore(store.id, async (tx) => {
    const dealt = await dealtBatches(tx, campaign.id);
    const last = batchAt(campaign, now);
    if (dealt.length <= last) {
      const records = await variantRecords(tx, campaign.id);
      // Before anything went there is nothing to compare.
      const winner =
        dealt.length > 0 && records.some(({ trials }) => trials > 0)
          ? (await campaignVariants(tx, campaign.id, now)).winner
          : null;
      for (let batch = dealt.length; batch <= last; batch++)
        await logBatch(tx, campaign.id, {
          ...decideBatch(batch, { rule: campaign.dealing, records, winner }),
          decidedAt: now,
        });
    }
    return { batches: await dealtBatches(tx, campaign.id), variants: await loadVariants(tx, campaign.id) };
  });
  const hours = hoursOf<LoggedBatch>(store, await holidaysOf(store), ({ batch, decidedAt }) => ({
    window: batchWindow(campaign, batch, decidedAt),
    name: String(batch),
  }));
  let released = 0;
  for (let after = FIRST; ;) {
    const { mails, last } = await engine.database.inStore(store.id, async (tx) => {
      const waiting = await withOrders(tx, await waitingMails(tx, campaign, after, PAGE));
      const due = waiting.flatMap((mail) => releaseOf(mail, { store, campaign, batches, variants, hours }));
      await releaseMails(tx, campaign.id, due);
      return { mails: due.length, last: waiting.at(-1)?.customerId };
    });
    released += mails;
    if (last === undefined) return released;
    after = last;
  }
}

interface Dealing {
  store: Store;
  campaign: Campaign;
  batches: LoggedBatch[];
  variants: VariantWords[];
  hours: HoursOf<LoggedBatch>;
}

/** What becomes of one mail that waits; nothing before its day. */
function releaseOf(mail: WaitingMail, { store, campaign, batches, variants, hours }: Dealing): Release[] {
  const { key } = mail;
  const { zone, source: zoneSource } = zoneOf(mail, store.timeZone);
  const fallback = variants[0];
  if (!fallback) throw fail('wrong_state', `Campaign ${campaign.id} is running and has no words; write it first.`);
  const dropped = (reason: string, variant: VariantWords): Release => ({
    id: mail.id,
    customerId: mail.customerId,
    variantKey: variant.key,
    variantId: variant.id,
    timeZone: zone,
    zoneSource,
    state: 'dropped',
    reason,
    at: null,
    hour: null,
    source: null,
  });
  if (key === null) return [dropped('erased', fallback)];
  const batch = batches[batchOf(store.drawKey, campaign.key, key, batchesOf(campaign))];
  if (!batch) return [];
  const variantKey = dealtVariant(batch, store.drawKey, campaign.key, key);
  const variant = pickVariant(variants, { variantKey, language: mail.language }, store.language) ?? fallback;
  const slots = hours(batch, zone, mail.country);
  if (slots.length === 0) return [dropped('window_passed', variant)];
  const share = campaign.randomHourShare ?? store.settings.randomHourShare;
  const moment = pickMoment(slots, mail.bestHour, share, drawsOf(store.drawKey, campaign.key, key));
  return [
    {
      id: mail.id,
      customerId: mail.customerId,
      variantKey,
      variantId: variant.id,
      timeZone: zone,
      zoneSource,
      state: 'scheduled',
      at: moment.at,
      hour: moment.hour,
      source: moment.source,
    },
  ];
}
