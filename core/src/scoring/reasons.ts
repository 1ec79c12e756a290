/**
 * Why a customer has the score he has, as a closed list of codes with numbers. The words are made where they are read, in the
 * reader's language, for a salesperson: no model, no probability without a plain meaning.
 */
import { z } from 'zod';
import type { Language } from '../language.ts';
import { formatMoney } from '../money.ts';
import type { LifeStage } from './life-stage.ts';

const days = z.number().int().nonnegative();
const percent = z.number().int().min(0).max(100);

export const reason = z.discriminatedUnion('code', [
  /** The silence is within what is usual for this person. */
  z.object({ code: z.literal('on_time'), days, usual: days }),
  /** Longer than four of five of the person's likely gaps. */
  z.object({ code: z.literal('late'), days, usual: days }),
  /** Longer than nineteen of twenty: past the personal lapse boundary. */
  z.object({ code: z.literal('past_boundary'), days, boundary: days }),
  /** Bought once; `usual`: by when half of those who come back have come back. */
  z.object({ code: z.literal('one_time'), days, usual: days }),
  z.object({ code: z.literal('bought_often'), times: z.number().int(), every: days }),
  /** Minor units of a year's purchases while a customer. */
  z.object({ code: z.literal('worth'), yearly: z.number().int() }),
  z.object({ code: z.literal('likely_gone'), percent }),
  z.object({ code: z.literal('likely_still_there'), percent }),
  /** Of people as late as this one, so many came back within 90 days. */
  z.object({ code: z.literal('others_came_back'), percent }),
  z.object({ code: z.literal('needs_repeat_buyers'), have: z.number().int(), need: z.number().int() }),
  z.object({ code: z.literal('needs_history'), have: days, need: days }),
]);

export type Reason = z.infer<typeof reason>;

/** What stands in scores.reasons. */
export const reasons = z.array(reason);

/** One sentence, at most some fifteen words. Money is in minor units of `currency`. */
export function reasonSentence(given: Reason, language: Language, currency: string): string {
  return language === 'es' ? inSpanish(given, currency) : inEnglish(given, currency);
}

function inEnglish(given: Reason, currency: string): string {
  switch (given.code) {
    case 'on_time':
      return `Bought ${ago(given.days)}; usually buys every ${count(given.usual, 'day', 'days')}.`;
    case 'late':
      return `Late: bought ${ago(given.days)}, usually every ${count(given.usual, 'day', 'days')}.`;
    case 'past_boundary':
      return `Silent for ${count(given.days, 'day', 'days')}; 19 of 20 pauses end within ${String(given.boundary)}.`;
    case 'one_time':
      return `Bought once, ${ago(given.days)}; half of those who come back do so within ${count(given.usual, 'day', 'days')}.`;
    case 'bought_often':
      return `Bought on ${String(given.times)} days, about every ${count(given.every, 'day', 'days')}.`;
    case 'worth':
      return `Worth about ${money(given.yearly, currency, 'en')} a year while a customer.`;
    case 'likely_gone':
      return `${String(given.percent)}% likely to be gone for good.`;
    case 'likely_still_there':
      return `${String(given.percent)}% likely to be still a customer.`;
    case 'others_came_back':
      return `Of customers as late as this, ${String(given.percent)}% came back within 90 days.`;
    case 'needs_repeat_buyers':
      return `Not enough data: ${count(given.have, 'customer', 'customers')} bought again, ${String(given.need)} are needed.`;
    case 'needs_history':
      return `Not enough data: ${count(given.have, 'day', 'days')} of orders, ${String(given.need)} are needed.`;
  }
}

function inSpanish(given: Reason, currency: string): string {
  switch (given.code) {
    case 'on_time':
      return `Compró ${hace(given.days)}; suele comprar cada ${count(given.usual, 'día', 'días')}.`;
    case 'late':
      return `Va con retraso: compró ${hace(given.days)} y suele hacerlo cada ${count(given.usual, 'día', 'días')}.`;
    case 'past_boundary':
      return `Sin comprar desde hace ${count(given.days, 'día', 'días')}; 19 de cada 20 pausas acaban antes de ${String(given.boundary)}.`;
    case 'one_time':
      return `Compró una vez, ${hace(given.days)}; la mitad de quienes vuelven lo hacen en ${count(given.usual, 'día', 'días')}.`;
    case 'bought_often':
      return `Compró en ${String(given.times)} días distintos, más o menos cada ${count(given.every, 'día', 'días')}.`;
    case 'worth':
      return `Vale unos ${money(given.yearly, currency, 'es')} al año mientras es cliente.`;
    case 'likely_gone':
      return `Con un ${String(given.percent)} % de probabilidad ya no volverá.`;
    case 'likely_still_there':
      return `Con un ${String(given.percent)} % de probabilidad sigue siendo cliente.`;
    case 'others_came_back':
      return `De los clientes con el mismo retraso, el ${String(given.percent)} % volvió en 90 días.`;
    case 'needs_repeat_buyers':
      return `Faltan datos: ${count(given.have, 'cliente ha', 'clientes han')} repetido y hacen falta ${String(given.need)}.`;
    case 'needs_history':
      return `Faltan datos: hay ${count(given.have, 'día', 'días')} de pedidos y hacen falta ${String(given.need)}.`;
  }
}

function count(value: number, one: string, many: string): string {
  return `${String(value)} ${value === 1 ? one : many}`;
}

function ago(value: number): string {
  return value === 0 ? 'today' : `${count(value, 'day', 'days')} ago`;
}

function hace(value: number): string {
  return value === 0 ? 'hoy' : `hace ${count(value, 'día', 'días')}`;
}

function money(minor: number, currency: string, language: Language): string {
  return formatMoney(minor, currency, language, 0);
}

const STAGE_NAMES: Record<Language, Record<LifeStage, string>> = {
  en: { new: 'New', active: 'Active', slipping: 'Slipping', lapsed: 'Lapsed', lost: 'Lost' },
  es: { new: 'Nuevo', active: 'Activo', slipping: 'En riesgo', lapsed: 'Inactivo', lost: 'Perdido' },
};

export function lifeStageName(stage: LifeStage, language: Language): string {
  return STAGE_NAMES[language][stage];
}
