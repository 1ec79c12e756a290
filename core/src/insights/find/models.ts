/** Findings in what models say of themselves and of mails, and in what is expected to come. Pure. */
import { z } from 'zod';
import { whyNoModel } from '../../scoring/index.ts';
import { FORECAST_CONFIDENCE, type Forecast } from '../forecast.ts';
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import type { ModelFacts } from '../mail.store.ts';
import { compareRates } from '../tests.ts';
import { modelWords } from '../words/models.ts';
import { orderWords } from '../words/orders.ts';

const held = z.object({ predicted: z.number(), actual: z.number(), weeks: z.number() });
const fatigue = z.object({ pressure: z.object({ oddsRatio: z.number(), low: z.number(), high: z.number() }) });
const uplift = z.object({ recommendation: z.string(), qini: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable() }); // prettier-ignore
const bounds = z.object({ estimate: z.number(), low: z.number(), high: z.number() });
const offer = z.object({ advice: z.enum(['by_person', 'to_all', 'to_nobody']), effect: bounds, net: bounds, rates: z.object({ offered: z.number(), plain: z.number() }) }); // prettier-ignore

/** The model that scores, on the end of the history that it had not seen. */
export function modelFindings(
  run: { method: string; reason: string | null; asOf: Date; models: ModelFacts[] },
  say: Say,
): { looked: Looked[]; sure: Finding[] } {
  const words = modelWords[say.language];
  const looked: Looked[] = [];
  const sure: Finding[] = [];
  const own = held.safeParse(run.models.find((one) => one.name === run.method)?.figures);
  if (own.success) {
    const { predicted, actual, weeks } = own.data;
    // What was foretold is an estimate itself: its spread counts as much as that of what came.
    const { pValue } = compareRates({ count: Math.round(predicted), time: 1 }, { count: actual, time: 1 });
    const off = predicted > 0 ? actual / predicted - 1 : 0;
    looked.push({
      pValue,
      finding:
        Math.abs(off) < 0.15
          ? null
          : {
              kind: 'model_off',
              subject: run.method,
              news: roughly(off * 100),
              size: null,
              sizeOf: null,
              pValue,
              title: words.off(say.count(Math.round(predicted)), say.count(weeks), say.count(actual)),
              because: words.offBecause(say.chance(pValue)),
              action: { label: words.offAction, url: '/models' },
              picture: bars(words.purchases, [
                { label: words.foretold, value: predicted, words: say.count(Math.round(predicted)) },
                { label: words.came, value: actual, words: say.count(actual), marked: true },
              ]),
            },
    });
  }
  if (run.method === 'rhythm') sure.push(noModel(run, say));
  const figuresOf = (name: string): unknown => run.models.find((one) => one.name === name && !isMissing(one.warnings))?.figures; // prettier-ignore
  const tired = fatigue.safeParse(figuresOf('fatigue'));
  if (tired.success && tired.data.pressure.low > 1) {
    const { oddsRatio, low, high } = tired.data.pressure;
    sure.push({
      kind: 'mails_tire',
      subject: '',
      news: roughly(oddsRatio),
      size: null,
      sizeOf: null,
      pValue: null,
      title: words.tire(say.decimal(oddsRatio, 1)),
      because: words.tireBecause(say.decimal(low, 1), say.decimal(high, 1)),
      action: { label: words.tireAction, url: '/settings' },
      picture: bars(words.tireUnit, [
        { label: words.atLeast, value: low, words: say.decimal(low, 1) },
        { label: words.best, value: oddsRatio, words: say.decimal(oddsRatio, 1), marked: true },
        { label: words.atMost, value: high, words: say.decimal(high, 1) },
      ]),
    });
  }
  const moved = uplift.safeParse(figuresOf('uplift'));
  if (moved.success && moved.data.recommendation === 'target-by-uplift' && moved.data.qini) {
    const { estimate, low, high } = moved.data.qini;
    sure.push({
      kind: 'mail_moves_some',
      subject: '',
      news: roughly(estimate * 100),
      size: null,
      sizeOf: null,
      pValue: null,
      title: words.moves,
      because: words.movesBecause(say.decimal(estimate, 3), say.decimal(low, 3), say.decimal(high, 3)),
      action: { label: words.movesAction, url: '/settings' },
      picture: bars(words.movesUnit, [
        { label: words.atLeast, value: low, words: say.decimal(low, 3) },
        { label: words.best, value: estimate, words: say.decimal(estimate, 3), marked: true },
        { label: words.atMost, value: high, words: say.decimal(high, 3) },
      ]),
    });
  }
  const tried = offer.safeParse(figuresOf('offer-response'));
  if (tried.success) {
    const { advice, effect, net, rates } = tried.data;
    const wasted = advice === 'to_nobody';
    const hundred = (value: number): string => say.decimal(value * 100, 1);
    sure.push({
      kind: wasted ? 'offer_wasted' : 'offer_needed',
      subject: '',
      news: `${advice} ${roughly(net.estimate * 100)}`,
      size: null,
      sizeOf: null,
      pValue: null,
      title: wasted ? words.offerWasted : advice === 'to_all' ? words.offerForAll : words.offerForSome,
      because: words.offerBecause(
        hundred(effect.estimate),
        hundred(effect.low),
        hundred(effect.high),
        hundred(net.estimate),
      ),
      action: { label: wasted ? words.takeAway : words.seeOffer, url: '/settings' },
      picture: bars(words.ordered, [
        { label: words.withOffer, value: rates.offered, words: say.share(rates.offered), marked: true },
        { label: words.without, value: rates.plain, words: say.share(rates.plain) },
      ]),
    });
  }
  return { looked, sure };
}

