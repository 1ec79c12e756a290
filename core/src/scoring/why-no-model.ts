/** Why no model scores a store yet, in a shopkeeper's words: what is missing, and until when. Pure. */
import { LOCALES, type Language } from '../language.ts';
import { NEEDED_DAYS } from './choose.ts';

export interface WhyNoModel {
  /** What is missing, a sentence */
  missing: string;
  /** When that will be, where it can be told */
  until: Date | null;
  /** What is done meanwhile, a sentence */
  meanwhile: string;
  /** How much of what is missing is there; null where it cannot be counted */
  progress: { unit: string; have: number; need: number } | null;
}

type Count = (value: number) => string;

const en = {
  meanwhile: 'Until then each customer is judged by their own rhythm of orders.',
  triedAgain: 'The forecasts are tried again after every night’s scoring; each customer is judged by their own rhythm of orders meanwhile.',
  young: (have: number, need: number, count: Count) =>
    `Forecasts need ${count(need)} days of orders, and so far there ${have === 1 ? 'is 1' : `are ${count(have)}`}.`,
  days: 'Days of orders',
  small: (have: number, need: number, count: Count) =>
    `Forecasts need ${count(need)} customers who came back for a second order, and so far ${have === 0 ? 'none has' : have === 1 ? '1 has' : `${count(have)} have`}.`,
  cameBack: 'Customers who came back',
  seasonal: 'Your orders lately went quite another way than the months before promised: a season, or a change in the shop. A forecast made from them would mislead.',
  nobodyLeaves: 'Hardly any of your customers has stopped buying so far, so there is nothing to tell who will.',
  short: (need: number, count: Count) =>
    `Forecasts are first tried on orders that they have not seen, and for that the history is too short; ${count(need)} days do.`,
  unclear: 'Your customers’ orders do not show yet who stays and who leaves, so no forecast can be relied on.',
}; // prettier-ignore

const es: typeof en = {
  meanwhile: 'Hasta entonces se juzga a cada cliente por su propio ritmo de compra.',
  triedAgain: 'Las predicciones se vuelven a probar cada noche; mientras tanto se juzga a cada cliente por su propio ritmo de compra.',
  young: (have, need, count) =>
    `Para predecir hacen falta ${count(need)} días de pedidos, y hasta hoy hay ${count(have)}.`,
  days: 'Días de pedidos',
  small: (have, need, count) =>
    `Para predecir hacen falta ${count(need)} clientes que hayan repetido, y hasta hoy ${have === 0 ? 'no lo ha hecho ninguno' : have === 1 ? 'lo ha hecho 1' : `lo han hecho ${count(have)}`}.`,
  cameBack: 'Clientes que han repetido',
  seasonal: 'Los últimos pedidos fueron muy distintos de lo que prometían los meses anteriores: una temporada o un cambio en la tienda. Una predicción hecha con ellos engañaría.',
  nobodyLeaves: 'Casi ningún cliente ha dejado de comprar hasta hoy, así que nada indica quién lo hará.',
  short: (need, count) =>
    `Las predicciones se prueban primero con pedidos que no han visto, y para eso el historial es demasiado corto; bastan ${count(need)} días.`,
  unclear: 'Los pedidos de tus clientes todavía no muestran quién se queda y quién se va, así que ninguna predicción es de fiar.',
}; // prettier-ignore

const WORDS: Record<Language, typeof en> = { en, es };

/** `reason`: as the scoring kept it (score_runs.reason), with codes and figures for whoever wants them. */
export function whyNoModel(reason: string, asOf: Date, language: Language): WhyNoModel {
  const words = WORDS[language];
  const number = new Intl.NumberFormat(LOCALES[language], { useGrouping: 'always' });
  const count = (value: number): string => number.format(value);
  const young = /^store_too_young: (\d+) days of orders, (\d+)/.exec(reason);
  if (young) {
    const [have, need] = [Number(young[1]), Number(young[2])];
    return {
      missing: words.young(have, need, count),
      until: new Date(asOf.getTime() + Math.max(1, need - have) * 86_400_000),
      meanwhile: words.meanwhile,
      progress: { unit: words.days, have, need },
    };
  }
  const small = /^store_too_small: (\d+) customers bought again, (\d+)/.exec(reason);
  if (small) {
    const [have, need] = [Number(small[1]), Number(small[2])];
    return {
      missing: words.small(have, need, count),
      until: null,
      meanwhile: words.meanwhile,
      progress: { unit: words.cameBack, have, need },
    };
  }
  const plain = { until: null, meanwhile: words.triedAgain, progress: null };
  // Several models were tried, each with its own objection: what most of them run into is said.
  if (/seasonal_or_changed/.test(reason)) return { missing: words.seasonal, ...plain };
  if (/nobody ever leaves/.test(reason)) return { missing: words.nobodyLeaves, ...plain };
  if (reason.startsWith('no history to hold out'))
    return { missing: words.short(NEEDED_DAYS, count), ...plain, meanwhile: words.meanwhile };
  return { missing: words.unclear, ...plain };
}
