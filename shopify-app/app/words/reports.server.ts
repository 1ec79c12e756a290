/** Reports in words: the kept figures as they are, on the page as in the mail. */
import { spanTitle, type Report, type ReportsPage } from '@rekindle/core';
import { formatFor } from './format.server.ts';

export interface ReportsView {
  answer: string;
  note: string;
  rows: { id: string; title: string; answer: string; made: string; url: string }[];
}

export function reportsView(page: ReportsPage): ReportsView {
  const format = formatFor(page.store);
  const [newest] = page.reports;
  return {
    answer: newest ? newest.figures.answer : 'No report yet: the first one comes when a week is over.',
    note:
      page.to === 0
        ? 'They stand here only. Add an address in the settings to get them by mail.'
        : `They also go to ${format.plural(page.to, 'address', 'addresses')} by mail.`,
    rows: page.reports.map((report) => ({
      id: report.id,
      title: report.figures.title,
      answer: report.figures.answer,
      made: mailed(report, format),
      url: `/reports/${report.id}`,
    })),
  };
}

function mailed(report: Report, format: ReturnType<typeof formatFor>): string {
  const made = `Made ${format.day(report.madeAt)}`;
  return report.mailedAt ? `${made}, mailed to ${format.count(report.mailedTo)}` : made;
}

export function reportFileName(report: Report, zone: string, ending: string): string {
  const title = spanTitle({ name: report.span, from: report.from, until: report.until }, zone);
  return `rekindle-${report.span}-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${ending}`;
}
