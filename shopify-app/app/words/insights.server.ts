/** Findings in words, ranked, each with its worth, its picture and one thing to do. */
import type { InsightsPage } from '@rekindle/core';
import { formatFor, type Format } from './format.server.ts';
import { pictureView, type PictureView } from './picture.server.ts';

export interface InsightView {
  id: string;
  title: string;
  because: string;
  worth: string | null;
  /** How sure it is */
  sure: string;
  since: string;
  action: { label: string; url: string };
  picture: PictureView | null;
}

export interface InsightsView {
  answer: string;
  note: string | null;
  insights: InsightView[];
}

export function insightsView(page: InsightsPage): InsightsView {
  const format = formatFor(page.store);
  const { insights, look } = page;
  return {
    answer: answerOf(format, page),
    note:
      look && look.compared > 0
        ? `${format.count(look.compared)} comparisons were made ${format.ago(look.at)}. Of those that stand here at most one in ten is chance; what was told once comes back only with news.`
        : null,
    insights: insights.map((one) => ({
      id: one.id,
      title: one.title,
      because: one.because,
      worth: one.size === null || one.size === 0 ? null : `${format.moneyKnown(one.size, one.size)} ${one.sizeOf ?? ''}`.trim(),
      sure: one.qValue === null ? 'Counted' : one.qValue < 0.001 ? 'Sure' : `At most ${format.share(one.qValue)} chance that it is none`,
      since: format.day(one.foundAt),
      action: one.action,
      picture: pictureView(format, one.picture, one.title),
    })),
  }; // prettier-ignore
}

function answerOf(format: Format, { insights, look }: InsightsPage): string {
  if (!look) return 'Nothing is found yet: the first look comes after the first scoring.';
  const [first] = insights;
  if (!first) return 'Nothing new: everything goes as it usually does.';
  return `${format.plural(insights.length, 'finding', 'findings')}. First: ${first.title}`;
}
