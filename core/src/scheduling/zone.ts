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
  if (timeZone !== null && IANAZone.isValidZone(timeZone)) return { zone: timeZone, source: toldBy(timeZoneSource) };
  const ofCountry = country === null ? undefined : zoneOfCountry(country.toUpperCase());
  if (ofCountry !== undefined && IANAZone.isValidZone(ofCountry)) return { zone: ofCountry, source: 'country' };
  const ofHours = zoneOfHours(person.bought ?? [], storeZone);
  return ofHours === undefined ? { zone: storeZone, source: 'store' } : { zone: ofHours, source: 'behaviour' };
}

function toldBy(source: string | null): ZoneSource {
  return source === 'address' || source === 'country' ? source : 'profile';
}
