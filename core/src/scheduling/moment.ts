/** At which minute one person's mail goes. Pure: the person's draws and the hours her zone allows decide. */
import { hmacSha256, type Mac } from '../hmac.ts';
import type { Slot } from './slot.ts';

/** How the hour was picked: what the person showed, chance (to measure what picking brings), or good hours for everybody. */
export type HourSource = 'preference' | 'random' | 'default';

export interface Moment {
  at: Date;
  hour: number;
  source: HourSource;
}

/** Four numbers in [0, 1) that belong to a person in a campaign, the same at every replay. */
export interface Draws {
  random: number;
  day: number;
  hour: number;
  minute: number;
}

/** Late morning and early evening: when most people read mail at leisure. */
const DEFAULT_HOURS = new Set([10, 11, 12, 18, 19, 20]);

/** That of the store whose people were drawn last: they come by the thousand. */
let signer: { key: string; sign: Mac } | undefined;

/** HMAC-SHA256 under the store's draw key, cut in four; "send time" keeps it apart from the draw that holds people back. */
export function drawsOf(drawKey: string, campaignKey: string, customerKey: string): Draws {
  if (signer?.key !== drawKey) signer = { key: drawKey, sign: hmacSha256(Buffer.from(drawKey)) };
  const digest = signer.sign(JSON.stringify(['send time', campaignKey, customerKey]));
  const number = (place: number): number => digest.readUInt32BE(place * 8) / 2 ** 32;
  return { random: number(0), day: number(1), hour: number(2), minute: number(3) };
}

/**
 * The moment for one person. `slots` must not be empty. `bestHour` is the hour of her week (0 = Monday 00:00) or null;
 * `randomShare` is the share of people who get a random hour whatever is known of them.
 */
export function pickMoment(slots: Slot[], bestHour: number | null, randomShare: number, draws: Draws): Moment {
  if (draws.random < randomShare) return within(oneOf(slots, draws.hour), 'random', draws);
  if (bestHour !== null) return within(preferred(slots, bestHour, draws), 'preference', draws);
  const usual = slots.filter((slot) => DEFAULT_HOURS.has(slot.hour));
  return within(oneOf(usual.length > 0 ? usual : slots, draws.hour), 'default', draws);
}

/** Her hour of her day; else her hour of another day; else the hour of the day nearest to hers. */
function preferred(slots: Slot[], bestHour: number, draws: Draws): Slot {
  const exact = slots.filter((slot) => slot.weekHour === bestHour);
  if (exact.length > 0) return oneOf(exact, draws.day);
  const distance = (slot: Slot): number => {
    const apart = Math.abs(slot.hour - (bestHour % 24));
    return Math.min(apart, 24 - apart);
  };
  const nearest = Math.min(...slots.map(distance));
  return oneOf(
    slots.filter((slot) => distance(slot) === nearest),
    draws.day,
  );
}

function oneOf(slots: Slot[], draw: number): Slot {
  const slot = slots[Math.floor(draw * slots.length)];
  if (!slot) throw new RangeError('no hour to pick from');
  return slot;
}

/** Minutes are drawn too, so that an hour's mails do not all leave at once. */
function within(slot: Slot, source: HourSource, draws: Draws): Moment {
  const minute = Math.floor(draws.minute * slot.minutes);
  return { at: new Date(slot.start + minute * 60_000), hour: slot.hour, source };
}
