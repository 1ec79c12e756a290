/** Amounts as people write them, as integers of a currency's smallest unit: by digits, never through a float. */

/** Decimal places of a currency: 2 for EUR, 0 for JPY, 3 for KWD (ISO 4217, as Intl knows it). */
export function placesOf(currency: string): number {
  let places = known.get(currency);
  if (places === undefined) {
    places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    known.set(currency, places);
  }
  return places;
}
const known = new Map<string, number>();

export function isCurrency(text: string): boolean {
  return text.length === 3 && /^[A-Z]{3}$/.test(text);
}

/** Digits that still make an exact integer. */
const MOST_DIGITS = 15;

/**
 * '12.5' with 2 places → 1250. Digits beyond the places are rounded half away from zero. `mark`: what stands before the
 * decimals. Undefined for anything else: signs of currencies, thousands, exponents and an empty text.
 */
export function parseDecimal(text: string, places: number, mark = 46): number | undefined {
  let value = 0;
  let digits = 0;
  // -1: before the mark; else how many decimals were taken in
  let decimals = -1;
  let round = false;
  let from = 0;
  let to = text.length;
  while (from < to && text.charCodeAt(from) === 32) from++;
  while (to > from && text.charCodeAt(to - 1) === 32) to--;
  const sign = text.charCodeAt(from);
  if (sign === 45 || sign === 43) from++;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === mark && decimals === -1) {
      decimals = 0;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > 9) return undefined;
    digits++;
    if (decimals < places) {
      value = value * 10 + digit;
      if (decimals >= 0) decimals++;
      // Zeros in front are no digits of the number.
      if (value > 10 ** MOST_DIGITS) return undefined;
    } else {
      if (decimals === places) round = digit >= 5;
      decimals++;
    }
  }
  if (digits === 0) return undefined;
  for (let taken = Math.max(decimals, 0); taken < places; taken++) value *= 10;
  if (round) value++;
  if (value > 10 ** MOST_DIGITS) return undefined;
  return sign === 45 && value !== 0 ? -value : value;
}

/** value / 10^places, rounded half away from zero. */
export function shiftDown(value: number, places: number): number {
  const unit = 10 ** places;
  const rest = value % unit;
  const whole = (value - rest) / unit;
  return Math.abs(rest) * 2 >= unit ? whole + Math.sign(value) : whole;
}
