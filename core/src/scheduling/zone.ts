/**
 * In which zone a person lives, as well as we know, and from what: her own word (profile), her address, her country, the hours at
 * which she buys (behaviour), else the store's. Pure.
 */
import { IANAZone } from 'luxon';
import { zoneOfCountry } from '../ingest/index.ts';
import { zoneOfHours } from './behaviour.ts';

export const ZONE_SOURCES = ['profile', 'address', 'country', 'behaviour', 'store'] as const;
export type ZoneSource = (typeof ZONE_SOURCES)[number];

/** What is known of where a person lives. */
export interface Whereabouts {
  /** As the customer's row has it: told by a platform, or that of the country it told */
  timeZone: string | null;
  timeZoneSource: string | null;
  country: string | null;
  /** When she bought; looked at only where nothing else is known */
  bought?: readonly Date[];
}

export interface FoundZone {
  zone: string;
  source: ZoneSource;
}

/** Names that are no IANA zone are passed over. */
export function zoneOf(person: Whereabouts, storeZone: string): FoundZone {
  const { timeZone, timeZoneSource, country } = person;
  if (timeZone !== null && isZone(timeZone)) return { zone: timeZone, source: toldBy(timeZoneSource) };
  const ofCountry = country === null ? undefined : zoneOfCountry(country.toUpperCase());
  if (ofCountry !== undefined && isZone(ofCountry)) return { zone: ofCountry, source: 'country' };
  const ofHours = zoneOfHours(person.bought ?? [], storeZone);
  return ofHours === undefined ? { zone: storeZone, source: 'store' } : { zone: ofHours, source: 'behaviour' };
}

/** Names that were asked for: asking makes a date format, which takes a tenth of a millisecond, and people come by the million. */
const asked = new Map<string, boolean>();
/** There are some six hundred zones; what is more is nonsense from outside, and need not be kept. */
const MOST = 1000;

function isZone(name: string): boolean {
  let valid = asked.get(name);
  if (valid === undefined) {
    if (asked.size >= MOST) asked.clear();
    asked.set(name, (valid = IANAZone.isValidZone(name)));
  }
  return valid;
}

function toldBy(source: string | null): ZoneSource {
  return source === 'address' || source === 'country' ? source : 'profile';
}
