/** Lessons as rows of `models`: parameters, figures on unseen mails, and what is missing where a model may not be used. Pure. */
import type { Engagement, Fatigue, OfferResponse, SendTimeModel } from '../models/index.ts';
import type { Lesson } from './learn.ts';
import type { Taught } from './teach.ts';

/** What stands in `models` of a model of mail. */
export interface LessonRecord {
  name: string;
  customers: number;
  parameters: Record<string, number>;
  standardErrors: Record<string, number>;
  converged: boolean;
  warnings: string[];
  figures: object | null;
}

export function lessonRecords({ lessons, uplift }: Taught): LessonRecord[] {
  const { mails, people } = lessons;
  return [
    sendTime(lessons.sendTime, people),
    engagement('engagement-open', lessons.opens, mails),
    engagement('engagement-click', lessons.clicks, mails),
    engagement('engagement-order', lessons.orders, mails),
    fatigue(lessons.fatigue, mails),
    offer(lessons.offer),
    'missing' in uplift
      ? { ...empty('uplift', uplift.missing), customers: 0 }
      : {
          name: 'uplift',
          customers: uplift.people.treated + uplift.people.control,
          parameters: { ate: uplift.ate.estimate, qini: uplift.qini?.estimate ?? 0 },
          standardErrors: { ate: uplift.ate.standardError },
          converged: true,
          warnings: [],
          figures: {
            recommendation: uplift.recommendation,
            reason: uplift.reason,
            people: uplift.people,
            pValue: uplift.ate.pValue,
            qini: uplift.qini,
            learner: uplift.model?.learner ?? null,
          },
        },
  ];
}

function empty(name: string, missing: string): Omit<LessonRecord, 'customers'> {
  return { name, parameters: {}, standardErrors: {}, converged: false, warnings: [missing], figures: null };
}

function sendTime({ model, missing }: Lesson<SendTimeModel>, customers: number): LessonRecord {
  if (!model) return { ...empty('send-time', missing), customers };
  const { rate, personStrength, hourStrength, lift, robots, warnings } = model;
  return {
    name: 'send-time',
    customers: model.people,
    parameters: { rate, personStrength, hourStrength },
    standardErrors: {},
    converged: missing === null,
    warnings,
    figures: { lift: Array.from(lift, (one) => Math.round(one * 1e4) / 1e4), robots },
  };
}

function engagement(name: string, { model, missing }: Lesson<Engagement>, customers: number): LessonRecord {
  if (!model) return { ...empty(name, missing), customers };
  const named = (values: Float64Array): Record<string, number> =>
    Object.fromEntries(['intercept', ...model.model.names].map((one, i) => [one, values[i] ?? 0]));
  return {
    name,
    customers,
    parameters: { ...named(model.model.coefficients), ...model.calibration },
    standardErrors: named(model.model.standardErrors),
    converged: model.model.converged,
    warnings: model.warnings,
    figures: model.quality,
  };
}

function fatigue({ model, missing }: Lesson<Fatigue>, customers: number): LessonRecord {
  if (!model) return { ...empty('fatigue', missing), customers };
  const [intercept = 0, pressure = 0, known = 0] = model.model.coefficients;
  const errors = model.model.standardErrors;
  return {
    name: 'fatigue',
    customers,
    parameters: { intercept, pressure, known },
    standardErrors: { intercept: errors[0] ?? 0, pressure: errors[1] ?? 0, known: errors[2] ?? 0 },
    converged: model.model.converged,
    warnings: model.warnings,
    figures: { pressure: model.pressure },
  };
}

function offer({ model, missing }: Lesson<OfferResponse>): LessonRecord {
  if (!model) return { ...empty('offer-response', missing), customers: 0 };
  const { people, rates, effect, net, heterogeneity, advice, cost, warnings } = model;
  return {
    name: 'offer-response',
    customers: people.offered + people.plain,
    parameters: { effect: effect.estimate, net: net.estimate, cost },
    standardErrors: {},
    converged: model.withOffer.converged && model.without.converged,
    warnings,
    figures: { people, rates, effect, net, heterogeneity, advice },
  };
}
