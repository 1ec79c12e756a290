/** Countries as people type them into an address, as ISO 3166-1 codes: 'ES', 'Spain', 'España', 'Deutschland'. */
const LANGUAGES = ['en', 'es', 'de', 'fr', 'it', 'pt', 'nl'];
const ALSO: Record<string, string> = {
  usa: 'US',
  'united states of america': 'US',
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
};
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');

let names: Map<string, string> | undefined;

/** The code, or undefined for what is no country that anybody writes so. */
export function countryOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  names ??= nameAll();
  return names.get(text.trim().toLowerCase());
}

function nameAll(): Map<string, string> {
  const all = new Map(Object.entries(ALSO));
  const languages = LANGUAGES.map((language) => new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }));
  for (const first of LETTERS)
    for (const second of LETTERS) {
      const code = first + second;
      const known = languages.flatMap((language) => language.of(code) ?? []);
      // Codes that were given up (DD, SU) or belong to nobody (EU, XA) stand behind those that are in use.
      if (known.length === 0 || /^(EU|EZ|UN|QO|X[AB]|ZZ|DD|SU|YD|AN|BU|CS|FX|NT|TP|YU|ZR)$/.test(code)) continue;
      for (const name of [code, ...known]) if (!all.has(name.toLowerCase())) all.set(name.toLowerCase(), code);
    }
  return all;
}
