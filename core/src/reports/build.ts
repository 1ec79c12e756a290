/** A span's report: the one function that works out its numbers. Reads only. */
import { z } from 'zod';
import type { Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { openInsights } from '../insights/index.ts';
import { cumulativeEffect, storeControlEffect, verdictSentence } from '../measurement/index.ts';
import { currencyDigits, formatMoney } from '../money.ts';
import { lifeStageName, LIFE_STAGES } from '../scoring/index.ts';
import { lineOf, type Line, type ReportFigures } from './figures.ts';
import { attributedWithin, newestForecast, stagesNow, sumSpan } from './reports.store.ts';
import { spanBefore, spanTitle, type Span } from './span.ts';

const FINDINGS = 5;

const sums = z.object({
  sums: z.array(z.object({ weeks: z.number(), estimate: z.number(), low: z.number(), high: z.number() })),
});

export async function buildReport(tx: StoreTransaction, store: Store, span: Span, now: Date): Promise<ReportFigures> {
  const zone = store.timeZone;
  const own = await sumSpan(tx, span, zone);
  const before = await sumSpan(tx, spanBefore(span, zone), zone);
  const say = sayers(store.currency);
  const line = (label: string, unit: 'money' | 'count' | 'share', of: (one: typeof own) => number | null): Line =>
    lineOf(say, label, unit, of(own), of(before));
  const stages = await stagesNow(tx, store.scoreVersion);
  const effect = await cumulativeEffect(tx);
  const programme = await storeControlEffect(tx, store, now);
  const insights = await openInsights(tx, FINDINGS);
  const change = before.revenue > 0 ? own.revenue / before.revenue - 1 : null;
  return {
    title: `${span.name === 'week' ? 'Week' : 'Month'}: ${spanTitle(span, zone)}`,
    store: store.name,
    currency: store.currency,
    simulated: store.simulated,
    answer: `${say.money(own.revenue)} from ${say.count(own.orders)} orders${change === null ? '' : `, ${say.share(Math.abs(change))} ${change < 0 ? 'less' : 'more'} than the ${span.name} before`}.`,
    sections: [
      {
        title: 'What came in',
        note: null,
        lines: [
          line('Revenue', 'money', (one) => one.revenue),
          line('Orders', 'count', (one) => one.orders),
          line('Value of an order', 'money', (one) => (one.orders > 0 ? one.revenue / one.orders : null)),
          line('New customers', 'count', (one) => one.newCustomers),
          line('Returning customers', 'count', (one) => one.returning),
          line('Returns', 'count', (one) => one.returns),
        ],
      },
      {
        title: 'What mails did',
        note: 'Opens and clicks are people’s; what machines open is counted apart and counts for nothing.',
        lines: [
          line('Mails sent', 'count', (one) => one.sent),
          line('Opened', 'share', (one) => rate(one.opened, one.sent)),
          line('Clicked', 'share', (one) => rate(one.clicked, one.sent)),
          line('Opened by machines', 'count', (one) => one.machines),
          line('Unsubscribed or complained', 'share', (one) => rate(one.left, one.sent)),
          line('Came back', 'share', (one) => rate(one.bounced, one.sent)),
        ],
      },
      {
        title: 'What mails brought',
        note: effect
          ? 'Brought: what people with the mail spent beyond those held back at random, all campaigns together, 19 times in 20 between the two bounds. Attributed counts every order within a week of a mail, also those that would have come anyway: it is no measure of what mails brought.'
          : 'Nothing is measured yet: the first figure comes with the first campaign.',
        lines: [
          lineOf(say, 'Brought so far', 'money', effect?.estimate ?? null),
          lineOf(say, 'At least', 'money', effect?.low ?? null),
          lineOf(say, 'At most', 'money', effect?.high ?? null),
          lineOf(say, 'Attributed (last touch)', 'money', await attributedWithin(tx, span)),
        ],
      },
      ...(programme
        ? [
            {
              title: 'All campaigns against who never gets any',
              note: `${capital(verdictSentence(programme.revenue, { language: 'en', currency: store.currency }))}.`,
              lines: [
                lineOf(say, 'In campaigns', 'count', programme.revenue.treated),
                lineOf(say, 'Never mailed', 'count', programme.revenue.holdout),
                lineOf(say, 'Revenue a person in campaigns', 'money', programme.revenue.treatedMean),
                lineOf(say, 'Revenue a person never mailed', 'money', programme.revenue.holdoutMean),
              ],
            },
          ]
        : []),
      {
        title: 'Customers now',
        note: null,
        lines: [
          ...LIFE_STAGES.map((stage) =>
            lineOf(say, lifeStageName(stage, 'en'), 'count', stages.find((one) => one.stage === stage)?.people ?? 0),
          ),
          lineOf(say, 'At risk a year', 'money', risk(stages)),
        ],
      },
      await outlook(tx, say),
    ],
    findings: insights.map(({ title, because }) => ({ title, because })),
  };
}

async function outlook(
  tx: StoreTransaction,
  say: ReturnType<typeof sayers>,
): Promise<ReportFigures['sections'][number]> {
  const lines: Line[] = [];
  for (const [metric, what, unit] of [
    ['revenue', 'Revenue', 'money'],
    ['returning', 'Returning customers', 'count'],
  ] as const) {
    const known = sums.safeParse(await newestForecast(tx, metric));
    const month = known.success ? known.data.sums[0] : undefined;
    const put = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value));
    lines.push(
      lineOf(say, `${what}, next four weeks`, unit, put(month?.estimate)),
      lineOf(say, `${what}, at least`, unit, put(month?.low)),
      lineOf(say, `${what}, at most`, unit, put(month?.high)),
    );
  }
  return {
    title: 'What is to come',
    note: 'Eight times in ten it lies between the two bounds, as far as the past tells.',
    lines,
  };
}

function sayers(currency: string) {
  const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0, useGrouping: 'always' });
  const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });
  const minor = 10 ** currencyDigits(currency);
  return {
    minor,
    money: (value: number) => formatMoney(Math.round(value / minor) * minor, currency, 'en', 0),
    count: (value: number) => number.format(value),
    share: (value: number) => percent.format(value),
  };
}

function rate(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

function risk(stages: { stage: string; risk: number }[]): number {
  return stages.reduce((sum, one) => sum + (one.stage === 'slipping' || one.stage === 'lapsed' ? one.risk : 0), 0);
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
