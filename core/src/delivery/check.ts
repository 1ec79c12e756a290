/**
 * The last look before a mail goes: may it still? Pure; claim.store.ts gathers the facts in the transaction that claims.
 * The order is that of the weight of the reason, so that the reason shown is the one that would remain.
 */
import type { RefusalReason } from '../consent/index.ts';
import type { AskedReason } from '../preferences/index.ts';
import type { IsHoliday } from '../scheduling/index.ts';
import type { DropReason } from './message.ts';

export interface Facts {
  /** Undefined: the person is not there any more */
  person: { email: string | null } | undefined;
  suppressed: boolean;
  /** What the law of her country says now; null: mail may go */
  refusal: RefusalReason | null;
  /** What the person asked for on the preference page; null: nothing that speaks against this mail */
  asked: AskedReason | null;
  /** Answered a mail of this campaign: a person talks with her now */
  replied: boolean;
  /** Bought after the draw: what the mail would ask for has happened */
  orderedSince: boolean;
  /** Of a journey's mail: she answered one, or is not inside any more; null: neither, or no journey */
  leftJourney: 'replied' | 'left_journey' | null;
  /** Other mails to her within the cap's days, those under way included */
  recent: number;
  /** Another of this campaign's mails went, or goes, to the same address */
  sameAddress: boolean;
  timeZone: string;
  isHoliday: IsHoliday;
}

export interface Limits {
  now: Date;
  /** When the quiet hours and holidays of a zone are over that `now` lies in; `now` itself where it lies in none */
  quietEnds: (timeZone: string, isHoliday: IsHoliday) => Date;
  cap: number;
  /** Orders after this count for nothing: a mail would come too late */
  measureUntil: Date | null;
}

export type Verdict = { go: true } | { drop: DropReason } | { waitUntil: Date };

/** Whether a due message goes now, later, or never. */
export function lastCheck(facts: Facts, limits: Limits): Verdict {
  const reason = dropReason(facts, limits);
  if (reason) return { drop: reason };
  const end = limits.quietEnds(facts.timeZone, facts.isHoliday);
  return end > limits.now ? { waitUntil: end } : { go: true };
}

function dropReason(facts: Facts, limits: Limits): DropReason | undefined {
  if (!facts.person) return 'erased';
  if (facts.person.email === null) return 'no_email';
  if (!isAddress(facts.person.email)) return 'bad_address';
  if (facts.suppressed) return 'suppressed';
  if (facts.refusal) return facts.refusal;
  if (facts.replied) return 'replied';
  if (facts.asked) return facts.asked;
  if (facts.orderedSince) return 'ordered_since';
  if (facts.leftJourney) return facts.leftJourney;
  if (facts.sameAddress) return 'same_address';
  if (facts.recent >= limits.cap) return 'capped';
  if (limits.measureUntil && limits.measureUntil <= limits.now) return 'window_passed';
  return undefined;
}

const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$/;

/**
 * Whether a mail server would take it: dot-atom@domain of RFC 5321, in ASCII. One bad address makes a provider refuse
 * everybody who shares the request, so this is strict.
 */
export function isAddress(email: string): boolean {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at + 1)];
  return at > 0 && local.length <= 64 && email.length <= 254 && LOCAL.test(local) && DOMAIN.test(domain);
}
