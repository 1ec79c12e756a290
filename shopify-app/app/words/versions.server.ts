/** The versions of a campaign's mail held against each other, in words: the rule, who leads, and how the batches were dealt. */
import type { CampaignPage } from '@rekindle/core';
import type { Format } from './format.server.ts';

export interface VersionsView {
  answer: string;
  rule: string;
  rows: {
    key: string;
    people: string;
    orders: string;
    clicks: string;
    unsubscribes: string;
    chance: string;
    loss: string;
  }[];
  duels: string[];
  batches: { day: string; rule: string; shares: string }[];
}

const RULE =
  'A version wins when it surely brings more orders than every other one, however often one looks, and surely loses no more people. Opens decide nothing: machines open mails.';

export function versionsView(format: Format, page: CampaignPage): VersionsView | null {
  const { comparison, batches } = page;
  if (!comparison) return null;
  const { metrics } = comparison;
  const standing = (metric: keyof typeof metrics, key: string) =>
    metrics[metric].standings.find((one) => one.key === key);
  return {
    answer: answerOf(comparison),
    rule: RULE,
    rows: metrics.orders.standings.map((one) => ({
      key: one.key.toUpperCase(),
      people: format.count(one.people),
      orders: each(one.mean),
      clicks: format.share(standing('clicks', one.key)?.mean ?? 0),
      unsubscribes: format.share(standing('unsubscribes', one.key)?.mean ?? 0),
      chance: format.share(one.chanceToWin),
      loss: each(one.expectedLoss),
    })),
    duels: metrics.orders.duels.map(
      (duel) =>
        `${duel.variant.toUpperCase()} against ${duel.against.toUpperCase()}: between ${signed(duel.low)} and ${signed(duel.high)} orders in a hundred people.`,
    ),
    batches: batches.map((batch) => ({
      day: `Day ${String(batch.batch + 1)}`,
      rule: { even: 'Evenly', winner: 'The winner', thompson: 'By the chance to be best' }[batch.rule],
      shares: batch.shares.map(({ key, share }) => `${key.toUpperCase()} ${format.share(share)}`).join(', '),
    })),
  };
}

function answerOf({ winner, reason, srm }: NonNullable<CampaignPage['comparison']>): string {
  if (!srm.ok) return 'The versions did not go to as many people as they were dealt to: they cannot be compared.';
  switch (reason) {
    case 'won':
      return `Version ${(winner ?? '').toUpperCase()} won: it brings more orders, and loses no more people.`;
    case 'unsubscribes':
      return 'One version brings more orders, and loses more people: no winner.';
    case 'one_variant':
      return 'There is one version only.';
    default:
      return 'No version is surely better yet.';
  }
}

/** Orders in a hundred people. */
function each(mean: number): string {
  return (mean * 100).toFixed(1);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)}`;
}
