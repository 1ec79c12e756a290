/**
 * Thirty virtual days of one store: campaigns come, people refuse and come back, buy and complain, a merchant pauses and
 * cancels, the provider has bad days, workers are killed, stopped in the middle of a request, or stay away for hours. The
 * product's own stages decide everything, on a real database; only time, chance and the provider are made up, all of them by
 * the seed, and one thing after the other. So the same seed lives the same life.
 */
import { createHash } from 'node:crypto';
import {
  cancelCampaign,
  nextDelivery,
  pauseCampaign,
  receiveEvents,
  recordResubscribe,
  recordUnsubscribe,
  RekindleError,
  resumeCampaign,
  seededRandom,
  STAGES,
  type Database,
  type Engine,
  type Random,
  type StoreTransaction,
} from '@rekindle/core';
import { buildCampaign, buildStore, fakeClock } from '@rekindle/core/testing';
import { buildEngine } from '../scene.ts';
import { openAgenda } from './agenda.ts';
import { findBreaches, lineOf, type Breach, type Entry, type Rules } from './chronicle.ts';
import { simulatedProvider } from './provider.ts';
import { applySettings, buy, forgetStore, movePeople, readFinals, readTreated } from './simulated.store.ts';
import { openWorker } from './worker.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
export const DAYS = 30;
const LEASE = 5 * SECOND;
const ZONES = Intl.supportedValuesOf('timeZone');
const YEAR = new Date('2026-01-01T00:00:00Z').getTime();
/** More deliveries than any life needs: something does not come to its end. */
const ENDLESS = 3000;

/** A way of doing it wrong. */
export interface Broken {
  /** The store's cap or its quiet hours are not what they should be */
  cap?: number;
  quiet?: false;
  /** Done to the store before every delivery */
  each?: (tx: StoreTransaction) => Promise<unknown>;
}

export interface Life {
  seed: number;
  breaches: Breach[];
  /** SHA-256 of all that happened, line by line */
  fingerprint: string;
  lines: string[];
  messages: number;
  taken: number;
  refusals: number;
  kills: number;
  stops: number;
}

export interface LifeOptions {
  database: Database;
  seed: number;
  broken?: Broken | undefined;
}

/** How many have begun in this process. */
let lives = 0;

