/**
 * Due messages → a batch that is ours, checked and rendered, its attempt on record; all in the caller's one transaction.
 * Nothing leaves here: send.ts hands the batch over.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import { addressHashPads, untracked } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { domainGate } from '../domain/index.ts';
import type { Engine } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import { renderPlan, type RenderPlan } from '../generation/index.ts';
import { uuidOf } from '../random.ts';
import { holidaysOf, quietEnds, type Holidays, type IsHoliday } from '../scheduling/index.ts';
import { lastCheck } from './check.ts';
import {
  claimAlone,
  dropMessages,
  findDue,
  loadVariant,
  postponeMessages,
  refuseUnsent,
  writeAttempt,
  type Due,
  type VariantRow,
} from './claim.store.ts';
import { mailBatch } from './mail.ts';
import { isUnlimited, roomNow, withinMailboxes, type ProviderSense } from './pace/index.ts';
import type { Batch, Counts, DropReason } from './message.ts';

/**
 * How long a claim holds without an outcome. Short, so that what a killed worker left is taken up soon; a request that
 * takes longer loses nothing, because its holder's token still settles it.
 */
export const LEASE_MS = 5_000;
const DAY = 86_400_000;

export interface Desk {
  engine: Engine;
  counts: Counts;
  /** Compiled variants */
  plans: Map<string, RenderPlan>;
  /** What this run knows of the provider's pace */
  sense: ProviderSense;
  /** How long the provider wants to be left alone, where it blocked this run */
  waitMs: number;
}

/**
 * The next batch. `found` is the number of due messages looked at; 0: nothing is due, or nothing of it may go now. `askFirst`: the
 * provider has a limit, and a request has to be asked for before anything is claimed.
 */
export async function claimBatch(
  desk: Desk,
  tx: StoreTransaction,
): Promise<{ found: number; batch: Batch | undefined; askFirst?: true }> {
  const { email, clock } = desk.engine;
  await claimAlone(tx, LEASE_MS);
  const now = clock.now();
  if (!(await isUnlimited(tx, email.name, now, desk.sense))) return { found: 0, batch: undefined, askFirst: true };
  const store = await loadStore(tx);
  const room = await roomNow(tx, store, now, email.maximumBatch);
  if (room.mails < 1) return { found: 0, batch: undefined };
  // Its messages wait where they are: a look that passes lets them go.
  if (!(await domainGate(desk.engine, tx, store)).open) return { found: 0, batch: undefined };
  const since = new Date(now.getTime() - store.settings.cap.days * DAY);
  const pads = addressHashPads(desk.engine.keys, store.id);
  const due = await findDue(tx, { now, since, limit: room.mails, pads });
  const [first] = due;
  if (!first) return { found: 0, batch: undefined };
  const variant = await loadVariant(tx, first.variantId);
  const plan = variant && planOf(desk, variant);
  if (!plan) {
    await refuseUnsent(
      tx,
      due.map((message) => message.id),
      'bad_template',
    );
    desk.counts.refused += due.length;
    return { found: due.length, batch: undefined };
  }
  const going = await judge(desk, tx, { due, store, measureUntil: variant.measureUntil, now });
  if (going.length === 0) return { found: due.length, batch: undefined };
  const claim = await takeAs(desk.engine, tx, first.campaignId, going);
  await room.claimed(going.length);
  const uncounted = await uncountedOf(tx, store, going);
  const recipients = going.map(({ id, customerId, person }) => ({
    messageId: id,
    customerId,
    email: person?.email ?? '',
    firstName: person?.firstName ?? null,
    counted: !uncounted.has(customerId),
  }));
  const { keys, publicUrl, replyDomain } = desk.engine;
  const sender = { store, keys, publicUrl, replyDomain };
  return { found: due.length, batch: { ...claim, mail: mailBatch(sender, plan, claim.attemptId, recipients) } };
}

