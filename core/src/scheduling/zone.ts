/** In which zone a person lives, as well as we know: her own, else her country's, else the store's. */
import { getTimezonesForCountry } from 'countries-and-timezones';
import { IANAZone } from 'luxon';

/** Where a country has several: the one in which most of its people live, or the middle of them. */
const MAIN_ZONE: Record<string, string> = {
  US: 'America/Chicago',
  CA: 'America/Toronto',
  MX: 'America/Mexico_City',
  BR: 'America/Sao_Paulo',
  CL: 'America/Santiago',
  EC: 'America/Guayaquil',
  AU: 'Australia/Sydney',
  NZ: 'Pacific/Auckland',
  ID: 'Asia/Jakarta',
  RU: 'Europe/Moscow',
  KZ: 'Asia/Almaty',
  MN: 'Asia/Ulaanbaatar',
  CD: 'Africa/Kinshasa',
  ES: 'Europe/Madrid',
  PT: 'Europe/Lisbon',
  FR: 'Europe/Paris',
  CN: 'Asia/Shanghai',
  UA: 'Europe/Kyiv',
};

const byCountry = new Map<string, string | undefined>();

/** `zone` and `country` as the customer's row has them; names that are no IANA zone are passed over. */
export function zoneOf(zone: string | null, country: string | null, storeZone: string): string {
  if (zone !== null && IANAZone.isValidZone(zone)) return zone;
  return (country === null ? undefined : zoneOfCountry(country.toUpperCase())) ?? storeZone;
}

function zoneOfCountry(country: string): string | undefined {
  if (!byCountry.has(country)) {
    const zones = getTimezonesForCountry(country) ?? [];
    const first = zones
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
      .find((one) => IANAZone.isValidZone(one.name));
    byCountry.set(country, MAIN_ZONE[country] ?? first?.name);
  }
  return byCountry.get(country);
}
