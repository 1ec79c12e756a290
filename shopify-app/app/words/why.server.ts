/** Why one mail was sent, or was not: the steps of the decision in words. */
import type { Explanation, StepName } from '@rekindle/core';
import { leftOutWords } from './left-out.server.ts';

export interface WhyView {
  title: string;
  answer: string;
  reproduced: boolean;
  customerUrl: string;
  campaign: string;
  campaignUrl: string;
  steps: { key: StepName; title: string; what: string[]; same: boolean; because: string | null }[];
}

const TITLES: Record<StepName, string> = {
  data: 'What was known',
  score: 'The score',
  life_stage: 'Life stage',
  segment: 'The segment',
  consent_at_plan: 'Permission when planned',
  limits_at_plan: 'Limits when planned',
  holdout: 'The draw',
  variant: 'Which version',
  offer: 'The offer',
  hour: 'The hour',
  consent_at_hand_over: 'Permission when sent',
  last_checks: 'The last look',
  outcome: 'What the provider said',
  events: 'What happened then',
};

export function whyView(told: Explanation): WhyView {
  return {
    title: TITLE[told.state ?? ''] ?? 'Why this mail?',
    answer: `${stateWords(told)} ${
      told.reproduced
        ? 'Every step was done again just now and came out the same.'
        : `${String(told.steps.filter(({ same }) => !same).length)} of ${String(told.steps.length)} steps do not come out the same today; each says why.`
    }`,
    reproduced: told.reproduced,
    customerUrl: `/customers/${told.customer}`,
    campaign: told.campaignName,
    campaignUrl: `/campaigns/${told.campaign}`,
    steps: told.steps.map(({ step, what, same, because }) => ({ key: step, title: TITLES[step], what, same, because })),
  };
}

const TITLE: Record<string, string> = {
  accepted: 'Why was this mail sent?',
  dropped: 'Why was this mail not sent?',
  refused: 'Why was this mail not sent?',
};

function stateWords({ state, reason }: Explanation): string {
  switch (state) {
    case 'accepted':
      return 'This mail was sent.';
    case 'dropped':
    case 'refused':
      return `This mail was not sent: ${leftOutWords(reason ?? '').toLowerCase()}.`;
    case 'in_doubt':
      return 'Nobody can tell whether this mail arrived; it is not sent twice.';
    default:
      return 'This mail waits for its hour.';
  }
}