/** Whose mails carry nothing that counts opens and clicks. Nobody is asked for where the store counts neither. */
function uncountedOf(tx: StoreTransaction, { settings }: Store, going: Due[]): Promise<Set<string>> {
  const { opens, clicks, offIn } = settings.tracking;
  if (!opens && !clicks) return Promise.resolve(new Set());
  return untracked(
    tx,
    going.map((message) => message.customerId),
    offIn,
  );
}

/** Looks at every message once more; drops and puts off what must not go now, and gives what may. */
async function judge(
  desk: Desk,
  tx: StoreTransaction,
  given: { due: Due[]; store: Store; measureUntil: Date | null; now: Date },
): Promise<Due[]> {
  const { store, now, measureUntil } = given;
  const { cap, quietHours } = store.settings;
  const holidayOf = remembered(await holidaysOf(store));
  const limits = { now, quietEnds: quietEnds(now, quietHours), cap: cap.messages, measureUntil };
  const addresses = new Set<string>();
  const going: Due[] = [];
  const drops: { id: string; reason: DropReason }[] = [];
  const waits: { id: string; until: Date }[] = [];
  for (const message of given.due) {
    const email = message.person?.email ?? '';
    const sameAddress = message.sameAddress || addresses.has(email);
    const isHoliday = holidayOf(message.person?.country ?? null);
    const timeZone = message.timeZone ?? store.timeZone;
    const verdict = lastCheck({ ...message, sameAddress, timeZone, isHoliday }, limits);
    if ('drop' in verdict) drops.push({ id: message.id, reason: verdict.drop });
    else if ('waitUntil' in verdict) waits.push({ id: message.id, until: verdict.waitUntil });
    else {
      addresses.add(email);
      going.push(message);
    }
  }
  await dropMessages(tx, drops);
  await postponeMessages(tx, waits);
  desk.counts.dropped += drops.length;
  desk.counts.postponed += waits.length;
  return atTheirPace(desk, tx, going, now);
}

/** The same function for the same country, so that what is worked out by it is worked out once. */
function remembered(holidays: Holidays): (country: string | null) => IsHoliday {
  const known = new Map<string | null, IsHoliday>();
  return (country) => {
    const found = known.get(country) ?? holidays.in(country);
    known.set(country, found);
    return found;
  };
}

/** What the providers of the people's mailboxes take now; the rest waits for its turn. */
async function atTheirPace(desk: Desk, tx: StoreTransaction, due: Due[], now: Date): Promise<Due[]> {
  const { go, wait } = await withinMailboxes(tx, due, ({ person }) => person?.email ?? '', now);
  await postponeMessages(
    tx,
    wait.map(({ item, until }) => ({ id: item.id, until })),
  );
  desk.counts.postponed += wait.length;
  return go;
}

/** Takes messages under a new attempt, with its lease, and the next token each. `token` counts the claims that are over. */
export async function takeAs(
  engine: Engine,
  tx: StoreTransaction,
  campaignId: string,
  given: { id: string; token: number }[],
): Promise<Omit<Batch, 'mail'>> {
  const now = engine.clock.now();
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  const [first] = given;
  // No two claims have the same message and token.
  const attemptId = uuidOf('batch', tx.storeId, first?.id ?? '', String((first?.token ?? 0) + 1));
  await writeAttempt(tx, {
    id: attemptId,
    campaignId,
    provider: engine.email.name,
    messageIds: given.map((message) => message.id),
    startedAt: now,
    leaseUntil,
  });
  return { attemptId, campaignId, leaseUntil, messages: given.map(({ id, token }) => ({ id, token: token + 1 })) };
}

function planOf(desk: Desk, variant: VariantRow): RenderPlan | undefined {
  const known = desk.plans.get(variant.id);
  if (known) return known;
  try {
    const plan = renderPlan(variant);
    desk.plans.set(variant.id, plan);
    return plan;
  } catch (error) {
    if (!(error instanceof RekindleError)) throw error;
    desk.engine.log.error({ variantId: variant.id, err: error }, 'a variant cannot be used; its messages are refused');
    return undefined;
  }
}