/** What is missing, in a shopkeeper's words, and how much of it is there. */
function noModel(run: { reason: string | null; asOf: Date; models: ModelFacts[] }, say: Say): Finding {
  const words = modelWords[say.language];
  const { missing, meanwhile, progress } = whyNoModel(run.reason ?? '', run.asOf, say.language);
  const tried = run.models.flatMap((one) => {
    const figures = held.safeParse(one.figures);
    return figures.success ? [figures.data] : [];
  });
  const last = tried[0] ?? { predicted: 0, actual: 0 };
  const pair = (unit: string, one: [string, number], other: [string, number]) =>
    bars(unit, [
      { label: one[0], value: one[1], words: say.count(Math.round(one[1])) },
      { label: other[0], value: other[1], words: say.count(Math.round(other[1])), marked: true },
    ]);
  return {
    kind: 'no_model',
    subject: '',
    news: (run.reason ?? '').split(':')[0] ?? '',
    size: null,
    sizeOf: null,
    pValue: null,
    title: words.noModel,
    because: `${missing} ${meanwhile}`,
    action: { label: words.seeMissing, url: '/models' },
    picture: progress
      ? pair(progress.unit, [words.needed, progress.need], [words.soFar, progress.have])
      : pair(words.ordersAtEnd, [words.foretold, last.predicted], [words.came, last.actual]),
  };
}

function isMissing(warnings: unknown): boolean {
  return z
    .array(z.string())
    .parse(warnings)
    .some((one) => /^(too_few|no_trial|no_signal|not_converged)/.test(one));
}

export interface ForecastFacts {
  forecast: Forecast;
  /** What the 13 weeks before brought */
  before: number;
  from: Date;
}

const WEEK = 7 * 86_400_000;

export function forecastFindings(
  { revenue, returning }: { revenue: ForecastFacts | undefined; returning: ForecastFacts | undefined },
  orderValue: number,
  say: Say,
): Finding[] {
  const words = modelWords[say.language];
  const findings: Finding[] = [];
  const band = (facts: ForecastFacts, unit: string, money: boolean) => ({
    kind: 'band' as const,
    unit,
    money,
    points: facts.forecast.points.map((point, i) => ({ at: new Date(facts.from.getTime() + i * WEEK), ...point })),
  });
  const tested = ({ forecast }: ForecastFacts): string => {
    const [, quarter] = forecast.backtest.coverage;
    const error = forecast.backtest.error[forecast.method];
    const held =
      quarter && quarter.tried > 0 ? words.held(say.share(quarter.share), say.share(FORECAST_CONFIDENCE)) : '';
    return `${words.tested(forecast.backtest.origins, say.share(error ?? 0))}${held}.${forecast.warnings.length > 0 ? words.care : ''}`;
  };
  if (revenue) {
    const [month, quarter] = revenue.forecast.sums;
    // A shop without orders for so long has nothing to expect.
    if (month && quarter && quarter.estimate >= 1) {
      findings.push({
        kind: 'revenue_forecast',
        subject: '',
        news: roughly(quarter.estimate),
        size: Math.round(quarter.estimate),
        sizeOf: words.in13,
        pValue: null,
        title: words.revenue(
          say.money(month.estimate),
          say.money(month.low),
          say.money(month.high),
          say.money(quarter.estimate),
        ),
        because: tested(revenue),
        action: { label: words.overview, url: '/' },
        picture: band(revenue, words.revenueUnit, true),
      });
      if (quarter.high < revenue.before && revenue.forecast.warnings.length === 0)
        findings.push({
          kind: 'forecast_below',
          subject: '',
          news: roughly(quarter.high - revenue.before),
          size: Math.round(revenue.before - quarter.estimate),
          sizeOf: words.in13,
          pValue: null,
          title: words.below(say.money(quarter.high), say.money(revenue.before)),
          because: tested(revenue),
          action: { label: words.plan, url: '/campaigns' },
          picture: band(revenue, words.revenueUnit, true),
        });
    }
  }
  const back = returning?.forecast.sums[0];
  if (returning && back && back.estimate >= 0.5)
    findings.push({
      kind: 'returning_forecast',
      subject: '',
      news: roughly(back.estimate),
      size: Math.round(back.estimate * Math.max(0, orderValue)),
      sizeOf: words.in4,
      pValue: null,
      title: words.returning(say.count(back.estimate), say.count(back.low), say.count(back.high)),
      because: tested(returning),
      action: { label: words.seeDue, url: '/customers' },
      picture: band(returning, words.returningUnit, false),
    });
  return findings;
}

/** Silence that is too long for a shop that sells so much. Within a day it may be the night. */
export function silenceFindings(
  last: { last: Date; perDay: number } | undefined,
  orderValue: number,
  now: Date,
  say: Say,
): Looked[] {
  if (!last || last.perDay <= 0) return [];
  const words = orderWords[say.language];
  const days = (now.getTime() - last.last.getTime()) / 86_400_000;
  const pValue = Math.exp(-last.perDay * Math.max(0, days));
  if (days < 1.5) return [{ pValue: 1, finding: null }];
  return [
    {
      pValue,
      finding: {
        kind: 'orders_stopped',
        subject: '',
        news: roughly(days),
        size: Math.round(last.perDay * days * Math.max(0, orderValue)),
        sizeOf: words.stoppedSize,
        pValue,
        title: words.stopped(say.count(Math.round(days))),
        because: words.stoppedBecause(say.decimal(last.perDay, 1), say.chance(pValue)),
        action: { label: words.stoppedAction, url: '/' },
        picture: bars(words.ordersADay, [
          { label: words.usually, value: last.perDay, words: say.decimal(last.perDay, 1) },
          { label: words.since, value: 0, words: '0', marked: true },
        ]),
      },
    },
  ];
}
