/**
 * Due messages → a batch that is ours, checked and rendered, its attempt on record; all in the caller's one transaction.
 * Nothing leaves here: send.ts hands the batch over.
 */
import { loadStore, type Store } from '../accounts/index.ts';
import { addressHash, suppressedHashes } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { domainGate } from '../domain/index.ts';
import type { Engine } from '../engine.ts';
import { RekindleError } from '../errors.ts';
import { renderPlan, type RenderPlan } from '../generation/index.ts';
import { uuidOf } from '../random.ts';
import { lastCheck, type Verdict } from './check.ts';
import {
  dropMessages,
  holdDue,
  holdPeople,
  loadVariant,
  postponeMessages,
  readFacts,
  refuseUnsent,
  takeMessages,
  type Held,
  type VariantRow,
} from './claim.store.ts';
import { mailBatch } from './mail.ts';
import type { Batch, Claimed, Counts, Due } from './message.ts';

/**
 * How long a claim holds without an outcome. Short, so that what a killed worker left is taken up soon; a request that
 * takes longer loses nothing, because its holder's token still settles it.
 */
const LEASE_MS = 5_000;
const DAY = 86_400_000;

export interface Desk {
  engine: Engine;
  counts: Counts;
  /** Compiled variants */
  plans: Map<string, RenderPlan>;
}

/** The next batch. `found` is the number of due messages looked at; 0: nothing is due. */
export async function claimBatch(
  desk: Desk,
  tx: StoreTransaction,
): Promise<{ found: number; batch: Batch | undefined }> {
  const { email, clock } = desk.engine;
  const due = await holdDue(tx, clock.now(), email.maximumBatch);
  const [first] = due;
  if (!first) return { found: 0, batch: undefined };
  const store = await loadStore(tx);
  // Its messages wait where they are: a look that passes lets them go.
  if (!(await domainGate(desk.engine, tx, store)).open) return { found: 0, batch: undefined };
  const variant = await loadVariant(tx, first.variantId);
  const { people, busy } = await holdPeople(tx, [...new Set(due.map((message) => message.customerId))]);
  const free = due.filter((message) => !busy.has(message.customerId));
  const plan = variant && planOf(desk, variant);
  if (!plan) {
    await refuseUnsent(
      tx,
      free.map((message) => message.id),
      'bad_template',
    );
    desk.counts.refused += free.length;
    return { found: free.length, batch: undefined };
  }
  const going = await judge(desk, tx, { due: free, people, store, variant });
  if (going.length === 0) return { found: free.length, batch: undefined };
  const batch = await take(desk, tx, { store, plan, due: going, people });
  return { found: free.length, batch };
}

/** Looks at every message once more; drops and puts off what must not go now, and gives what may. */
async function judge(
  desk: Desk,
  tx: StoreTransaction,
  given: { due: Due[]; people: Map<string, Held>; store: Store; variant: VariantRow },
): Promise<Due[]> {
  const { due, people, store } = given;
  const now = desk.engine.clock.now();
  const { cap, quietHours } = store.settings;
  const facts = await readFacts(
    tx,
    due.map((message) => message.id),
    due.map((message) => message.customerId),
    { now, since: new Date(now.getTime() - cap.days * DAY), topic: given.variant.topic },
  );
  const hashes = hashesOf(desk.engine, store.id, people);
  const suppressed = await suppressedHashes(tx, [...hashes.values()]);
  const addresses = new Set<string>();
  const judged = due.map((message): { message: Due; verdict: Verdict } => {
    const known = facts.get(message.id);
    const person = known && people.get(message.customerId);
    const verdict = lastCheck(
      {
        person,
        suppressed: suppressed.has(hashes.get(message.customerId) ?? ''),
        refusal: known?.refusal ?? null,
        asked: known?.asked ?? null,
        orderedSince: known?.orderedSince ?? false,
        recent: known?.recent ?? 0,
        sameAddress: (known?.sameAddress ?? false) || addresses.has(person?.email ?? ''),
        timeZone: message.timeZone ?? store.timeZone,
      },
      { now, quietHours, cap: cap.messages, measureUntil: given.variant.measureUntil },
    );
    if ('go' in verdict && person?.email) addresses.add(person.email);
    return { message, verdict };
  });
  const drops = judged.flatMap(({ message, verdict }) =>
    'drop' in verdict ? [{ id: message.id, reason: verdict.drop }] : [],
  );
  const waits = judged.flatMap(({ message, verdict }) =>
    'waitUntil' in verdict ? [{ id: message.id, until: verdict.waitUntil }] : [],
  );
  await dropMessages(tx, drops);
  await postponeMessages(tx, waits);
  desk.counts.dropped += drops.length;
  desk.counts.postponed += waits.length;
  return judged.flatMap(({ message, verdict }) => ('go' in verdict ? [message] : []));
}

/** Makes the messages ours, writes the attempt, and renders the mails. */
async function take(
  { engine }: Desk,
  tx: StoreTransaction,
  given: { store: Store; plan: RenderPlan; due: Due[]; people: Map<string, Held> },
): Promise<Batch> {
  const [first] = given.due as [Due];
  const { messages, batchId } = await takeAs(engine, tx, given.due);
  const sender = { store: given.store, keys: engine.keys, publicUrl: engine.publicUrl };
  const recipients = messages.map((message) => {
    const person = given.people.get(message.customerId);
    return {
      messageId: message.id,
      customerId: message.customerId,
      email: person?.email ?? '',
      firstName: person?.firstName ?? null,
    };
  });
  return { campaignId: first.campaignId, messages, mail: mailBatch(sender, given.plan, batchId, recipients) };
}

/** Takes messages under a new lease, token and batch id. `token` is the one they have had so far. */
export async function takeAs(
  engine: Engine,
  tx: StoreTransaction,
  given: { id: string; token: number }[],
): Promise<{ messages: Claimed[]; batchId: string }> {
  const now = engine.clock.now();
  const [first] = given;
  // No two claims have the same message and token.
  const batchId = uuidOf('batch', tx.storeId, first?.id ?? '', String((first?.token ?? 0) + 1));
  const messages = await takeMessages(
    tx,
    given.map((message) => message.id),
    { batchId, provider: engine.email.name, now, leaseUntil: new Date(now.getTime() + LEASE_MS) },
  );
  return { messages, batchId };
}

function hashesOf(engine: Engine, storeId: string, people: Map<string, Held>): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const person of people.values())
    if (person.email !== null) hashes.set(person.id, addressHash(engine.keys, storeId, person.email));
  return hashes;
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