export async function live({ database, seed, broken }: LifeOptions): Promise<Life> {
  const random = seededRandom(`simulation ${String(seed)}`);
  const start = YEAR + whole(random, 365 * DAY);
  const clock = fakeClock(new Date(start));
  const agenda = openAgenda();
  const entries: Entry[] = [];
  const rules = drawRules(random);
  const share = pick(random, [0, 0.01, 0.05]);
  const count = { taken: 0, refusals: 0, kills: 0, stops: 0, deliveries: 0 };
  const storeId = await buildStore(database, {
    name: `Simulated ${String(seed)}`,
    createdAt: new Date(start - 100 * DAY),
  });
  const settings = {
    quietHours: broken?.quiet === false ? { from: 0, to: 0 } : rules.quiet,
    cap: { messages: broken?.cap ?? rules.cap, days: rules.capDays },
  };
  await database.inStore(storeId, (tx) => applySettings(tx, settings));

  const now = (): number => clock.now().getTime();
  const in_ = (delay: number, run: () => Promise<unknown>): void => {
    agenda.add(now() + Math.ceil(delay), run);
  };
  const someTime = (): number => random.next() * DAYS * DAY;

  // --------------------------------------------------------------------------------------------------- provider, workers

  const mails = new Map<string, { customerId: string; campaignId: string }>();
  /** The last mail that each person got */
  const arrived = new Map<string, string>();
  const providerName = `simulated ${String(++lives)}`;
  const provider = simulatedProvider({
    name: providerName,
    random: random.fork('provider'),
    now,
    faults: pick(random, [0.02, 0.1, 0.3]),
    onStart: (batch) => {
      const started = batch.recipients.map(({ messageId }) => ({ messageId, ...(mails.get(messageId) ?? NOBODY) }));
      entries.push({ what: 'start', at: now(), mails: started });
    },
    onTaken: (batch) => {
      count.taken += batch.recipients.length;
      for (const { messageId } of batch.recipients) arrived.set(mails.get(messageId)?.customerId ?? '', messageId);
      entries.push({ what: 'taken', at: now(), messageIds: batch.recipients.map((one) => one.messageId) });
      in_(random.next() * 20 * HOUR, hearNews);
    },
  });
  const engine: Engine = {
    ...buildEngine(
      database,
      clock,
      provider.seenBy(() => Promise.resolve()),
    ),
    random: random.fork('engine'),
  };

  /** One worker does one thing. It may die of it, or be stopped and go on later, or never. */
  async function work(what: (engine: Engine) => Promise<unknown>): Promise<void> {
    const worker = openWorker({
      database,
      random,
      share,
      onKilled: () => {
        count.kills++;
        entries.push({ what: 'told', at: now(), text: 'a worker was killed' });
      },
      onStopped: (wake) => {
        count.stops++;
        entries.push({ what: 'told', at: now(), text: 'a worker was stopped' });
        // Most of the time until its lease is over.
        if (random.next() < 0.8) {
          in_(random.next() * 4 * LEASE, async () => {
            await wake();
            // It may have handed back what a campaign that was cancelled meanwhile does not send.
            in_(SECOND, deliverOnce);
          });
        }
      },
    });
    const email = provider.seenBy(() => worker.hold());
    await worker.start(() => what({ ...engine, database: worker.database, email }));
  }

  async function deliverOnce(): Promise<void> {
    if (++count.deliveries > ENDLESS) return;
    if (broken?.each) await database.inStore(storeId, broken.each);
    await work((mine) => STAGES.delivery(mine, storeId));
    // A second one at about the same time.
    if (random.next() < 0.2) in_(random.next() * 2 * LEASE, () => work((mine) => STAGES.delivery(mine, storeId)));
    await beatSoon();
  }

  let nextBeat = Infinity;
  /** The beat of the product: what is due is delivered within seconds, unless every worker is away. */
  async function beatSoon(): Promise<void> {
    const due = await nextDelivery(engine, storeId);
    if (due === null) return;
    const late = random.next() < 0.15 ? random.next() * 6 * HOUR : random.next() * 5 * SECOND;
    const at = Math.ceil(Math.max(due.getTime(), now() + SECOND) + late);
    if (at >= nextBeat && nextBeat > now()) return;
    nextBeat = at;
    agenda.add(at, async () => {
      // Another one came first.
      if (nextBeat !== at) return;
      nextBeat = Infinity;
      await deliverOnce();
    });
  }

  async function hearNews(): Promise<void> {
    const events = provider.news();
    if (events.length === 0) return;
    const body = Buffer.from(JSON.stringify(events));
    await receiveEvents(engine, storeId, providerName, { headers: {}, body });
    for (const { kind, messageId } of events)
      if (kind === 'bounce' || kind === 'complaint')
        entries.push({ what: 'no', at: now(), customerId: mails.get(messageId)?.customerId ?? '', by: 'provider' });
    await beatSoon();
  }

  // ------------------------------------------------------------------------------------------------- merchant and people

  let planned = 0;
  async function startCampaign(key: string): Promise<void> {
    const plannedAt = clock.now();
    const until = new Date(now() + (1 + whole(random, 6)) * DAY);
    const campaign = await buildCampaign(database, storeId, {
      key,
      people: 3 + whole(random, 5),
      plannedAt,
      sendUntil: until,
      measureUntil: new Date(now() + 100 * DAY),
      randomHourShare: 0.3,
      variants: random.next() < 0.5 ? ['a'] : ['a', 'b'],
    });
    entries.push({ what: 'planned', at: now(), campaignId: campaign.id });
    const people = await addPeople(campaign);
    planned += people;
    await schedule();
    if (random.next() < 0.3) in_(random.next() * 3 * DAY, () => steer('pause', campaign.id));
    if (random.next() < 0.1) in_(random.next() * 4 * DAY, () => steer('cancel', campaign.id));
  }

  async function addPeople(campaign: { id: string; customerId: (number: number) => string }): Promise<number> {
    const fresh = new Map<string, string>();
    const ids = await database.inStore(storeId, (tx) => readTreated(tx, campaign.id));
    for (const id of ids)
      if (!rules.zones.has(id)) {
        fresh.set(id, pick(random, ZONES));
        if (random.next() < 0.35) in_(someTime(), () => refuse(id));
        if (random.next() < 0.2)
          in_(someTime(), async () => {
            await database.inStore(storeId, (tx) => buy(tx, id, clock.now()));
            entries.push({ what: 'bought', at: now(), customerId: id });
          });
      }
    for (const [id, zone] of fresh) rules.zones.set(id, zone);
    await database.inStore(storeId, (tx) => movePeople(tx, fresh));
    return ids.length;
  }

  /** Again by the next beat, where whoever did it is killed. */
  async function schedule(): Promise<void> {
    let done = false;
    await work(async (mine) => {
      await STAGES.scheduling(mine, storeId);
      done = true;
    });
    const rows = await database.inStore(storeId, readFinals);
    for (const { id, customerId, campaignId } of rows) mails.set(id, { customerId, campaignId });
    if (!done) in_(MINUTE, schedule);
    await beatSoon();
  }

  async function refuse(customerId: string): Promise<void> {
    const link = { storeId, customerId, messageId: linkOf(customerId) };
    await recordUnsubscribe(engine, link, 'one_click');
    count.refusals++;
    entries.push({ what: 'no', at: now(), customerId, by: 'herself' });
    if (random.next() < 0.4) in_(random.next() * 10 * DAY, () => comeBack(customerId));
  }

  async function comeBack(customerId: string): Promise<void> {
    const told = await recordResubscribe(engine, { storeId, customerId, messageId: linkOf(customerId) });
    if (told?.state === 'subscribed') entries.push({ what: 'yes', at: now(), customerId });
  }

  /** A link of a mail that she has: of one that never reached her she can press nothing. */
  function linkOf(customerId: string): string {
    return arrived.get(customerId) ?? storeId;
  }

  async function steer(what: 'pause' | 'resume' | 'cancel', campaignId: string): Promise<void> {
    const run = { pause: pauseCampaign, resume: resumeCampaign, cancel: cancelCampaign }[what];
    try {
      await run(engine, storeId, campaignId, 'user:trial');
    } catch (error) {
      // It is over, or somebody was faster.
      if (error instanceof RekindleError && error.code === 'wrong_state') return;
      throw error;
    }
    entries.push({ what: what === 'resume' ? 'resumed' : 'stopped', at: now(), campaignId });
    if (what === 'pause') in_(random.next() * 2 * DAY, () => steer('resume', campaignId));
    // What a cancelled campaign had left is dropped by the next beat.
    if (what === 'cancel') in_(random.next() * 5 * SECOND, deliverOnce);
    await beatSoon();
  }

  // ------------------------------------------------------------------------------------------------------------------ run

  for (let left = 2 + whole(random, 3), number = 0; left > 0; left--, number++)
    agenda.add(start + whole(random, (DAYS - 6) * DAY), () => startCampaign(`campaign ${String(number)}`));
  for (let next = agenda.next(); next !== undefined; next = agenda.next()) {
    clock.set(new Date(Math.max(next.at, now())));
    await next.run();
  }
  const finals = await database.inStore(storeId, readFinals);
  await forgetStore(database, storeId);
  const lines = entries.map(lineOf);
  return {
    seed,
    breaches: findBreaches(entries, finals, planned, rules),
    fingerprint: createHash('sha256')
      .update(lines.join('\n').replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'id'))
      .digest('hex'),
    lines,
    messages: finals.length,
    taken: count.taken,
    refusals: count.refusals,
    kills: count.kills,
    stops: count.stops,
  };
}

const NOBODY = { customerId: '', campaignId: '' };

function drawRules(random: Random): Rules {
  return {
    cap: 1 + whole(random, 3),
    capDays: 1 + whole(random, 14),
    quiet: pick(random, [
      { from: 21, to: 8 },
      { from: 22, to: 7 },
      { from: 13, to: 16 },
      { from: 0, to: 22 },
      { from: 0, to: 0 },
    ]),
    zones: new Map(),
    patience: LEASE,
  };
}

function whole(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[whole(random, items.length)] as Item;
}
