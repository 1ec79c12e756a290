/**
 * Where somebody lives whose country nobody knows, from the hours at which she buys: people sleep at night. The likelihood of her
 * hours is worked out for every whole offset from UTC under one shape of a day; only where the store's own clock is all but ruled
 * out, another one is taken. A guess of last resort: mails of a few hours too early are better than mails at four in the morning.
 * Pure.
 */
import { DateTime, IANAZone } from 'luxon';

/** Orders that it takes: with fewer the night cannot be told from chance. */
export const ENOUGH_ORDERS = 12;
/** Below this chance of living within three hours of the store's clock another clock is believed. */
const RULED_OUT = 0.01;
const NEAR_HOURS = 3;
const DAY = 86_400_000;

/** Share of a day's orders by the hour on the buyer's clock, in thousandths: a quiet night, a long day, a peak after dinner. */
const SHAPE = [20, 11, 7, 5, 5, 8, 16, 28, 42, 53, 58, 59, 56, 54, 54, 55, 55, 55, 57, 61, 66, 68, 62, 45];
const SUM = SHAPE.reduce((sum, share) => sum + share, 0);
const OFFSETS = Array.from({ length: 26 }, (_, i) => i - 11);

/** A zone of a whole offset (Etc/GMT…); undefined: too little is known, or the store's clock will do. */
export function zoneOfHours(bought: readonly Date[], storeZone: string): string | undefined {
  // A date without a time says nothing of an hour.
  const timed = bought.filter((at) => at.getTime() % DAY !== 0);
  if (timed.length < ENOUGH_ORDERS || !IANAZone.isValidZone(storeZone)) return undefined;
  const logs = OFFSETS.map((offset) =>
    timed.reduce((sum, at) => sum + Math.log((SHAPE[hourAt(at, offset)] ?? 1) / SUM), 0),
  );
  const most = Math.max(...logs);
  const chances = logs.map((log) => Math.exp(log - most));
  const total = chances.reduce((sum, chance) => sum + chance, 0);
  const middle = timed[Math.floor(timed.length / 2)] ?? new Date(0);
  const store = DateTime.fromJSDate(middle, { zone: storeZone }).offset / 60;
  const near = OFFSETS.reduce(
    (sum, offset, i) => (apart(offset, store) <= NEAR_HOURS ? sum + (chances[i] ?? 0) : sum),
    0,
  );
  if (near / total >= RULED_OUT) return undefined;
  const best = OFFSETS[logs.indexOf(most)] ?? 0;
  // The names have their signs the other way round.
  return best === 0 ? 'Etc/GMT' : `Etc/GMT${best > 0 ? '-' : '+'}${String(Math.abs(best))}`;
}

function hourAt(at: Date, offset: number): number {
  return (((at.getUTCHours() + offset) % 24) + 24) % 24;
}

/** Hours between two clocks, over midnight too. */
function apart(one: number, other: number): number {
  const between = Math.abs(one - other) % 24;
  return Math.min(between, 24 - between);
}
