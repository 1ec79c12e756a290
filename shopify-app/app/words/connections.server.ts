/** Each platform in words: how it stands, what came in, what went back, and what to do where it does not work. */
import type { ConnectionFacts, ConnectionsPage } from '@rekindle/core';
import { formatFor, type Format } from './format.server.ts';

export interface ConnectionView {
  id: string;
  name: string;
  account: string;
  badge: { label: string; tone: 'success' | 'info' | 'critical' | 'attention' };
  /** How it stands, in a sentence */
  answer: string;
  /** While a pull is under way, 0..100 */
  progress: number | null;
  facts: { label: string; value: string }[];
  /** What is wrong and what to do */
  trouble: string | null;
  /** Whether asking for a pull now can help */
  mayTry: boolean;
  /** A person's record there, with what Rekindle shows beside it */
  record: { label: string; url: string } | null;
}

export interface ConnectionsView {
  answer: string;
  note: string | null;
  connections: ConnectionView[];
  exports: { id: string; text: string; url: string }[];
}

const NAMES: Record<string, string> = {
  csv: 'Order log',
  shopify: 'Shopify',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
};

export function connectionsView(page: ConnectionsPage): ConnectionsView {
  const format = formatFor(page.store);
  const connections = page.connections.map((one) => viewOf(format, one));
  const broken = page.connections.filter((one) => one.state === 'failed');
  const live = page.connections.filter((one) => one.state !== 'disconnected');
  return {
    answer:
      broken.length > 0
        ? `${listOf(broken.map(nameOf))} cannot be read at the moment. Nothing was lost.`
        : live.length === 0
          ? 'Nothing is connected yet.'
          : `${format.plural(live.length, 'connection works', 'connections work')}.`,
    note: page.store.simulated
      ? 'The platforms of this demo are stand-ins on this machine, asked by the same programs as the real ones.'
      : null,
    connections,
    exports: page.exports.map((one) => ({
      id: one.id,
      text: `Asked through ${NAMES[one.platform] ?? one.platform}, ${format.fullDay(one.at)}${one.fetchedAt === null ? '' : `, fetched ${format.fullDay(one.fetchedAt)}`}`,
      url: `/exports/${one.id}`,
    })),
  };
}

const nameOf = (one: ConnectionFacts): string => NAMES[one.platform] ?? one.platform;

function listOf(names: string[]): string {
  const all = [...new Set(names)];
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
}

function viewOf(format: Format, one: ConnectionFacts): ConnectionView {
  const takesBack = one.told + one.waiting + one.refused > 0;
  return {
    id: one.id,
    name: nameOf(one),
    account: one.account,
    badge: badgeOf(one),
    answer: answerOf(format, one),
    progress: one.state === 'syncing' ? one.progress : null,
    facts: [
      { label: 'People', value: format.count(one.people) },
      { label: 'Orders', value: format.count(one.orders) },
      ...(takesBack
        ? [
            { label: 'Told back', value: format.count(one.told) },
            { label: 'Still to tell', value: format.count(one.waiting) },
          ]
        : []),
    ],
    trouble: troubleOf(format, one),
    mayTry: one.state !== 'disconnected' && one.state !== 'syncing',
    record: recordOf(one),
  };
}

function recordOf(one: ConnectionFacts): ConnectionView['record'] {
  const { recordPage, example } = one;
  if (recordPage === null || example === null || !/^https?:\/\//.test(recordPage)) return null;
  const url = recordPage.replace('{id}', encodeURIComponent(example));
  return { label: `See a person as your salespeople do, in ${nameOf(one)}`, url };
}

function badgeOf(one: ConnectionFacts): ConnectionView['badge'] {
  switch (one.state) {
    case 'failed':
      return { label: 'Stopped', tone: 'critical' };
    case 'syncing':
      return { label: 'Coming in', tone: 'info' };
    case 'disconnected':
      return { label: 'Disconnected', tone: 'attention' };
    default:
      if (one.lastPullAt === null) return { label: 'New', tone: 'info' };
      return one.refusal === null ? { label: 'Works', tone: 'success' } : { label: 'Works in part', tone: 'attention' };
  }
}

function answerOf(format: Format, one: ConnectionFacts): string {
  if (one.state === 'disconnected') return 'The app was removed there. What came in before stays.';
  if (one.state === 'syncing') return `Coming in: ${String(one.progress)} %. You can leave this page.`;
  if (one.lastPullAt === null) return 'Waits for its first sync.';
  return `Last synced ${format.ago(one.lastPullAt)}.`;
}

/** A sentence to go on after. */
const clause = (sentence: string): string => sentence.replace(/\.$/, '');

function troubleOf(format: Format, one: ConnectionFacts): string | null {
  if (one.state === 'failed')
    return `${one.lastError ?? 'It stopped for a reason we do not know.'} It is tried again by itself.`;
  if (one.refused > 0)
    return `${format.plural(one.refused, 'thing', 'things')} could not be told back and ${one.refused === 1 ? 'was' : 'were'} given up${one.refusal === null ? '' : `: ${clause(one.refusal)}`}.`;
  return one.refusal === null
    ? null
    : `Some things could not be told back yet: ${clause(one.refusal)}. They are tried again.`;
}
