/** The domain page in words: how it stands, three rows with what to write where, and what Gmail and Yahoo ask beside that. */
import {
  domainSentence,
  providerName,
  type Blocker,
  type DomainPage,
  type DomainRow,
  type Language,
  type Problem,
  type RowName,
  type SeenRecord,
} from '@rekindle/core';
import { storeFormat, type Format } from './format.server.ts';
import { DOMAIN_WORDS, type DomainWords } from './domain-words.server.ts';

export interface Badge {
  label: string;
  tone: 'success' | 'critical' | 'attention' | 'info';
}

export interface RecordView {
  key: string;
  type: string;
  host: string;
  /** '' where only the mail server's operator knows it */
  value: string;
  /** What stands there now, in a sentence */
  found: string;
  passes: boolean;
}

export interface RowView {
  name: RowName;
  title: string;
  badge: Badge;
  why: string;
  records: RecordView[];
}

export interface DomainView {
  language: Language;
  title: string;
  badge: Badge | null;
  answer: string;
  note: string | null;
  /** Shown until everything passes */
  unsettled: boolean;
  checked: string | null;
  blocker: { title: string; text: string; add: string | null } | null;
  rows: RowView[];
  rules: { title: string; items: { text: string; met: boolean }[] } | null;
  sender: { email: string; replyTo: string };
  words: DomainWords['page'];
}

export function domainView(page: DomainPage): DomainView {
  const format = storeFormat(page.store);
  const words = DOMAIN_WORDS[format.language];
  const { check } = page;
  const rows = (check?.report?.rows ?? []).map((row) => rowView(words, row));
  const passes = check?.state === 'passes';
  return {
    language: format.language,
    title: words.page.title,
    badge: check && badgeOf(words, check.state),
    answer: check ? domainSentence(check, format.language) : words.exempt(page.sender.email),
    note: check ? words.sentBy(providerName(page.provider)) : null,
    unsettled: check !== null && !passes,
    checked: check && checkedWords(words, format, check),
    blocker: blockerView(words, page),
    rows,
    rules: check && rows.length > 0 ? { title: words.rulesTitle, items: rulesOf(words, rows) } : null,
    sender: { email: page.sender.email, replyTo: page.sender.replyTo },
    words: words.page,
  };
}

function badgeOf(words: DomainWords, state: string): Badge {
  if (state === 'passes') return { label: words.states.passes, tone: 'success' };
  if (state === 'fails') return { label: words.states.fails, tone: 'critical' };
  if (state === 'silent') return { label: words.states.silent, tone: 'attention' };
  return { label: words.states.unchecked, tone: 'info' };
}

function checkedWords(words: DomainWords, format: Format, check: NonNullable<DomainPage['check']>): string {
  const next = check.nextCheckAt;
  return check.checkedAt === null ? words.soon : words.checked(format.ago(check.checkedAt), format.time(next));
}

function blockerView(words: DomainWords, { check, mayAdd, provider }: DomainPage): DomainView['blocker'] {
  const blocker: Blocker | null = check?.report?.blocker ?? null;
  if (!check || blocker === null) return null;
  const name = providerName(provider);
  const { title, text } = words.blockers[blocker];
  const add = blocker === 'not_added' && mayAdd ? words.add(name) : null;
  return { title: title(check.domain, name), text: text(check.domain, name), add };
}

function rowView(words: DomainWords, row: DomainRow): RowView {
  return {
    name: row.name,
    title: words.rows[row.name].title,
    badge: badgeOf(words, row.state),
    why: row.records.length === 0 ? words.noSelector : words.rows[row.name].why,
    records: row.records.map((record) => recordView(words, record)),
  };
}

function recordView(words: DomainWords, record: SeenRecord): RecordView {
  const found = record.found.join(' · ');
  return {
    key: `${record.type} ${record.host}`,
    type: record.type,
    host: record.host,
    value: record.value,
    found: record.problem === null ? words.right : problemWords(words, record.problem, found),
    passes: record.problem === null,
  };
}

function problemWords(words: DomainWords, problem: Problem, found: string): string {
  const sentence = words.problems[problem];
  return found === '' ? sentence : `${sentence} ${words.foundNow(found)}`;
}

/** Google's and Yahoo's rules for who sends in bulk: support.google.com/a/answer/81126, senders.yahooinc.com/best-practices. */
function rulesOf(words: DomainWords, rows: RowView[]): { text: string; met: boolean }[] {
  const met = (name: RowName): boolean => rows.some((row) => row.name === name && row.badge.tone === 'success');
  return [
    { text: words.rules.spf, met: met('spf') },
    { text: words.rules.dkim, met: met('dkim') },
    { text: words.rules.dmarc, met: met('dmarc') },
    // Every mail has these, whatever the domain: core/src/delivery/mail.ts.
    { text: words.rules.oneClick, met: true },
    { text: words.rules.visible, met: true },
  ];
}
