/** Names of countries, as shops write them, → ISO 3166-1 alpha-2. */
import { getAllCountries } from 'countries-and-timezones';

/** What no dictionary has. The Channel Islands have two codes: most of their people live in Jersey. */
const ALSO: Record<string, string> = {
  eire: 'IE',
  'republic of ireland': 'IE',
  rsa: 'ZA',
  usa: 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'channel islands': 'JE',
  'czech republic': 'CZ',
  uae: 'AE',
  korea: 'KR',
  'republic of korea': 'KR',
  holland: 'NL',
  turkey: 'TR',
  macedonia: 'MK',
  'hong kong': 'HK',
  macau: 'MO',
  'viet nam': 'VN',
  'russian federation': 'RU',
};

/** Names in these languages are understood. */
const LANGUAGES = ['pt', 'nl', 'it', 'fr', 'de', 'es', 'en'];

let byName: Map<string, string> | undefined;
const seen = new Map<string, string | undefined>();

/** The code of a country's name or code; undefined for 'Unspecified', 'European Community' and whatever is no country. */
export function countryOf(text: string): string | undefined {
  if (text === '') return undefined;
  if (seen.has(text)) return seen.get(text);
  byName ??= names();
  const name = text.trim().toLowerCase();
  const code = byName.get(name);
  // Texts come from outside: the list of those seen stays short.
  if (seen.size < 5000) seen.set(text, code);
  return code;
}

function names(): Map<string, string> {
  const map = new Map<string, string>();
  const codes = Object.keys(getAllCountries()).toSorted();
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of codes) {
      const name = display.of(code);
      if (name !== undefined) map.set(name.toLowerCase(), code);
    }
  }
  for (const [code, { name }] of Object.entries(getAllCountries())) map.set(name.toLowerCase(), code);
  for (const code of codes) map.set(code.toLowerCase(), code);
  for (const [name, code] of Object.entries(ALSO)) map.set(name, code);
  return map;
}
