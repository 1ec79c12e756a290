/** A rule in words a shopkeeper uses, in English and Spanish. */
import type { Language } from '../language.ts';
import { formatMoney } from '../money.ts';
import { lifeStageName } from '../scoring/index.ts';
import { partsOf, type Condition, type NumberField, type Rule } from './rule.ts';

const FIELDS: Record<NumberField, { en: string; es: string; unit: 'days' | 'money' | 'share' | 'count' }> = {
  days_since_last: { en: 'days since the last order', es: 'días desde el último pedido', unit: 'days' },
  days_since_first: { en: 'days since the first order', es: 'días desde el primer pedido', unit: 'days' },
  purchase_days: { en: 'days with an order', es: 'días con pedido', unit: 'count' },
  orders: { en: 'orders', es: 'pedidos', unit: 'count' },
  revenue: { en: 'spent so far', es: 'gasto hasta ahora', unit: 'money' },
  usual_interval_days: { en: 'usual days between orders', es: 'días habituales entre pedidos', unit: 'days' },
  last_gap_days: { en: 'days between the last two orders', es: 'días entre los dos últimos pedidos', unit: 'days' },
  p_alive: { en: 'chance of still being a customer', es: 'probabilidad de seguir siendo cliente', unit: 'share' },
  p_return_90: {
    en: 'chance of returning unprompted in 90 days',
    es: 'probabilidad de volver sin avisar en 90 días',
    unit: 'share',
  },
  expected_orders_90: { en: 'orders expected in 90 days', es: 'pedidos esperados en 90 días', unit: 'count' },
  expected_value_90: { en: 'value expected in 90 days', es: 'valor esperado en 90 días', unit: 'money' },
  expected_value_365: { en: 'value expected in a year', es: 'valor esperado en un año', unit: 'money' },
  value_at_risk: { en: 'value at risk a year', es: 'valor en riesgo al año', unit: 'money' },
};

const WORDS = {
  en: {
    and: ' and ',
    or: ' or ',
    none: 'none of these: ',
    atLeast: 'at least',
    atMost: 'at most',
    between: (low: string, high: string) => `between ${low} and ${high}`,
    top: (share: string, what: string) => `among the best ${share} by ${what}`,
    stage: 'life stage is ',
    country: 'country is ',
    language: 'reads ',
    bought: (n: number) => (n === 1 ? 'bought a certain product' : `bought one of ${String(n)} products`),
    within: (days: number) => ` in the last ${String(days)} days`,
    has_email: { true: 'has an e-mail address', false: 'has no e-mail address' },
    has_phone: { true: 'has a phone number', false: 'has no phone number' },
  },
  es: {
    and: ' y ',
    or: ' o ',
    none: 'nada de esto: ',
    atLeast: 'al menos',
    atMost: 'como mucho',
    between: (low: string, high: string) => `entre ${low} y ${high}`,
    top: (share: string, what: string) => `entre el mejor ${share} por ${what}`,
    stage: 'etapa: ',
    country: 'país: ',
    language: 'lee en ',
    bought: (n: number) => (n === 1 ? 'compró cierto producto' : `compró uno de ${String(n)} productos`),
    within: (days: number) => ` en los últimos ${String(days)} días`,
    has_email: { true: 'tiene correo electrónico', false: 'no tiene correo electrónico' },
    has_phone: { true: 'tiene teléfono', false: 'no tiene teléfono' },
  },
} as const;

/** The rule as a sentence, first letter large, with a full stop. Money needs the store's currency (ISO 4217) to be worded. */
export function ruleSentence(rule: Rule, language: Language, currency = 'EUR'): string {
  const words = say(rule, language, currency, true);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function say(rule: Rule, language: Language, currency: string, outermost: boolean): string {
  const parts = partsOf(rule);
  if (!parts) return sayCondition(rule as Condition, language, currency);
  const words = WORDS[language];
  const inside = parts.rules.map((one) => say(one, language, currency, false));
  if (parts.how === 'not') return `${words.none}(${inside.join('; ')})`;
  const joined = inside.join(parts.how === 'all' ? words.and : words.or);
  return outermost || inside.length === 1 ? joined : `(${joined})`;
}

function sayCondition(one: Condition, language: Language, currency: string): string {
  const words = WORDS[language];
  switch (one.op) {
    case 'is':
      return words[one.field][one.value ? 'true' : 'false'];
    case 'top':
      return words.top(figure(one.value, 'share', language, currency), FIELDS[one.field][language]);
    case 'in':
      return sayIn(one, language);
    default: {
      const { unit, [language]: what } = FIELDS[one.field];
      const put = (value: number): string => figure(value, unit, language, currency);
      if (one.op === 'between')
        return one.value[0] === one.value[1]
          ? `${what}: ${put(one.value[0])}`
          : `${what}: ${words.between(put(one.value[0]), put(one.value[1]))}`;
      return `${what}: ${one.op === 'at_least' ? words.atLeast : words.atMost} ${put(one.value)}`;
    }
  }
}

function sayIn(one: Extract<Condition, { op: 'in' }>, language: Language): string {
  const words = WORDS[language];
  const list = (names: string[]): string => new Intl.ListFormat(language, { type: 'disjunction' }).format(names);
  switch (one.field) {
    case 'life_stage':
      return words.stage + list(one.value.map((stage) => lifeStageName(stage, language).toLowerCase()));
    case 'country':
      return words.country + list(one.value.map((code) => nameOf(code, 'region', language)));
    case 'language':
      return words.language + list(one.value.map((code) => nameOf(code, 'language', language)));
    case 'bought_product':
      return words.bought(one.value.length) + (one.withinDays === undefined ? '' : words.within(one.withinDays));
  }
}

function nameOf(code: string, type: 'region' | 'language', language: Language): string {
  return new Intl.DisplayNames(language, { type, fallback: 'code' }).of(code) ?? code;
}

function figure(
  value: number,
  unit: 'days' | 'money' | 'share' | 'count',
  language: Language,
  currency: string,
): string {
  if (unit === 'share')
    return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  if (unit !== 'money') return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
  return formatMoney(value, currency, language);
}
