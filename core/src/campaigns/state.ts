/** What may follow what in a campaign's life. Pure; who moves it and what else changes then stands with each verb. */
import { fail } from '../errors.ts';

export const CAMPAIGN_STATES = [
  'draft',
  'awaiting_approval',
  'running',
  'paused',
  'measuring',
  'completed',
  'cancelled',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

const NEXT: Record<CampaignState, readonly CampaignState[]> = {
  draft: ['awaiting_approval', 'cancelled'],
  awaiting_approval: ['running', 'cancelled'],
  running: ['paused', 'measuring', 'cancelled'],
  paused: ['running', 'cancelled'],
  // Every mail is out: there is nothing left to stop.
  measuring: ['completed'],
  completed: [],
  cancelled: [],
};

/** States in which a campaign still wants something: no second one on the same segment meanwhile. */
export const OPEN_STATES: readonly CampaignState[] = ['draft', 'awaiting_approval', 'running', 'paused', 'measuring'];

export function mayMove(from: CampaignState, to: CampaignState): boolean {
  return NEXT[from].includes(to);
}

/** Throws `wrong_state` where `to` may not follow `from`. */
export function requireMove(from: CampaignState, to: CampaignState): void {
  if (mayMove(from, to)) return;
  const words = (state: CampaignState): string => state.replace('_', ' ');
  throw fail('wrong_state', `The campaign is ${words(from)}: it cannot become ${words(to)}.`, { detail: { from, to } });
}

/** Whether a new campaign may be planned for the segment whose campaigns these are. */
export function mayPlan(
  earlier: { state: CampaignState; approvedAt: Date | null; measureUntil: Date | null }[],
  now: Date,
): boolean {
  return earlier.every((one) => {
    if (OPEN_STATES.includes(one.state)) return false;
    // Its people would be in two experiments at once, also where it was cancelled half-way: some had their mail.
    return one.approvedAt === null || one.measureUntil === null || one.measureUntil <= now;
  });
}
