/** The reputation page in words: do mails arrive, where do they not, and what to do next. */
import {
  BOUNDS,
  LEAST,
  standingOf,
  type Language,
  type MailboxProvider,
  type Received,
  type ReputationPage,
  type Standing,
} from '@rekindle/core';
import { timeTicks, valueTicks, type Tick } from './axis.server.ts';
import { storeFormat, type Format } from './format.server.ts';
import { REPUTATION_WORDS, type ReputationWords } from './reputation-words.server.ts';

export interface TrendView {
  points: { at: number; complaints: number; bounces: number; day: string; words: string[] }[];
  values: Tick[];
  times: Tick[];
  finding: string;
  unit: string;
}

export interface ShareView {
  label: string;
  share: string;
  hint: string;
  standing: Standing;
  badge: string;
}

export interface ReputationView {
  language: Language;
  title: string;
  answer: string;
  note: string | null;
  spans: { label: string; url: string; current: boolean }[];
  empty: { title: string; text: string } | null;
  shares: ShareView[];
  next: { title: string; lines: string[] };
  columns: string[];
  mailboxes: { name: string; cells: { label: string; value: string; standing: Standing }[] }[];
  codes: { what: string; mails: string; meaning: string }[];
  trend: TrendView | null;
  words: ReputationWords['page'];
}

export function reputationView(page: ReputationPage): ReputationView {
  const format = storeFormat(page.store);
  const words = REPUTATION_WORDS[format.language];
  const { all, days } = page;
  const complaints = standingOf('complaints', all.complaints, all.sent);
  const bounces = standingOf('bounces', all.hardBounces, all.sent);
  return {
    language: format.language,
    title: words.page.title,
    answer: answerOf(format, words, page, [complaints, bounces]),
    note: all.sent === 0 ? null : words.note(format.plural(all.sent, words.mail, words.mails), days),
    spans: ([7, 30, 90] as const).map((span) => ({
      label: words.span(span),
      url: `/deliverability?days=${String(span)}`,
      current: span === days,
    })),
    empty: all.sent === 0 ? words.empty : null,
    shares: sharesOf(format, words, all, { complaints, bounces }),
    next: nextOf(format, words, page, { complaints, bounces }),
    columns: words.columns,
    mailboxes: page.mailboxes.map((one) => mailboxView(format, words, one)),
    codes: page.codes.map(({ code, permanent, mails }) => ({
      what: code ?? words.noCode,
      mails: format.count(mails),
      meaning: meaningOf(words, code, permanent),
    })),
    trend: trendView(format, words, page),
    words: words.page,
  };
}

function answerOf(format: Format, words: ReputationWords, { all }: ReputationPage, standings: Standing[]): string {
  if (all.sent === 0) return words.noMails;
  const complaints = shareOf(format, all.complaints, all.sent);
  const bounces = shareOf(format, all.hardBounces, all.sent);
  if (standings.includes('too_high')) return words.answers.too_high(complaints, bounces);
  if (standings.includes('high')) return words.answers.high(complaints, bounces);
  return standings.includes('few') ? words.answers.few(complaints, bounces) : words.answers.good(complaints, bounces);
}

function sharesOf(
  format: Format,
  words: ReputationWords,
  all: Received,
  standings: { complaints: Standing; bounces: Standing },
): ShareView[] {
  const bound = (what: 'complaints' | 'bounces') =>
    words.bound(percent(format, BOUNDS[what].good), percent(format, BOUNDS[what].bad));
  const view = (label: string, count: number, standing: Standing, hint: string): ShareView => ({
    label,
    share: shareOf(format, count, all.sent),
    hint: `${format.count(count)} · ${hint}`,
    standing,
    badge: words.standings[standing],
  });
  return [
    view(words.complaints, all.complaints, standings.complaints, bound('complaints')),
    view(words.hardBounces, all.hardBounces, standings.bounces, bound('bounces')),
  ];
}

const grave = (standing: Standing): boolean => standing === 'high' || standing === 'too_high';

function nextOf(
  format: Format,
  words: ReputationWords,
  { all, mailboxes }: ReputationPage,
  { complaints, bounces }: { complaints: Standing; bounces: Standing },
): ReputationView['next'] {
  const lines: string[] = [];
  if (grave(complaints)) lines.push(...words.next.complaints);
  if (grave(bounces)) lines.push(...words.next.bounces);
  const worst = mailboxes.find(
    (one) => grave(standingOf('complaints', one.complaints, one.sent)) && one.complaints * 2 > all.complaints,
  );
  if (worst && mailboxes.length > 1) lines.push(words.next.oneMailbox(words.mailboxes[worst.mailbox]));
  const few = complaints === 'few' || bounces === 'few' || all.sent < LEAST.complaints / BOUNDS.complaints.bad;
  if (lines.length === 0 && all.sent > 0) lines.push(few ? words.next.few(format.count(all.sent)) : words.next.nothing);
  return { title: words.next.title, lines };
}

function mailboxView(format: Format, words: ReputationWords, one: Received & { mailbox: MailboxProvider }) {
  const cell = (place: number, value: string, standing: Standing = 'good') => ({
    label: words.columns[place] ?? '',
    value,
    standing,
  });
  const of = (count: number) => `${shareOf(format, count, one.sent)} (${format.count(count)})`;
  return {
    name: words.mailboxes[one.mailbox],
    cells: [
      cell(1, format.count(one.sent)),
      cell(2, of(one.complaints), standingOf('complaints', one.complaints, one.sent)),
      cell(3, of(one.hardBounces), standingOf('bounces', one.hardBounces, one.sent)),
      cell(4, of(one.softBounces)),
      cell(5, of(one.deferrals)),
      cell(6, of(one.unsubscribes)),
    ],
  };
}

function meaningOf(words: ReputationWords, code: string | null, permanent: boolean): string {
  const known = code === null ? undefined : (words.codes[code] ?? words.codes[code.slice(0, 2)]);
  return known ?? (permanent ? words.codes['5.'] : words.codes['4.']) ?? '';
}

function trendView(format: Format, words: ReputationWords, { trend, all }: ReputationPage): TrendView | null {
  if (trend.length < 2 || all.complaints + all.hardBounces === 0) return null;
  const points = trend.map((one) => {
    const at = new Date(`${one.day}T12:00:00Z`);
    const complaints = (one.complaints / one.sent) * 100;
    const bounces = (one.bounces / one.sent) * 100;
    return {
      at: at.getTime(),
      complaints,
      bounces,
      day: format.day(at),
      words: [
        format.count(one.sent),
        shareOf(format, one.complaints, one.sent),
        shareOf(format, one.bounces, one.sent),
      ],
    };
  });
  const highest = Math.max(
    ...points.flatMap((point) => [point.complaints, point.bounces]),
    BOUNDS.complaints.bad * 100,
  );
  return {
    points,
    values: valueTicks(0, highest, (value) => percent(format, value / 100)),
    times: timeTicks(
      points.map((point) => new Date(point.at)),
      5,
      (at) => format.day(at),
    ),
    finding: words.finding(shareOf(format, all.complaints, all.sent), shareOf(format, all.hardBounces, all.sent)),
    unit: words.unit,
  };
}

function percent(format: Format, share: number): string {
  return `${format.decimal(share * 100, share === 0 ? 0 : share < 0.01 ? 2 : 1)}\u00a0%`;
}

function shareOf(format: Format, count: number, sent: number): string {
  return percent(format, sent === 0 ? 0 : count / sent);
}
