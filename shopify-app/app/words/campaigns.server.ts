/** The list of campaigns in words. */
import { verdictSentence, type CampaignsPage } from '@rekindle/core';
import { audienceSentence, stateBadge, type Tone } from './campaign-state.server.ts';
import { formatFor, LANGUAGE, type Format } from './format.server.ts';

export interface CampaignsView {
  answer: string;
  rows: {
    id: string;
    url: string;
    name: string;
    badge: { label: string; tone: Tone };
    audience: string;
    result: string;
    when: string;
  }[];
  nextUrl: string | null;
}

export function campaignsView(page: CampaignsPage): CampaignsView {
  const format = formatFor(page.store);
  return {
    answer: answerOf(format, page),
    rows: page.campaigns.map((campaign) => ({
      id: campaign.id,
      url: `/campaigns/${campaign.id}`,
      name: campaign.name,
      badge: stateBadge(campaign.state),
      audience: audienceSentence(format, campaign),
      result: campaign.look
        ? capital(verdictSentence(campaign.look, { language: LANGUAGE, currency: page.store.currency }))
        : campaign.approvedAt
          ? 'Not measured yet'
          : '',
      when: format.day(campaign.approvedAt ?? campaign.plannedAt),
    })),
    nextUrl: page.next === null ? null : `/campaigns?after=${encodeURIComponent(page.next)}`,
  };
}

function answerOf(format: Format, page: CampaignsPage): string {
  const waiting = page.campaigns.filter((one) => one.state === 'awaiting_approval').length;
  const running = page.campaigns.filter((one) => one.state === 'running').length;
  if (page.campaigns.length === 0) return 'No campaign yet.';
  const parts = [
    waiting > 0 ? `${format.plural(waiting, 'waits', 'wait')} for your yes` : '',
    running > 0 ? `${format.plural(running, 'is', 'are')} sending` : '',
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing waits for you.';
}

/** A sentence from a fragment. */
export function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
