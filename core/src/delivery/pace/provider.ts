/**
 * How fast the e-mail provider may be asked. Its limits are of the account that every store and every process sends through,
 * so what one of them learns holds for all, through the database. A request is asked for before anything is claimed: a mail
 * that is not claimed has lost nothing by waiting.
 */
import type { StoreTransaction } from '../../database/connect.ts';
import type { Engine } from '../../engine.ts';
import type { SendResult } from '../../ports.ts';
import { GROWTH, holdProviderPace, readProviderPace, saveProviderPace } from './provider.store.ts';
import { paceAt, stepBack, take } from './rate.ts';

/** A free pace that was read is good for so long: a thousand mails a request are sent in less. */
const FRESH_MS = 1000;
/** What "too many" without a time means. */
const PAUSE_MS = 1000;
/** Too many requests; SMTP's "closing channel, come back later". */
const TOO_MANY = new Set([429, 421]);

/** What one run of a delivery knows of the provider. */
export interface ProviderSense {
  /** When a free pace was last seen */
  freeAt: number;
  /** There is a limit: every request is asked for */
  limited: boolean;
  /** Requests made since */
  since: number;
  requests: number;
  /** Requests that the provider said it would still take now; infinite where it says nothing of the kind */
  room: number;
}

export function newSense(now: Date): ProviderSense {
  return {
    freeAt: Number.NEGATIVE_INFINITY,
    limited: false,
    since: now.getTime(),
    requests: 0,
    room: Number.POSITIVE_INFINITY,
  };
}

/** Whether a claim may be made without asking for a request first. Looked up in the claim's own transaction, once a second. */
export async function isUnlimited(
  tx: StoreTransaction,
  provider: string,
  now: Date,
  sense: ProviderSense,
): Promise<boolean> {
  if (sense.limited || now.getTime() - sense.freeAt < FRESH_MS) return true;
  const { rate, blockedUntil } = await readProviderPace(tx, provider);
  sense.limited = isBlocked(blockedUntil, now) || (rate !== null && paceAt(rate, now) !== null);
  if (!sense.limited) sense.freeAt = now.getTime();
  return !sense.limited;
}

/** Under a limit: whether one more request may go; else how long to wait. */
export async function mayAsk(
  engine: Pick<Engine, 'database' | 'clock' | 'email'>,
  storeId: string,
  sense: ProviderSense,
): Promise<{ waitMs: number }> {
  if (!sense.limited) return { waitMs: 0 };
  const now = engine.clock.now();
  const waitMs = await engine.database.inStore(storeId, (tx) => takeRequest(tx, engine.email.name, now, sense));
  return { waitMs };
}

async function takeRequest(tx: StoreTransaction, provider: string, now: Date, sense: ProviderSense): Promise<number> {
  const held = await holdProviderPace(tx, provider);
  if (isBlocked(held.blockedUntil, now)) return held.blockedUntil.getTime() - now.getTime();
  if (!held.rate || paceAt(held.rate, now) === null) {
    sense.limited = false;
    return 0;
  }
  const { granted, left, waitMs } = take(held.rate, now, 1);
  await saveProviderPace(tx, provider, { rate: left, blockedUntil: null });
  return granted > 0 ? 0 : waitMs;
}

function isBlocked(until: Date | null, now: Date): until is Date {
  return until !== null && until > now;
}

/** Learns from an answer. Nothing is written where there is nothing to learn. */
export async function heardProvider(
  engine: Pick<Engine, 'database' | 'clock' | 'email'>,
  storeId: string,
  sense: ProviderSense,
  result: SendResult,
): Promise<void> {
  const now = engine.clock.now();
  sense.requests++;
  const tooMany = result.outcome === 'refused' && result.retryable && TOO_MANY.has(result.status);
  const room = 'room' in result ? result.room : undefined;
  sense.room = room?.requests ?? Number.POSITIVE_INFINITY;
  if (!tooMany && room?.requests !== 0) return;
  sense.limited = true;
  const observed = sense.requests / Math.max(1, (now.getTime() - sense.since) / 1000);
  await engine.database.inStore(storeId, async (tx) => {
    const held = await holdProviderPace(tx, engine.email.name);
    const pauseMs = tooMany ? (result.retryAfterSeconds ?? 0) * 1000 || PAUSE_MS : (room?.seconds ?? 0) * 1000;
    const until = Math.max(now.getTime() + pauseMs, held.blockedUntil?.getTime() ?? 0);
    await saveProviderPace(tx, engine.email.name, {
      // An empty window is no reproach: it is waited for at the same pace.
      rate: tooMany ? stepBack(held.rate, now, { perSecond: observed, growth: GROWTH }) : held.rate,
      blockedUntil: new Date(until),
    });
  });
  sense.since = now.getTime();
  sense.requests = 0;
}
