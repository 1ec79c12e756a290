/** What is said against a model, in plain words; and its technical figures as they are, in the words of the papers. */
import type { Language, ModelCard } from '@rekindle/core';
import type { Format } from './format.server.ts';

type Say = (have: string, need: string) => string;

/** By the warning's code (core/src/scoring/models/warnings.ts and beside each model). */
const en: Record<string, Say> = {
  too_few_repeaters: (have, need) => `Too early: ${have} customers bought again, ${need} are needed.`,
  too_few_answers: (have, need) => `Too early: there are ${have} such answers to mails, ${need} are needed.`,
  too_few_events: (have, need) => `Too early: it happened ${have} times, ${need} are needed.`,
  too_few_leavers: (have, need) => `Too early: ${have} people left, ${need} are needed to tell why. That is good news.`,
  too_few_orders: (have, need) => `Too early: the smaller group brought ${have} orders, ${need} are needed.`,
  too_few_mails: (have, need) => `Too early: ${have} mails were sent, ${need} are needed.`,
  too_few_people: (have, need) => `Too early: ${have} people are in the smaller group of past campaigns, ${need} are needed.`,
  few_hours: () => 'Too early: mail has left at too few different hours to compare them.',
  no_trial: () => 'Too early: no campaign has sent the same mail with and without the offer yet.',
  no_signal: () => 'It cannot tell people apart any better than chance, so it is left aside.',
  not_converged: () => 'No stable answer was found in these data, so it is left aside.',
  degenerate_dropout: () => 'It would say that nobody, or everybody, leaves: these orders do not fit it.',
  at_edge: () => 'Its answer ran to the end of what is possible: these orders do not fit it.',
  seasonal_or_changed: () => 'The end of the history went quite another way than foretold: a season, or a change in the shop.',
  other: () => 'Something speaks against it; see the details.',
}; // prettier-ignore

const es: typeof en = {
  too_few_repeaters: (have, need) => `Demasiado pronto: ${have} clientes han repetido y hacen falta ${need}.`,
  too_few_answers: (have, need) => `Demasiado pronto: hay ${have} respuestas así a los correos y hacen falta ${need}.`,
  too_few_events: (have, need) => `Demasiado pronto: ha pasado ${have} veces y hacen falta ${need}.`,
  too_few_leavers: (have, need) => `Demasiado pronto: se han dado de baja ${have} personas y para saber por qué hacen falta ${need}. Es buena noticia.`,
  too_few_orders: (have, need) => `Demasiado pronto: el grupo menor trajo ${have} pedidos y hacen falta ${need}.`,
  too_few_mails: (have, need) => `Demasiado pronto: se enviaron ${have} correos y hacen falta ${need}.`,
  too_few_people: (have, need) => `Demasiado pronto: el grupo menor de las campañas pasadas tiene ${have} personas y hacen falta ${need}.`,
  few_hours: () => 'Demasiado pronto: los correos han salido a muy pocas horas distintas para compararlas.',
  no_trial: () => 'Demasiado pronto: ninguna campaña ha enviado todavía el mismo correo con y sin la oferta.',
  no_signal: () => 'No distingue a las personas mejor que el azar, así que se deja aparte.',
  not_converged: () => 'Con estos datos no se encontró una respuesta estable, así que se deja aparte.',
  degenerate_dropout: () => 'Diría que no se va nadie, o que se van todos: estos pedidos no le encajan.',
  at_edge: () => 'Su respuesta llegó al límite de lo posible: estos pedidos no le encajan.',
  seasonal_or_changed: () => 'El final del historial fue muy distinto de lo predicho: una temporada o un cambio en la tienda.',
  other: () => 'Algo habla en su contra; mira los detalles.',
}; // prettier-ignore

const WORDS: Record<Language, typeof en> = { en, es };

export function objectionSentence(warning: string, format: Format): string {
  const words = WORDS[format.language];
  const code = /^[a-z_]+/.exec(warning)?.[0] ?? '';
  const [have = 0, need = 0] = (warning.slice(code.length).match(/\d+/g) ?? []).map(Number);
  const say = (Object.hasOwn(words, code) ? words[code] : undefined) ?? words['other'];
  return say?.(format.count(have), format.count(need)) ?? '';
}

/** Names and figures as the papers give them, in no language. */
export function detailsOf({ name, customers, holdout, calibrationError, warnings }: ModelCard): string[] {
  return [
    `${NAMES[name] ?? name}; n = ${String(customers)}`,
    ...(holdout ? [`held-out log-likelihood ${holdout.logLikelihood.toFixed(4)} per customer`] : []),
    ...(calibrationError === null ? [] : [`calibration error ${calibrationError.toFixed(4)}`]),
    ...warnings,
  ];
}

const NAMES: Record<string, string> = {
  'bg-nbd': 'BG/NBD (Fader, Hardie & Lee 2005)',
  'mbg-nbd': 'MBG/NBD (Batislam, Denizel & Filiztekin 2007)',
  'pareto-nbd': 'Pareto/NBD (Schmittlein, Morrison & Colombo 1987)',
  'bg-bb': 'BG/BB (Fader, Hardie & Shang 2010)',
  'gamma-gamma': 'Gamma-Gamma (Fader & Hardie 2013)',
  'control-chart': 'gamma-gamma control chart (Holtrop & Wieringa 2023)',
};
