/** Where the data is from, how fresh it is, and what was left out. */
import type { Overview } from '@rekindle/core';
import type { Format } from './format.server.ts';

export interface SyncView {
  headline: string;
  tone: 'success' | 'attention' | 'critical' | 'info';
  badge: string;
  /** 0..100 while a pull is under way */
  progress: number | null;
  facts: { label: string; value: string }[];
  /** What was left out or failed, in sentences */
  notes: string[];
}

const PLATFORMS: Record<string, string> = {
  csv: 'an order log',
  shopify: 'Shopify',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
};

export function syncView(format: Format, page: Overview): SyncView {
  const { connections, import: last, counts, failed } = page.sync;
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
      ? `Orders are coming in from ${sources.join(' and ')}.`
      : at
        ? `Up to date as of ${format.time(at)}${sources.length > 0 ? `, from ${sources.join(' and ')}` : ''}.`
        : 'No data has come in yet.',
    tone: broken ? 'critical' : running ? 'info' : at ? 'success' : 'attention',
    badge: broken ? 'Stopped' : running ? 'Coming in' : at ? 'Up to date' : 'Empty',
    progress: running ? running.progress : null,
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
