/** A campaign's state in a word, a colour that means the same everywhere, and a sentence. */
import type { CampaignFacts } from '@rekindle/core';
import { daysBetween, type Format } from './format.server.ts';

export type Tone = 'info' | 'success' | 'attention' | 'warning' | 'critical' | undefined;

const STATES: Record<string, { label: string; tone: Tone }> = {
  draft: { label: 'Being written', tone: undefined },
  awaiting_approval: { label: 'Waits for you', tone: 'attention' },
  running: { label: 'Sending', tone: 'info' },
  paused: { label: 'Paused', tone: 'warning' },
  measuring: { label: 'Measuring', tone: 'info' },
  completed: { label: 'Done', tone: undefined },
  cancelled: { label: 'Cancelled', tone: undefined },
};

export function stateBadge(state: string): { label: string; tone: Tone } {
  return STATES[state] ?? { label: state, tone: undefined };
}

/** "To 540 people; 60 are held back to measure." */
export function audienceSentence(format: Format, campaign: CampaignFacts): string {
  const { treated, holdout } = campaign.funnel;
  const held =
    holdout === 0
      ? 'nobody is held back, so its effect cannot be measured'
      : `${format.count(holdout)} ${holdout === 1 ? 'is' : 'are'} held back to measure`;
  return `To ${format.people(treated)}; ${held}.`;
}

/** "about 9 more days" until the measuring ends; null where it has, or has no end yet. */
export function daysToGo(format: Format, campaign: CampaignFacts, now: Date): string | null {
  const until = campaign.measureUntil;
  if (!until || until <= now) return null;
  return `about ${format.count(Math.max(1, daysBetween(now, until)))} more ${daysBetween(now, until) <= 1 ? 'day' : 'days'}`;
}
