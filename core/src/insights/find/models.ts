/** Findings in what models say of themselves and of mails, and in what is expected to come. Pure. */
import { z } from 'zod';
import { whyNoModel } from '../../scoring/index.ts';
import type { Forecast } from '../forecast.ts';
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import type { ModelFacts } from '../mail.store.ts';
import { compareRates } from '../tests.ts';
import { chance } from './orders.ts';

const held = z.object({ predicted: z.number(), actual: z.number(), weeks: z.number() });
const fatigue = z.object({ pressure: z.object({ oddsRatio: z.number(), low: z.number(), high: z.number() }) });
const uplift = z.object({ recommendation: z.string(), reason: z.string(), qini: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable() }); // prettier-ignore
const bounds = z.object({ estimate: z.number(), low: z.number(), high: z.number() });
const offer = z.object({ advice: z.enum(['by_person', 'to_all', 'to_nobody']), effect: bounds, net: bounds, rates: z.object({ offered: z.number(), plain: z.number() }) }); // prettier-ignore

/** The model that scores, on the end of the history that it had not seen. */
export function modelFindings(
  run: { method: string; reason: string | null; asOf: Date; models: ModelFacts[] },
  say: Say,
): { looked: Looked[]; sure: Finding[] } {
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
              title: `The model is losing touch: it foretold ${say.count(Math.round(predicted))} purchases in ${weeks.toFixed(0)} weeks, and ${say.count(actual)} came.`,
              because: `By chance ${chance(pValue)}. A season or a change in the shop; chances and values are off by as much.`,
              action: { label: 'See how well it foretells', url: '/models' },
              picture: bars('Purchases', [
                { label: 'Foretold', value: predicted, words: say.count(Math.round(predicted)) },
                { label: 'Came', value: actual, words: say.count(actual), marked: true },
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
      title: `More mails lose more people: each step up in mails a month makes leaving ${oddsRatio.toFixed(1)} times as likely.`,
      because: `Between ${low.toFixed(1)} and ${high.toFixed(1)} times, 19 times in 20. Who would likely leave on one more mail is left out by itself.`,
      action: { label: 'Set how many mails are enough', url: '/settings' },
      picture: bars('Times as likely to leave', [
        { label: 'At least', value: low, words: low.toFixed(1) },
        { label: 'Best estimate', value: oddsRatio, words: oddsRatio.toFixed(1), marked: true },
        { label: 'At most', value: high, words: high.toFixed(1) },
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
      title: 'Mails move some people and put off others: campaigns now go first to those whom they move.',
      because: moved.data.reason,
      action: { label: 'Set how many people a campaign may have', url: '/settings' },
      picture: bars('Qini coefficient (0: no better than chance)', [
        { label: 'At least', value: low, words: low.toFixed(3) },
        { label: 'Best estimate', value: estimate, words: estimate.toFixed(3), marked: true },
        { label: 'At most', value: high, words: high.toFixed(3) },
      ]),
    });
  }
  const tried = offer.safeParse(figuresOf('offer-response'));
  if (tried.success) {
    const { advice, effect, net, rates } = tried.data;
    const wasted = advice === 'to_nobody';
    sure.push({
      kind: wasted ? 'offer_wasted' : 'offer_needed',
      subject: '',
      news: `${advice} ${roughly(net.estimate * 100)}`,
      size: null,
      sizeOf: null,
      pValue: null,
      title: wasted
        ? 'The offer does not pay: what it costs on orders that would come anyway is not made up for.'
        : advice === 'to_all'
          ? 'The offer pays for everybody alike.'
          : 'Some people need the offer, others order without it.',
      because: `It changes orders by ${(effect.estimate * 100).toFixed(1)} in a hundred people (between ${(effect.low * 100).toFixed(1)} and ${(effect.high * 100).toFixed(1)}); after its cost ${(net.estimate * 100).toFixed(1)}.`,
      action: { label: wasted ? 'Take the offer away' : 'See the offer', url: '/settings' },
      picture: bars('Ordered', [
        { label: 'With the offer', value: rates.offered, words: say.share(rates.offered), marked: true },
        { label: 'Without', value: rates.plain, words: say.share(rates.plain) },
      ]),
    });
  }
  return { looked, sure };
}

/** What is missing, in a shopkeeper's words, and how much of it is there. */
function noModel(run: { reason: string | null; asOf: Date; models: ModelFacts[] }, say: Say): Finding {
  const { missing, meanwhile, progress } = whyNoModel(run.reason ?? '', run.asOf);
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
    title: 'No forecast of who comes back can be made yet; each customer’s own rhythm stands in.',
    because: `${missing} ${meanwhile}`,
    action: { label: 'See what is missing', url: '/models' },
    picture: progress
      ? pair(progress.unit, ['Needed', progress.need], ['There so far', progress.have])
      : pair('Orders at the end of the history', ['Foretold', last.predicted], ['Came', last.actual]),
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
  const findings: Finding[] = [];
  const band = (facts: ForecastFacts, unit: string) => ({
    kind: 'band' as const,
    unit,
    points: facts.forecast.points.map((point, i) => ({ at: new Date(facts.from.getTime() + i * WEEK), ...point })),
  });
  const tested = ({ forecast }: ForecastFacts): string => {
    const [, quarter] = forecast.backtest.coverage;
    const error = forecast.backtest.error[forecast.method];
    const narrow =
      forecast.warnings.length > 0
        ? ' Take it with care: the interval held less often than it should, since the level moves with the season or the shop changed.'
        : '';
    return `Tried from ${String(forecast.backtest.origins)} points in the past: off by ${say.share(error ?? 0)} on 13 weeks${quarter && quarter.tried > 0 ? `, within the interval ${say.share(quarter.share)} of the time (80% is meant)` : ''}.${narrow}`;
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
        sizeOf: 'in the next 13 weeks',
        pValue: null,
        title: `${say.money(month.estimate)} are to be expected in the next four weeks (between ${say.money(month.low)} and ${say.money(month.high)}), ${say.money(quarter.estimate)} in the next thirteen.`,
        because: tested(revenue),
        action: { label: 'See the overview', url: '/' },
        picture: band(revenue, 'Revenue a week'),
      });
      if (quarter.high < revenue.before && revenue.forecast.warnings.length === 0)
        findings.push({
          kind: 'forecast_below',
          subject: '',
          news: roughly(quarter.high - revenue.before),
          size: Math.round(revenue.before - quarter.estimate),
          sizeOf: 'in the next 13 weeks',
          pValue: null,
          title: `The next thirteen weeks will likely bring less than the last: at most ${say.money(quarter.high)}, where it was ${say.money(revenue.before)}.`,
          because: tested(revenue),
          action: { label: 'Plan for it', url: '/campaigns' },
          picture: band(revenue, 'Revenue a week'),
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
      sizeOf: 'in the next four weeks, at an order each',
      pValue: null,
      title: `Some ${say.count(Math.round(back.estimate))} returning customers are to be expected in four weeks (between ${say.count(Math.round(back.low))} and ${say.count(Math.round(back.high))}).`,
      because: tested(returning),
      action: { label: 'See who is due', url: '/customers' },
      picture: band(returning, 'Returning customers a week'),
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
        sizeOf: 'in orders that would have come since',
        pValue,
        title: `No order has come in for ${say.count(Math.round(days))} days.`,
        because: `Usually ${last.perDay.toFixed(1)} come a day; by chance ${chance(pValue)}. More likely the data do not arrive.`,
        action: { label: 'Check the connection', url: '/' },
        picture: bars('Orders a day', [
          { label: 'Usually', value: last.perDay, words: last.perDay.toFixed(1) },
          { label: 'Since then', value: 0, words: '0', marked: true },
        ]),
      },
    },
  ];
}
