/** The effect in one sentence, with no more digits than are known. Pure; says nothing about whether anybody was mailed. */
import { LOCALES, type Language } from '../language.ts';
import { currencyDigits, formatMoney } from '../money.ts';
import type { Effect, Metric } from './effect.ts';

export type SentenceLanguage = Language;
export type Against = 'no_mail' | 'random_hour';

interface Words {
  /** What the mails, or the hours, are held against */
  against: Record<Against, string>;
  more: (amount: string, against: string, low: string, high: string) => string;
  less: (amount: string, against: string, low: string, high: string) => string;
  notYet: (days: number) => string;
  tooFew: (days: number) => string;
  nothing: (low: string, high: string, unit: string) => string;
  tooFewInAll: string;
  broken: string;
  lessOf: (amount: string, counted: boolean) => string;
  moreOf: (amount: string) => string;
  none: string;
  units: Record<Metric, (one: boolean) => string>;
}

const WORDS: Record<SentenceLanguage, Words> = {
  en: {
    against: { no_mail: 'without', random_hour: 'at a random hour' },
    more: (amount, against, low, high) => `${amount} more than ${against}, between ${low} and ${high}`,
    less: (amount, against, low, high) => `${amount} less than ${against}, between ${low} and ${high}`,
    notYet: (days) => `not yet: about ${String(days)} more ${days === 1 ? 'day' : 'days'}`,
    tooFew: (days) => `not yet: too few orders so far, about ${String(days)} more ${days === 1 ? 'day' : 'days'}`,
    nothing: (low, high, unit) => `no difference seen: between ${low} and ${high}${unit}`,
    tooFewInAll: 'too few orders to tell',
    broken: 'the two groups are not as large as the draw makes them: these figures cannot be trusted',
    lessOf: (amount, counted) => `${amount} ${counted ? 'fewer' : 'less'}`,
    moreOf: (amount) => `${amount} more`,
    none: 'nothing',
    units: {
      revenue: () => '',
      orders: (one) => (one ? ' order' : ' orders'),
      return_rate: (one) => (one ? ' returning customer' : ' returning customers'),
    },
  },
  es: {
    against: { no_mail: 'sin correo', random_hour: 'a una hora al azar' },
    more: (amount, against, low, high) => `${amount} más que ${against}, entre ${low} y ${high}`,
    less: (amount, against, low, high) => `${amount} menos que ${against}, entre ${low} y ${high}`,
    notYet: (days) => `todavía no: ${days === 1 ? 'falta 1 día más' : `unos ${String(days)} días más`}`,
    tooFew: (days) =>
      `todavía no: aún hay muy pocos pedidos, ${days === 1 ? 'falta 1 día más' : `unos ${String(days)} días más`}`,
    nothing: (low, high, unit) => `no se ve diferencia: entre ${low} y ${high}${unit}`,
    tooFewInAll: 'hay muy pocos pedidos para saberlo',
    broken: 'los dos grupos no tienen el tamaño que da el sorteo: estas cifras no son fiables',
    lessOf: (amount) => `${amount} menos`,
    moreOf: (amount) => `${amount} más`,
    none: 'nada',
    units: {
      revenue: () => '',
      orders: (one) => (one ? ' pedido' : ' pedidos'),
      return_rate: (one) => (one ? ' cliente que vuelve' : ' clientes que vuelven'),
    },
  },
};

/** What verdictSentence reads of an effect. */
export type Judged = Pick<Effect, 'metric' | 'estimate' | 'low' | 'high' | 'verdict'> & {
  detail: Pick<Effect['detail'], 'daysLeft' | 'enough'>;
};

/**
 * "€ 4,120 more than without, between € 900 and € 7,300", "not yet: about 9 more days". The bounds have two digits of the
 * interval's width, the estimate one more. Where nobody was mailed in truth (an old order log), the caller must say so.
 */
export function verdictSentence(
  effect: Judged,
  options: { language: SentenceLanguage; currency: string; against?: Against },
): string {
  const words = WORDS[options.language];
  const against = words.against[options.against ?? 'no_mail'];
  const { verdict, detail } = effect;
  if (verdict === 'broken') return words.broken;
  if (verdict === 'not_yet') return detail.enough ? words.notYet(detail.daysLeft) : words.tooFew(detail.daysLeft);
  if (verdict === 'nothing_seen' && !detail.enough) return words.tooFewInAll;

  const whole = effect.metric === 'revenue' ? 10 ** currencyDigits(options.currency) : 1;
  const step = roundingStep(effect.high - effect.low, whole);
  const estimate = round(effect.estimate, effect.metric === 'revenue' ? Math.max(1, step / 10) : Math.max(1, step));
  const low = round(effect.low, step);
  const high = round(effect.high, step);
  const say = (value: number) => sayAmount(value, effect.metric, options);
  const unit = (value: number) => words.units[effect.metric](value === 1);
  if (verdict === 'nothing_seen') {
    const counted = effect.metric !== 'revenue';
    const signed = (value: number) => {
      // A bound that rounds to zero is neither more nor less.
      if (value === 0) return words.none;
      return value < 0 ? words.lessOf(say(-value), counted) : words.moreOf(say(value));
    };
    return words.nothing(signed(low), signed(high), unit(high));
  }
  return verdict === 'won'
    ? words.more(say(estimate) + unit(estimate), against, say(low), say(high))
    : words.less(say(-estimate) + unit(-estimate), against, say(-high), say(-low));
}

/** Two digits of the width; no finer than whole units of the currency where the width is ten of them or more. */
function roundingStep(width: number, whole: number): number {
  const step = 10 ** (Math.floor(Math.log10(Math.max(width, 1))) - 1);
  return Math.max(1, width >= whole * 10 ? Math.max(step, whole) : step);
}

function round(value: number, step: number): number {
  return Math.round(value / step) * step;
}

function sayAmount(value: number, metric: Metric, options: { language: SentenceLanguage; currency: string }): string {
  return metric === 'revenue'
    ? formatMoney(value, options.currency, options.language)
    : new Intl.NumberFormat(LOCALES[options.language], { useGrouping: 'always' }).format(value);
}
