/** Money as people read it. Amounts are integers of the currency's smallest unit everywhere else. */
import { LOCALES, type Language } from './language.ts';

export type MoneyLanguage = Language;

const known = new Map<string, number>();

/** Minor units in one unit of the currency, as a power of ten: 2 for EUR, 0 for JPY (ISO 4217, as Intl knows it). */
export function currencyDigits(currency: string): number {
  let digits = known.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    known.set(currency, digits);
  }
  return digits;
}

/**
 * Money as people write it: "€ 4,120" or "4.120 €". `minor` in minor units of `currency`. `decimals`: digits after the point;
 * by default as many as the currency has, none where the amount is whole.
 */
export function formatMoney(minor: number, currency: string, language: MoneyLanguage, decimals?: number): string {
  const digits = currencyDigits(currency);
  const amount = minor / 10 ** digits;
  const shown = decimals ?? (Number.isInteger(amount) ? 0 : digits);
  const parts = new Intl.NumberFormat(LOCALES[language], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
    useGrouping: 'always',
  }).formatToParts(amount === 0 ? 0 : amount);
  // English sets the symbol against the number; a space that does not break reads better beside other figures.
  return parts
    .map((part, i) =>
      parts[i + 1]?.type === 'integer' && part.type === 'currency' ? `${part.value}\u00a0` : part.value,
    )
    .join('');
}
