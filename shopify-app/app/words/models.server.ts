/** How well forecasts come true, as a merchant reads it; what a statistician asks for stands behind a disclosure. */
import type { Language, ModelCard, ModelsPage } from '@rekindle/core';
import { noModelSentence } from './no-model.server.ts';
import { storeFormat, type Format } from './format.server.ts';
import { detailsOf, objectionSentence } from './models-detail.server.ts';

export interface CalibrationView {
  /** 0..1 of the plot's side */
  points: { x: number; y: number; words: string }[];
  finding: string;
  caption: string;
  numbers: string;
}

export interface ModelView {
  key: string;
  name: string;
  badge: string;
  /** What it is for, and how it did: sentences */
  lines: string[];
  calibration: CalibrationView | null;
  /** For who wants to know exactly */
  details: string[];
}

const en = {
  title: 'Do the forecasts come true?',
  back: 'Insights',
  details: 'For statisticians',
  whyNot: 'Why no forecast is made yet, exactly',
  emptyTitle: 'How well forecasts come true will be here',
  emptyText:
    'With the first orders each way of forecasting is tried on the end of your own history, which it has not seen. How well it did stands here, and what is missing for those that cannot be used yet.',
  forecastTitle: { revenue: 'Revenue of the next weeks', returning: 'Customers who will come back' },
  noScoring: 'Nothing is foretold yet: the first forecasts come with the first orders.',
  rhythm: 'No forecast is made yet: each customer is judged by their own rhythm.',
  answer: (weeks: string, foretold: string, came: string, off: string) =>
    `Of the last ${weeks} weeks ${foretold} purchases were foretold, without having seen them, and ${came} came: ${off} off.`,
  answerRevenue: (share: string) => `The revenue of 13 weeks would have been foretold ${share} off, tried on your own past.`,
  answerPlain: 'Forecasts are made; how well they come true will show with more history.',
  names: {
    return: 'Who is still a customer, and how often they will buy',
    'gamma-gamma': 'What an order will be worth',
    'control-chart': 'Who is later than is usual for them',
    'send-time': 'At which hour each person reads mail',
    'engagement-open': 'Who opens a mail',
    'engagement-click': 'Who clicks in a mail',
    'engagement-order': 'Who orders after a mail',
    fatigue: 'How many mails are too many',
    'offer-response': 'Who needs a discount, and who buys without one',
    uplift: 'Whom a mail moves, and whom it puts off',
  },
  inUse: 'In use',
  notInUse: 'Not in use',
  otherWay: 'Another way, tried beside the one in use',
  held: (weeks: string, foretold: string, came: string) =>
    `Tried on ${weeks} weeks that it had not seen: ${foretold} purchases foretold, ${came} came.`,
  calibrated: (share: string) => `Where it says a chance, the share that came differs from it by ${share} on average.`,
  learned: { people: (count: string) => `Learned from ${count} customers.`, mails: (count: string) => `Learned from ${count} mails.` },
  offBy: (share: string, weeks: number) => `Tried from the past: off by ${share} on ${String(weeks)} weeks.`,
  heldTimes: (weeks: number, share: string, tried: string, meant: string) =>
    `Over ${String(weeks)} weeks the truth lay between its bounds ${share} of ${tried} times; ${meant} is meant.`,
  point: (foretold: string, came: string, count: string, mails: boolean) =>
    `${foretold} foretold, ${came} came (${count} ${mails ? 'mails' : 'customers'})`,
  plotFinding: (points: string) => `What was foretold of each tenth, and what came: ${points}.`,
  plotCaption: (most: string) =>
    `Left to right what was foretold, bottom to top what came, up to ${most}. On the dashed line both are the same.`,
  numbers: 'See the numbers',
}; // prettier-ignore

