/**
 * A person says on our own page what the store shall write about, how often, from when on and in which language. Committed
 * before the page answers: no mail that she does not want starts after that. Only a POST comes here.
 */
import { loadStore, type Topic } from '../accounts/index.ts';
import { holdStarts, recordTracking, untracked } from '../consent/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import {
  addPreference,
  NO_PREFERENCE,
  preferencesOf,
  rewordWaiting,
  samePreference,
  type Preference,
} from '../preferences/index.ts';
import { holdCustomers } from './events.store.ts';
import { PUBLIC } from './hits.ts';
import { currentCustomer, loadRecipient, type Recipient } from './recipient.store.ts';
import { recordUnsubscribe, type Addressee } from './wish.ts';

/** What the page shows to whoever holds the link. */
export interface PreferenceSheet {
  recipient: Recipient;
  topics: Topic[];
  /** What was asked for and holds */
  preference: Preference;
  /** The newest change, which can be taken back; null: nothing was ever asked for */
  changeId: string | null;
  /** Opens and clicks of her mails may be counted */
  counted: boolean;
  /** IANA zone in which the store tells days */
  timeZone: string;
  now: Date;
}

/** What a form asked for. Of topics only those it showed are meant. */
export interface Asked {
  shown: string[];
  wanted: string[];
  daysBetween: number | null;
  /** Days of a pause from now; keep: the one that runs; null: none */
  pause: number | 'keep' | null;
  language: string;
}

const DAY = 86_400_000;

/** Undefined: there is no such person (any more). */
export function readPreferences(engine: Engine, link: Addressee): Promise<PreferenceSheet | undefined> {
  return engine.database.inStore(link.storeId, async (tx) =>
    sheetOf(engine, tx, await currentCustomer(tx, link.customerId)),
  );
}

/**
 * Keeps what was asked for; the same again changes nothing. Who wants none of the topics wants no mail: that is an
 * unsubscription, and holds for topics of later too.
 */
export async function recordPreferences(
  engine: Engine,
  link: Addressee,
  asked: Asked,
): Promise<PreferenceSheet | undefined> {
  if (asked.shown.length > 0 && asked.wanted.length === 0) {
    await recordUnsubscribe(engine, link, 'no_topics');
    return readPreferences(engine, link);
  }
  return change(engine, link, (tx, customerId, sheet) =>
    keep(tx, customerId, { before: sheet, after: preferenceOf(asked, sheet), at: engine.clock.now() }),
  );
}

/** Records whether opens and clicks of her mails may be counted, from the next mail on. The same again changes nothing. */
export function recordCounting(
  engine: Engine,
  link: Addressee,
  counted: boolean,
): Promise<PreferenceSheet | undefined> {
  return change(engine, link, async (tx, customerId, sheet) => {
    if (sheet.counted !== counted)
      await recordTracking(tx, { customerId, counted, at: engine.clock.now(), source: PUBLIC });
  });
}

/** Takes the newest change back, where it is still the newest. */
export function undoPreferences(
  engine: Engine,
  link: Addressee,
  changeId: string,
): Promise<PreferenceSheet | undefined> {
  return change(engine, link, async (tx, customerId, sheet) => {
    const [newest, before = NO_PREFERENCE] = await preferencesOf(tx, customerId, 2);
    if (newest?.id !== changeId) return;
    await keep(tx, customerId, { before: sheet, after: before, at: engine.clock.now() });
  });
}

async function change(
  engine: Engine,
  link: Addressee,
  work: (tx: StoreTransaction, customerId: string, sheet: PreferenceSheet) => Promise<void>,
): Promise<PreferenceSheet | undefined> {
  return engine.database.inStore(link.storeId, async (tx) => {
    const customerId = await currentCustomer(tx, link.customerId);
    // A mail that is about to start waits for this, or this for it.
    await holdStarts(tx);
    await holdCustomers(tx, [customerId]);
    const before = await sheetOf(engine, tx, customerId);
    if (before === undefined) return undefined;
    await work(tx, customerId, before);
    return sheetOf(engine, tx, customerId);
  });
}

async function keep(
  tx: StoreTransaction,
  customerId: string,
  { before, after, at }: { before: PreferenceSheet; after: Preference; at: Date },
): Promise<void> {
  if (samePreference(before.preference, after)) return;
  await addPreference(tx, { ...after, customerId, at, source: PUBLIC });
  if (after.language !== null) await rewordWaiting(tx, customerId, after.language);
}

function preferenceOf(asked: Asked, { preference, recipient, now }: PreferenceSheet): Preference {
  const shown = new Set(asked.shown);
  const off = asked.shown.filter((key) => !asked.wanted.includes(key));
  return {
    topicsOff: [...preference.topicsOff.filter((key) => !shown.has(key)), ...off],
    daysBetween: asked.daysBetween,
    pausedUntil:
      asked.pause === 'keep'
        ? preference.pausedUntil
        : asked.pause === null
          ? null
          : new Date(now.getTime() + asked.pause * DAY),
    // Who left the language as it was asked for none: the platforms go on knowing it.
    language: preference.language === null && recipient.language.startsWith(asked.language) ? null : asked.language,
  };
}

async function sheetOf(engine: Engine, tx: StoreTransaction, customerId: string): Promise<PreferenceSheet | undefined> {
  const recipient = await loadRecipient(tx, engine.keys, customerId);
  if (recipient === undefined) return undefined;
  const store = await loadStore(tx);
  const [newest] = await preferencesOf(tx, customerId, 1);
  const now = engine.clock.now();
  const { topicsOff, daysBetween, pausedUntil, language } = newest ?? NO_PREFERENCE;
  return {
    recipient,
    topics: store.settings.topics,
    // A pause that is over is none.
    preference: {
      topicsOff,
      daysBetween,
      pausedUntil: pausedUntil && pausedUntil > now ? pausedUntil : null,
      language,
    },
    changeId: newest?.id ?? null,
    counted: !(await untracked(tx, [customerId], [])).has(customerId),
    timeZone: store.timeZone,
    now,
  };
}
