/** Where the data is from, how fresh it is, and what was left out. */
import type { Overview } from '@rekindle/core';
import type { Format } from './format.server.ts';

export interface SyncView {
  headline: string;
  tone: 'success' | 'attention' | 'critical' | 'info';
  badge: string;
  /** While a pull is under way: 0..100, and the same in words with what is left of it */
  progress: { percent: number; label: string } | null;
  /** Whether the shop's history comes in for the first time: there is nothing else to show yet */
  first: boolean;
  facts: { label: string; value: string }[];
  /** What was left out or failed, in sentences */
  notes: string[];
}

const MINUTE = 60_000;
/** An estimate from less than this is none: per cent, milliseconds. */
const ENOUGH = { percent: 5, elapsed: 5000 };

const PLATFORMS: Record<string, string> = {
  csv: 'an order log',
  shopify: 'Shopify',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
};

/** 'a, b and c' */
const listed = (words: string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

export function syncView(format: Format, page: Overview): SyncView {
  const { connections, pull, import: last, counts, failed } = page.sync;
  const running = connections.find((one) => one.state === 'syncing');
  const broken = connections.find((one) => one.state === 'failed');
  const notes: string[] = [];
  if (last && last.rejected.total > 0) {
    const reasons = Object.entries(last.rejected.byReason).toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
    const told = reasons.slice(0, 3).map(([reason, rows]) => `${reason.replaceAll('_', ' ')}: ${format.count(rows)}`);
    notes.push(
      `${format.plural(last.rejected.total, 'row was', 'rows were')} left out${told.length > 0 ? ` (${told.join(', ')})` : ''}.`,
    );
  }
  if (failed.length > 0)
    notes.push(`The last ${failed.join(', ')} run stopped early. Nothing was lost; it is tried again by itself.`);
  const sources = [...new Set(connections.map((one) => PLATFORMS[one.platform] ?? one.platform))].filter(
    (name) => name !== 'sendgrid' && name !== 'openai',
  );
  const at = last?.finishedAt ?? connections.map((one) => one.lastPullAt).find((one) => one !== null) ?? null;
  return {
    headline: running
      ? `Orders are coming in from ${listed(sources)}.`
      : pull.first
        ? `The first sync${sources.length > 0 ? ` from ${listed(sources)}` : ''} starts in a moment.`
        : at
          ? `Up to date as of ${format.time(at)}${sources.length > 0 ? `, from ${listed(sources)}` : ''}.`
          : 'No data has come in yet.',
    tone: broken ? 'critical' : running || pull.first ? 'info' : at ? 'success' : 'attention',
    badge: broken ? 'Stopped' : running || pull.first ? 'Coming in' : at ? 'Up to date' : 'Empty',
    progress: running ? progressOf(running.progress, pull.since, page.store.now) : null,
    first: pull.first && !broken,
    facts: [
      { label: 'Customers', value: format.count(counts.customers) },
      { label: 'Orders', value: format.count(counts.orders) },
      {
        label: 'History',
        value:
          counts.firstOrderAt && counts.lastOrderAt
            ? `${format.fullDay(counts.firstOrderAt)} – ${format.fullDay(counts.lastOrderAt)}`
            : '–',
      },
    ],
    notes,
  };
}

/** "40 %, about 3 minutes left": what is left takes as long for each per cent as what is done has taken. */
function progressOf(percent: number, since: Date | null, now: Date): { percent: number; label: string } {
  // No line may break between the two.
  const share = `${String(percent)}\u00a0%`;
  const elapsed = since === null ? 0 : now.getTime() - since.getTime();
  if (percent < ENOUGH.percent || elapsed < ENOUGH.elapsed) return { percent, label: share };
  const minutes = (elapsed * (100 - percent)) / percent / MINUTE;
  return { percent, label: `${share}, ${leftInWords(minutes)} left` };
}

function leftInWords(minutes: number): string {
  if (minutes < 1) return 'less than a minute';
  if (minutes < 90) return `about ${String(Math.round(minutes))} ${Math.round(minutes) === 1 ? 'minute' : 'minutes'}`;
  return `about ${String(Math.round(minutes / 60))} hours`;
}
