/** What a mail sets off: mail servers answer, apps fetch pictures, a person opens at her hour, clicks, leaves. */
import { DateTime } from 'luxon';
import type { Random } from '../../ports.ts';
import { exponential } from './chance.ts';
import { READING } from './parameters.ts';
import type { Person } from './person.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export interface Reaction {
  messageId: string;
  /** processed, delivered, bounce and complaint come from the provider; the rest the person (or her app) does herself */
  kind: 'processed' | 'delivered' | 'bounce' | 'complaint' | 'open' | 'click' | 'unsubscribe';
  at: number;
  userAgent: string;
  /** True where no person looked: an app fetched the pictures on delivery */
  machine: boolean;
}

const BROWSER =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1';
/** What Apple's proxy says it is when it fetches pictures for Mail Privacy Protection. */
const PREFETCHER = 'Mozilla/5.0';

export function reactTo(mail: {
  who: Person;
  messageId: string;
  at: number;
  comesBack: boolean;
  random: Random;
}): Reaction[] {
  const { who, messageId, random } = mail;
  const reaction = (kind: Reaction['kind'], at: number, machine = false): Reaction => ({
    messageId,
    kind,
    at: Math.round(at),
    userAgent: machine ? PREFETCHER : BROWSER,
    machine,
  });
  const list = [reaction('processed', mail.at + SECOND)];
  if (who.hidden.addressGone) return [...list, reaction('bounce', mail.at + 3 * SECOND)];
  list.push(reaction('delivered', mail.at + 4 * SECOND));
  if (who.hidden.prefetches) list.push(reaction('open', mail.at + 9 * SECOND, true));

  const opensAt = nextReading(who, mail.at, random);
  const hoursWaited = (opensAt - mail.at) / (60 * MINUTE);
  // A mail that lies on top when she reads is opened more than one that lies below a day's others.
  const chance = who.hidden.opens * (hoursWaited < 4 ? 1.2 : hoursWaited < 12 ? 1 : 0.8);
  if (!mail.comesBack && random.next() >= chance) return list;
  list.push(reaction('open', opensAt));
  if (mail.comesBack || random.next() < who.hidden.clicks)
    list.push(reaction('click', opensAt + MINUTE + exponential(random, 1) * MINUTE));
  else if (random.next() < READING.unsubscribeOnceOpen) list.push(reaction('unsubscribe', opensAt + 2 * MINUTE));
  else if (random.next() < READING.complainOnceOpen) list.push(reaction('complaint', opensAt + 3 * MINUTE));
  return list;
}

/** The next time that she reads mail: around her hour of her own day. */
function nextReading(who: Person, at: number, random: Random): number {
  const now = DateTime.fromMillis(at, { zone: who.timeZone });
  const today = now.set({
    hour: who.hidden.readingHour,
    minute: Math.floor(random.next() * 60),
    second: 0,
    millisecond: 0,
  });
  const next = today > now ? today : today.plus({ days: 1 });
  return next.toMillis() + exponential(random, 1 / 40) * MINUTE;
}