const es: typeof en = {
  title: '¿Se cumplen las predicciones?',
  back: 'Hallazgos',
  details: 'Para quien sepa de estadística',
  whyNot: 'Por qué todavía no se predice, con exactitud',
  emptyTitle: 'Aquí estará cómo de bien se cumplen las predicciones',
  emptyText:
    'Con los primeros pedidos se prueba cada forma de predecir con el final de tu propio historial, que no ha visto. Aquí estará cómo le fue y qué falta a las que todavía no se pueden usar.',
  forecastTitle: { revenue: 'Ingresos de las próximas semanas', returning: 'Clientes que volverán' },
  noScoring: 'Todavía no se predice nada: las primeras predicciones llegan con los primeros pedidos.',
  rhythm: 'Todavía no se predice: se juzga a cada cliente por su propio ritmo.',
  answer: (weeks, foretold, came, off) =>
    `De las últimas ${weeks} semanas se predijeron ${foretold} compras sin haberlas visto y llegaron ${came}: un ${off} de error.`,
  answerRevenue: (share) => `Los ingresos de 13 semanas se habrían predicho con un ${share} de error, probado con tu propio pasado.`,
  answerPlain: 'Ya se predice; cómo de bien se cumple se verá con más historial.',
  names: {
    return: 'Quién sigue siendo cliente y cuánto comprará',
    'gamma-gamma': 'Cuánto valdrá un pedido',
    'control-chart': 'Quién tarda más de lo que suele',
    'send-time': 'A qué hora lee el correo cada persona',
    'engagement-open': 'Quién abre un correo',
    'engagement-click': 'Quién hace clic en un correo',
    'engagement-order': 'Quién compra tras un correo',
    fatigue: 'Cuántos correos son demasiados',
    'offer-response': 'Quién necesita un descuento y quién compra sin él',
    uplift: 'A quién mueve un correo y a quién espanta',
  },
  inUse: 'En uso',
  notInUse: 'Sin usar',
  otherWay: 'Otra forma, probada junto a la que se usa',
  held: (weeks, foretold, came) =>
    `Probado con ${weeks} semanas que no había visto: predijo ${foretold} compras y llegaron ${came}.`,
  calibrated: (share) => `Donde dice una probabilidad, la parte que llegó se aparta de ella un ${share} de media.`,
  learned: { people: (count) => `Aprendido de ${count} clientes.`, mails: (count) => `Aprendido de ${count} correos.` },
  offBy: (share, weeks) => `Probado con el pasado: falla un ${share} en ${String(weeks)} semanas.`,
  heldTimes: (weeks, share, tried, meant) =>
    `En ${String(weeks)} semanas la verdad quedó entre sus límites el ${share} de ${tried} veces; se busca el ${meant}.`,
  point: (foretold, came, count, mails) => `${foretold} predicho, ${came} llegó (${count} ${mails ? 'correos' : 'clientes'})`,
  plotFinding: (points) => `Lo que se predijo de cada décima parte y lo que llegó: ${points}.`,
  plotCaption: (most) =>
    `De izquierda a derecha lo predicho, de abajo arriba lo que llegó, hasta ${most}. En la línea discontinua son iguales.`,
  numbers: 'Ver los números',
}; // prettier-ignore

const WORDS: Record<Language, typeof en> = { en, es };

export interface ModelsView {
  language: Language;
  words: Pick<typeof en, 'title' | 'back' | 'details' | 'whyNot' | 'emptyTitle' | 'emptyText'>;
  answer: string;
  note: string | null;
  /** The scoring's own words, for whoever wants to know exactly */
  detail: string | null;
  models: ModelView[];
  forecasts: { title: string; lines: string[]; details: string[] }[];
}

