/** How well the models foretell, in words and as points of a calibration plot. */
import type { ModelCard, ModelsPage } from '@rekindle/core';
import { noModelSentence } from './no-model.server.ts';
import { formatFor, type Format } from './format.server.ts';

export interface CalibrationView {
  /** 0..1 of the plot's side */
  points: { x: number; y: number; words: string }[];
  most: string;
  finding: string;
}

export interface ModelView {
  name: string;
  badge: string;
  lines: string[];
  warnings: string[];
  calibration: CalibrationView | null;
}

export interface ModelsView {
  answer: string;
  note: string | null;
  /** The scoring's own words, for whoever wants to know exactly */
  detail: string | null;
  models: ModelView[];
  forecasts: { title: string; lines: string[] }[];
}

const NAMES: Record<string, string> = {
  'bg-nbd': 'BG/NBD: who is still a customer',
  'mbg-nbd': 'MBG/NBD: who is still a customer',
  'pareto-nbd': 'Pareto/NBD: who is still a customer',
  'gamma-gamma': 'Gamma-Gamma: what an order is worth',
  'control-chart': 'Lapse boundary: who is late',
  'send-time': 'Send time: at which hour people answer',
  'engagement-open': 'Engagement: who opens',
  'engagement-click': 'Engagement: who clicks',
  'engagement-order': 'Engagement: who orders after a mail',
  fatigue: 'Fatigue: how many mails are too many',
  'offer-response': 'Offer response: who needs a discount',
  uplift: 'Uplift: whom a mail moves',
};

export function modelsView(page: ModelsPage): ModelsView {
  const format = formatFor(page.store);
  const { scoring } = page;
  return {
    answer: scoring
      ? scoring.method === 'rhythm'
        ? 'No model scores yet: each customer’s own rhythm does.'
        : `${(NAMES[scoring.method] ?? scoring.method).split(':')[0] ?? ''} scores: of those tried it foretold best what it had not seen.`
      : 'Nothing is scored yet.',
    note: scoring?.reason ? noModelSentence(format, scoring.reason, scoring.asOf) : null,
    detail: scoring?.reason ? `As the scoring recorded it: ${scoring.reason}.` : null,
    models: page.models.map((model) => modelOf(format, model)),
    forecasts: page.forecasts.map((one) => ({
      title: one.metric === 'revenue' ? 'Revenue, a week' : 'Returning customers, a week',
      lines: [
        `Method: ${one.method.replaceAll('-', ' ')}, the best of those tried from ${format.count(one.backtest.origins)} points in the past.`,
        ...Object.entries(one.backtest.error).map(
          ([method, error]) => `${method.replaceAll('-', ' ')}: ${error === null ? 'not enough past to try' : `off by ${format.share(error)} on 13 weeks`}.`,
        ),
        ...one.backtest.coverage.filter(({ tried }) => tried > 0).map(
          ({ weeks, share, tried }) => `The interval of ${String(weeks)} weeks held ${format.share(share)} of ${format.count(tried)} times; 80 % is meant.`,
        ),
      ],
    })),
  }; // prettier-ignore
}

function modelOf(format: Format, model: ModelCard): ModelView {
  const { holdout, calibration } = model;
  const lines = [
    `Learned from ${format.count(model.customers)} ${model.name.startsWith('engagement') || model.name === 'fatigue' ? 'mails' : 'people'}.`,
  ];
  if (holdout)
    lines.push(
      `On ${format.count(Math.round(holdout.weeks))} weeks that it had not seen: ${format.count(Math.round(holdout.predicted))} purchases foretold, ${format.count(holdout.actual)} came. Held-out log-likelihood ${holdout.logLikelihood.toFixed(4)} a customer.`,
    );
  if (model.calibrationError !== null)
    lines.push(`Chance and share differ by ${format.share(model.calibrationError)} on mails that it had not seen.`);
  return {
    name: NAMES[model.name] ?? model.name,
    badge: model.used ? 'In use' : 'Not in use',
    lines,
    warnings: model.warnings.map((one) => `${one.replaceAll('_', ' ')}.`),
    calibration: calibration && calibration.length > 1 ? plot(format, model, calibration) : null,
  }; // prettier-ignore
}

function plot(format: Format, model: ModelCard, points: NonNullable<ModelCard['calibration']>): CalibrationView {
  const chance = model.holdout === null;
  const most = Math.max(...points.flatMap((point) => [point.predicted, point.actual]), Number.MIN_VALUE);
  const say = (value: number): string => (chance ? format.share(value) : value.toFixed(2));
  const told = points.map((point) => ({
    x: point.predicted / most,
    y: point.actual / most,
    words: `${say(point.predicted)} foretold, ${say(point.actual)} came (${format.count(point.people)} ${chance ? 'mails' : 'people'})`,
  }));
  return { points: told, most: say(most), finding: `What was foretold of each tenth, and what came: ${told.map((one) => one.words).join('; ')}.` };
} // prettier-ignore
