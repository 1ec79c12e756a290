/** How many mails a store may claim at this moment. Asked in the transaction that claims, so that what was allowed is what goes. */
import type { Store } from '../../accounts/index.ts';
import type { StoreTransaction } from '../../database/connect.ts';
import { dailyAllowance } from './allowance.ts';
import { holdStore, saveTokens, sendingState, type SendingState } from './pace.store.ts';

/** Of an hour's limit, so much may go at once: a minute's worth. */
const BURST_HOURS = 1 / 60;
const HOUR = 3_600_000;

export interface Room {
  mails: number;
  /** Says that so many were claimed. */
  claimed(count: number): Promise<void>;
}

const UNCOUNTED = (): Promise<void> => Promise.resolve();
const NONE: Room = { mails: 0, claimed: UNCOUNTED };

/** `wanted`: what a batch holds. 0 mails: nothing may go, and the store's row says until when and why. */
export async function roomNow(tx: StoreTransaction, store: Store, now: Date, wanted: number): Promise<Room> {
  const seen = await sendingState(tx, { hold: false });
  if (isHeld(seen, now)) return NONE;
  const { warmUp, hourlyLimit } = store.settings;
  if (!warmUp && hourlyLimit === null && seen.health.state === 'normal') return { mails: wanted, claimed: UNCOUNTED };

  const held = await sendingState(tx, { hold: true });
  if (isHeld(held, now)) return NONE;
  const daily = await dailyAllowance(tx, store, held.health, now);
  const left = daily ? daily.allowed - daily.sent : wanted;
  if (daily && left <= 0) {
    await holdStore(tx, daily.until, daily.reason);
    return NONE;
  }
  if (hourlyLimit === null) return { mails: Math.min(wanted, left), claimed: UNCOUNTED };

  const tokens = refilled(held, now, hourlyLimit);
  if (tokens < 1) {
    await holdStore(tx, new Date(now.getTime() + Math.ceil(((1 - tokens) / hourlyLimit) * HOUR)), 'hourly_limit');
    return NONE;
  }
  return {
    mails: Math.min(wanted, left, Math.floor(tokens)),
    claimed: (count) => saveTokens(tx, tokens - count, now),
  };
}

function isHeld({ health, heldUntil }: SendingState, now: Date): boolean {
  return health.state === 'stopped' || (heldUntil !== null && heldUntil > now);
}

function refilled({ tokens, refilledAt }: SendingState, now: Date, hourlyLimit: number): number {
  const most = Math.max(1, hourlyLimit * BURST_HOURS);
  if (refilledAt === null) return most;
  return Math.min(most, tokens + (hourlyLimit * Math.max(0, now.getTime() - refilledAt.getTime())) / HOUR);
}
