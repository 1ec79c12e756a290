/** The list of customers in words. */
import {
  lifeStageName,
  reasonSentence,
  VIEWS,
  type CustomerRow,
  type CustomersPage,
  type CustomersQuery,
  type LifeStage,
  type View,
} from '@rekindle/core';
import { formatFor, LANGUAGE, type Format } from './format.server.ts';

export interface CustomerRowView {
  id: string;
  url: string;
  name: string;
  lastOrder: string;
  lastOrderAgo: string;
  rhythm: string;
  stage: { key: LifeStage; label: string };
  atRisk: string;
  chance: string;
  why: string;
}

export interface CustomersView {
  answer: string;
  note: string | null;
  views: { key: View; label: string; count: string; current: boolean; url: string }[];
  sorts: { key: 'risk' | 'silence'; label: string }[];
  query: { view: View; sort: 'risk' | 'silence'; search: string; paged: boolean };
  rows: CustomerRowView[];
  nextUrl: string | null;
  firstUrl: string;
  empty: { title: string; text: string; link: { label: string; url: string } | null } | null;
}

const SORTS = [
  { key: 'risk', label: 'Most value at risk' },
  { key: 'silence', label: 'Longest without an order' },
] as const;

/** A query from an address: what it does not know becomes the default. */
export function queryFrom(url: URL): CustomersQuery {
  const given = url.searchParams;
  const view = VIEWS.find((one) => one === given.get('view')) ?? 'slipping';
  const search = given.get('search')?.slice(0, 100).trim();
  return {
    view,
    sort: given.get('sort') === 'silence' ? 'silence' : 'risk',
    ...(search ? { search } : {}),
    ...(given.get('after') ? { after: given.get('after') ?? '' } : {}),
  };
}

export function customersView(page: CustomersPage, query: CustomersQuery): CustomersView {
  const format = formatFor(page.store);
  const all = page.stages.reduce((sum, one) => sum + one.customers, 0);
  const countOf = (view: View) =>
    view === 'all' ? all : (page.stages.find((one) => one.stage === view)?.customers ?? 0);
  return {
    ...answerOf(format, page, all),
    views: VIEWS.map((view) => ({
      key: view,
      label: view === 'all' ? 'Everybody' : lifeStageName(view, LANGUAGE),
      count: format.count(countOf(view)),
      current: query.search === undefined && view === query.view,
      url: address({ view, sort: query.sort }),
    })),
    sorts: [...SORTS],
    query: { view: query.view, sort: query.sort, search: query.search ?? '', paged: query.after !== undefined },
    rows: page.rows.map((row) => rowView(format, row, page)),
    nextUrl: page.next === null ? null : address({ ...query, after: page.next }),
    firstUrl: address({ view: query.view, sort: query.sort }),
    empty: page.rows.length > 0 ? null : emptyOf(page, query, all),
  };
}

function address(query: Partial<CustomersQuery>): string {
  const words = new URLSearchParams();
  for (const key of ['view', 'sort', 'search', 'after'] as const) {
    const value = query[key];
    if (value !== undefined && value !== '' && !(key === 'sort' && value === 'risk')) words.set(key, value);
  }
  return `/customers?${words.toString()}`;
}

function answerOf(format: Format, page: CustomersPage, all: number): { answer: string; note: string | null } {
  const of = (stage: LifeStage) => page.stages.find((one) => one.stage === stage);
  const slipping = of('slipping');
  const lapsed = of('lapsed');
  if (!page.scored || all === 0) return { answer: 'Nobody to show yet.', note: null };
  if (page.stages.every((one) => one.scored === 0))
    return {
      answer: 'Too early to say who is slipping away.',
      note: `${format.people(all)} bought so far, too few of them again to know how often people come back.`,
    };
  if (!slipping || slipping.customers === 0)
    return { answer: 'Nobody is later than usual.', note: `${format.people(all)} in all.` };
  const risk = slipping.valueAtRisk;
  const atRisk = slipping.scored === 0 ? '' : ` ${format.moneyKnown(risk, risk)} a year is at risk with them.`;
  return {
    answer: `${format.people(slipping.customers)} ${slipping.customers === 1 ? 'is' : 'are'} later than usual.${atRisk}`,
    note:
      lapsed && lapsed.scored > 0
        ? `${format.people(lapsed.customers)} more have lapsed: ${format.moneyKnown(lapsed.valueAtRisk, lapsed.valueAtRisk)} a year, harder to win back.`
        : null,
  };
}

function rowView(format: Format, row: CustomerRow, page: CustomersPage): CustomerRowView {
  const [first] = row.reasons;
  return {
    id: row.id,
    url: `/customers/${row.id}`,
    name: row.name,
    lastOrder: row.lastOrderAt ? format.day(row.lastOrderAt) : 'No order',
    lastOrderAgo: row.lastOrderAt ? format.ago(row.lastOrderAt) : '',
    rhythm: row.usualIntervalDays === null ? 'Not known yet' : `Every ${format.days(row.usualIntervalDays)}`,
    stage: { key: row.lifeStage, label: lifeStageName(row.lifeStage, LANGUAGE) },
    atRisk: row.valueAtRisk === null ? '–' : `${format.moneyWhole(row.valueAtRisk)}`,
    chance: row.returnChance90 === null ? 'Not enough data' : format.share(row.returnChance90),
    why: first ? reasonSentence(first, LANGUAGE, page.store.currency) : '',
  };
}

function emptyOf(page: CustomersPage, query: CustomersQuery, all: number): CustomersView['empty'] {
  if (query.search !== undefined)
    return {
      title: `Nobody found for “${query.search}”`,
      text: 'Search looks at the beginning of first and last names, and at whole e-mail addresses and customer numbers.',
      link: { label: 'Show everybody', url: '/customers?view=all' },
    };
  if (!page.scored)
    return {
      title: 'Your customers will be here',
      text: 'Each with a usual rhythm, what is at risk, and why. What is missing: orders. About a year of them is enough to know how often people come back.',
      link: { label: 'See where data comes from', url: '/' },
    };
  return {
    title: all === 0 ? 'There are no customers yet' : 'Nobody here',
    text: all === 0 ? 'They come with the first orders.' : 'No customer is in this life stage at the moment.',
    link: all === 0 ? null : { label: 'Show everybody', url: '/customers?view=all' },
  };
}