export function modelsView(page: ModelsPage): ModelsView {
  const format = storeFormat(page.store);
  const words = WORDS[format.language];
  const { scoring } = page;
  const { title, back, details, whyNot, emptyTitle, emptyText } = words;
  return {
    language: format.language,
    words: { title, back, details, whyNot, emptyTitle, emptyText },
    answer: answerOf(format, page),
    note: scoring?.reason ? noModelSentence(format, scoring.reason, scoring.asOf) : null,
    detail: scoring?.reason ?? null,
    // What is in use comes first; the other ways are for who wants to compare.
    models: page.models.toSorted((one, other) => Number(other.used) - Number(one.used)).map((model) => modelOf(format, model)),
    forecasts: page.forecasts.map((one) => ({
      title: words.forecastTitle[one.metric === 'revenue' ? 'revenue' : 'returning'],
      lines: [
        ...offBy(format, one),
        ...one.backtest.coverage.filter(({ tried }) => tried > 0).map(
          ({ weeks, share, tried }) => words.heldTimes(weeks, format.share(share), format.count(tried), format.share(0.8)),
        ),
      ],
      details: [
        `method ${one.method}, ${String(one.backtest.origins)} origins`,
        ...Object.entries(one.backtest.error).map(([method, error]) => `${method}: ${error === null ? '–' : `WAPE ${error.toFixed(4)}`}`),
      ],
    })),
  }; // prettier-ignore
}

type Forecast = ModelsPage['forecasts'][number];

/** Of the method in use; null: there is not enough past to try it. */
function errorOf({ backtest, method }: Forecast): number | null {
  return backtest.error[method] ?? null;
}

function offBy(format: Format, forecast: Forecast): string[] {
  const error = errorOf(forecast);
  return error === null ? [] : [WORDS[format.language].offBy(format.share(error), 13)];
}

/** What scores, on the end of the history that it had not seen. */
function answerOf(format: Format, { scoring, models, forecasts }: ModelsPage): string {
  const words = WORDS[format.language];
  if (!scoring) return words.noScoring;
  if (scoring.method === 'rhythm') return words.rhythm;
  const held = models.find((one) => one.name === scoring.method)?.holdout;
  if (!held || held.predicted <= 0) {
    const revenue = forecasts.find((one) => one.metric === 'revenue');
    const error = revenue && errorOf(revenue);
    return typeof error === 'number' ? words.answerRevenue(format.share(error)) : words.answerPlain;
  }
  return words.answer(
    format.count(Math.round(held.weeks)),
    format.count(Math.round(held.predicted)),
    format.count(held.actual),
    format.share(Math.abs(held.actual / held.predicted - 1)),
  );
}

const OF_MAILS = /^(engagement|fatigue|send-time)/;
const RETURNS = new Set(['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'bg-bb']);

function modelOf(format: Format, model: ModelCard): ModelView {
  const words = WORDS[format.language];
  const { holdout, calibration } = model;
  const names: Record<string, string> = words.names;
  const returns = RETURNS.has(model.name);
  return {
    key: model.name,
    name: returns && !model.used ? words.otherWay : (names[returns ? 'return' : model.name] ?? model.name),
    badge: model.used ? words.inUse : words.notInUse,
    lines: [
      words.learned[OF_MAILS.test(model.name) ? 'mails' : 'people'](format.count(model.customers)),
      ...(holdout
        ? [words.held(format.count(Math.round(holdout.weeks)), format.count(Math.round(holdout.predicted)), format.count(holdout.actual))]
        : []),
      ...(model.calibrationError === null ? [] : [words.calibrated(format.share(model.calibrationError))]),
      ...new Set(model.warnings.map((one) => objectionSentence(one, format))),
    ],
    calibration: calibration && calibration.length > 1 ? plot(format, model, calibration) : null,
    details: detailsOf(model),
  }; // prettier-ignore
}

function plot(format: Format, model: ModelCard, points: NonNullable<ModelCard['calibration']>): CalibrationView {
  const words = WORDS[format.language];
  const chance = model.holdout === null;
  const most = Math.max(...points.flatMap((point) => [point.predicted, point.actual]), Number.MIN_VALUE);
  const say = (value: number): string => (chance ? format.share(value) : format.decimal(value, 2));
  const told = points.map((point) => ({
    x: point.predicted / most,
    y: point.actual / most,
    words: words.point(say(point.predicted), say(point.actual), format.count(point.people), chance),
  }));
  return {
    points: told,
    finding: words.plotFinding(told.map((one) => one.words).join('; ')),
    caption: words.plotCaption(say(most)),
    numbers: words.numbers,
  };
}
