/**
 * Phone numbers as E.164 (ITU-T E.164: + and at most fifteen digits), so that one number told in three ways is one number.
 * What cannot be read as one is kept as it was told and joins nobody. Pure.
 */

/** Country → calling code (ITU-T E.164, annex: list of assigned codes). */
const CODES = new Map(
  `US1 CA1 ES34 FR33 DE49 GB44 IE353 NL31 BE32 LU352 PT351 IT39 CH41 AT43 DK45 SE46 NO47 FI358 PL48 CZ420 SK421 HU36 RO40 BG359
  GR30 HR385 SI386 EE372 LV371 LT370 MX52 BR55 AR54 CL56 CO57 PE51 AU61 NZ64 JP81 KR82 IN91 SG65 ZA27 IL972 TR90 AE971 PH63
  TH66 MY60 ID62 VN84`
    .split(/\s+/)
    .map((entry) => [entry.slice(0, 2), entry.slice(2)]),
);
/** Nobody dials a 0 before these: where there is one it belongs to the number. */
const KEEPS_ZERO = new Set(['IT']);
const SHORTEST = 7;
const LONGEST = 15;

/** `country` (ISO 3166-1) reads a number that is told without its calling code. Undefined where nothing was told. */
export function phoneNumber(told: string | undefined, country: string | undefined): string | undefined {
  if (told === undefined) return undefined;
  const text = told.normalize('NFKC').trim();
  // (0) is dialled within the country only; an extension is somebody else's part of the number.
  const digits = text
    .replaceAll('(0)', '')
    .replace(/^00/, '+')
    .replaceAll(/[\s().\-/\u2010-\u2015]/g, '');
  if (/^\+[1-9]\d+$/.test(digits)) return inBounds(digits) ?? text;
  const code = CODES.get(country?.toUpperCase() ?? '');
  if (code === undefined || !/^\d+$/.test(digits)) return text;
  return inBounds(`+${code}${nationalPart(digits, code, country?.toUpperCase() ?? '')}`) ?? text;
}

function nationalPart(digits: string, code: string, country: string): string {
  // North America dials its own calling code within the country.
  if (code === '1') return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  return KEEPS_ZERO.has(country) ? digits : digits.replace(/^0/, '');
}

function inBounds(number: string): string | undefined {
  const length = number.length - 1;
  return length >= SHORTEST && length <= LONGEST ? number : undefined;
}
