/**
 * Which clock a country lives by, for people of whom nothing nearer is known. A country with several zones stands for the
 * one in which most of its people live, which is the choice that is wrong for the fewest.
 */
import { getAllCountries, getCountry, getTimezone, getTimezonesForCountry } from 'countries-and-timezones';

/**
 * The most populous zone of the countries that have several (United Nations, World Urbanization Prospects 2018, by the
 * largest metropolitan areas of each zone). Countries that are not listed have one clock, or their first listed zone is it.
 */
const MOST_PEOPLE: Record<string, string> = {
  AQ: 'Antarctica/McMurdo',
  AR: 'America/Argentina/Buenos_Aires',
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CD: 'Africa/Kinshasa',
  CL: 'America/Santiago',
  CN: 'Asia/Shanghai',
  CY: 'Asia/Nicosia',
  DE: 'Europe/Berlin',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  FM: 'Pacific/Chuuk',
  GL: 'America/Nuuk',
  ID: 'Asia/Jakarta',
  KI: 'Pacific/Tarawa',
  KZ: 'Asia/Almaty',
  MH: 'Pacific/Majuro',
  MN: 'Asia/Ulaanbaatar',
  MX: 'America/Mexico_City',
  MY: 'Asia/Kuala_Lumpur',
  NZ: 'Pacific/Auckland',
  PF: 'Pacific/Tahiti',
  PG: 'Pacific/Port_Moresby',
  PS: 'Asia/Gaza',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  UA: 'Europe/Kyiv',
  UM: 'Pacific/Wake',
  US: 'America/New_York',
  UZ: 'Asia/Tashkent',
  VN: 'Asia/Ho_Chi_Minh',
};

/** The IANA zone most people of the country live in; undefined for what is no country (ISO 3166-1 alpha-2). */
export function zoneOfCountry(country: string): string | undefined {
  return MOST_PEOPLE[country] ?? ownName(country) ?? getCountry(country)?.timezones[0];
}

/**
 * Since 2022 the zone database joins countries whose clocks agree: Iceland's zone is Africa/Abidjan there. The country's own
 * name means the same clock and startles nobody.
 */
function ownName(country: string): string | undefined {
  const shared = getTimezone(getCountry(country)?.timezones[0] ?? '');
  if (!shared || shared.countries[0] === country) return undefined;
  return getTimezonesForCountry(country, { deprecated: true })?.find(
    (zone) =>
      zone.countries.length === 1 &&
      zone.name.includes('/') &&
      zone.utcOffset === shared.utcOffset &&
      zone.dstOffset === shared.dstOffset &&
      isZone(zone.name),
  )?.name;
}

let all: Record<string, string> | undefined;

/** Every country's zone, for SQL. */
export function zonesOfCountries(): Record<string, string> {
  return (all ??= Object.fromEntries(
    Object.keys(getAllCountries())
      .toSorted()
      .flatMap((country) => {
        const zone = zoneOfCountry(country);
        return zone === undefined ? [] : [[country, zone]];
      }),
  ));
}

const checked = new Map<string, boolean>();

/** Whether this machine knows the zone (IANA name). */
export function isZone(name: string): boolean {
  let known = checked.get(name);
  if (known === undefined) {
    known = tryZone(name);
    // Names come from outside: whatever they are, the list stays short.
    if (checked.size < 2000) checked.set(name, known);
  }
  return known;
}

function tryZone(name: string): boolean {
  // Offsets such as +02:00 are accepted by some engines and are no zones: they do not know summer time.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
