/** A span's report: the one function that works out its numbers. Reads only. */
import { z } from 'zod';
import type { Store } from '../accounts/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import { openInsights } from '../insights/index.ts';
import { cumulativeEffect, storeControlEffect, verdictSentence } from '../measurement/index.ts';
import { languageOf, LOCALES, type Language } from '../language.ts';
import { currencyDigits, formatMoney } from '../money.ts';
import { lifeStageName, LIFE_STAGES } from '../scoring/index.ts';
import { lineOf, type Line, type ReportFigures } from './figures.ts';
import { attributedWithin, newestForecast, stagesNow, sumSpan } from './reports.store.ts';
import { spanBefore, spanTitle, type Span } from './span.ts';
import { reportWords } from './words.ts';

const FINDINGS = 5;

const sums = z.object({
  sums: z.array(z.object({ weeks: z.number(), estimate: z.number(), low: z.number(), high: z.number() })),
});

export async function buildReport(tx: StoreTransaction, store: Store, span: Span, now: Date): Promise<ReportFigures> {
  const zone = store.timeZone;
  const own = await sumSpan(tx, span, zone);
  const before = await sumSpan(tx, spanBefore(span, zone), zone);
  const language = languageOf(store.language);
  const words = reportWords[language];
  const say = sayers(store.currency, language);
  const line = (label: string, unit: 'money' | 'count' | 'share', of: (one: typeof own) => number | null): Line =>
    lineOf(say, label, unit, of(own), of(before));
  const stages = await stagesNow(tx, store.scoreVersion);
  const effect = await cumulativeEffect(tx);
  const programme = await storeControlEffect(tx, store, now);
  const insights = await openInsights(tx, FINDINGS);
  const change = before.revenue > 0 ? own.revenue / before.revenue - 1 : null;
  return {
    language,
    title: words.title(span.name, spanTitle(span, zone, language)),
    store: store.name,
    currency: store.currency,
    simulated: store.simulated,
    answer: words.answer(
      say.money(own.revenue),
      say.count(own.orders),
      change === null ? null : { less: change < 0, by: say.share(Math.abs(change)) },
      span.name,
    ),
    sections: [
      {
        title: words.cameIn,
        note: null,
        lines: [
          line(words.revenue, 'money', (one) => one.revenue),
          line(words.orders, 'count', (one) => one.orders),
          line(words.orderValue, 'money', (one) => (one.orders > 0 ? one.revenue / one.orders : null)),
          line(words.newCustomers, 'count', (one) => one.newCustomers),
          line(words.returning, 'count', (one) => one.returning),
          line(words.returns, 'count', (one) => one.returns),
        ],
      },
      {
        title: words.mailsDid,
        note: words.mailsDidNote,
        lines: [
          line(words.sent, 'count', (one) => one.sent),
          line(words.opened, 'share', (one) => rate(one.opened, one.sent)),
          line(words.clicked, 'share', (one) => rate(one.clicked, one.sent)),
          line(words.machines, 'count', (one) => one.machines),
          line(words.left, 'share', (one) => rate(one.left, one.sent)),
          line(words.bounced, 'share', (one) => rate(one.bounced, one.sent)),
        ],
      },
      {
        title: words.brought,
        note: effect ? words.broughtNote : words.nothingMeasured,
        lines: [
          lineOf(say, words.broughtSoFar, 'money', effect?.estimate ?? null),
          lineOf(say, words.atLeast, 'money', effect?.low ?? null),
          lineOf(say, words.atMost, 'money', effect?.high ?? null),
          lineOf(say, words.attributed, 'money', await attributedWithin(tx, span)),
        ],
      },
      ...(programme
        ? [
            {
              title: words.programme,
              note: `${capital(verdictSentence(programme.revenue, { language, currency: store.currency }))}.`,
              lines: [
                lineOf(say, words.inCampaigns, 'count', programme.revenue.treated),
                lineOf(say, words.never, 'count', programme.revenue.holdout),
                lineOf(say, words.meanCampaigns, 'money', programme.revenue.treatedMean),
                lineOf(say, words.meanNever, 'money', programme.revenue.holdoutMean),
              ],
            },
          ]
        : []),
      {
        title: words.customersNow,
        note: null,
        lines: [
          ...LIFE_STAGES.map((stage) =>
            lineOf(
              say,
              lifeStageName(stage, language),
              'count',
              stages.find((one) => one.stage === stage)?.people ?? 0,
            ),
          ),
          lineOf(say, words.atRisk, 'money', risk(stages)),
        ],
      },
      await outlook(tx, say, words),
    ],
    findings: insights.map(({ title, because }) => ({ title, because })),
  };
}

async function outlook(
  tx: StoreTransaction,
  say: ReturnType<typeof sayers>,
  words: (typeof reportWords)[Language],
): Promise<ReportFigures['sections'][number]> {
  const lines: Line[] = [];
  for (const [metric, what, unit] of [
    ['revenue', words.revenue, 'money'],
    ['returning', words.returning, 'count'],
  ] as const) {
    const known = sums.safeParse(await newestForecast(tx, metric));
    const month = known.success ? known.data.sums[0] : undefined;
    const put = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value));
    lines.push(
      lineOf(say, words.nextFour(what), unit, put(month?.estimate)),
      lineOf(say, words.least(what), unit, put(month?.low)),
      lineOf(say, words.most(what), unit, put(month?.high)),
    );
  }
  return {
    title: words.toCome,
    note: words.toComeNote,
    lines,
  };
}

function sayers(currency: string, language: Language) {
  const number = new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 0, useGrouping: 'always' });
  const percent = new Intl.NumberFormat(LOCALES[language], { style: 'percent', maximumFractionDigits: 1 });
  const minor = 10 ** currencyDigits(currency);
  return {
    minor,
    unknown: reportWords[language].unknown,
    money: (value: number) => formatMoney(Math.round(value / minor) * minor, currency, language, 0),
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
