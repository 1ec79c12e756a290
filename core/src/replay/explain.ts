/** Why was this message sent, or why did this person get nothing? Reads only; never says the same where it is not. */
import type { Engine } from '../engine.ts';
import { planSteps } from './plan-steps.ts';
import { loadDossier, type Question } from './replay.store.ts';
import { scoreSteps } from './score-steps.ts';
import { sendSteps } from './send-steps.ts';
import type { Step } from './step.ts';

/** Ids are the only thing in it by which a person could be known. */
export interface Explanation {
  /** Null: the person has no message in this campaign */
  message: string | null;
  /** messages.state and its reason */
  state: string | null;
  reason: string | null;
  store: string;
  campaign: string;
  campaignName: string;
  customer: string;
  /** treated, holdout, left_out; null: was not in the segment */
  arm: string | null;
  steps: Step[];
  /** Every step, done again, is what is stored */
  reproduced: boolean;
}

/** Throws `not_found` where there is no such message, campaign or customer in the store. */
export async function explain(
  engine: Pick<Engine, 'database' | 'clock' | 'keys'>,
  storeId: string,
  question: Question,
): Promise<Explanation> {
  const dossier = await engine.database.inStore(storeId, (tx) => loadDossier(engine, tx, question));
  const { store, campaign, message, holdout, customerId } = dossier;
  const scored = scoreSteps(dossier);
  const steps = [...scored.steps, ...planSteps(dossier, scored), ...(message ? sendSteps(dossier, message) : [])];
  return {
    message: message?.id ?? null,
    state: message?.state ?? null,
    reason: message?.stateReason ?? null,
    store: store.id,
    campaign: campaign.id,
    campaignName: campaign.name,
    customer: customerId,
    arm: holdout?.arm ?? null,
    steps,
    reproduced: steps.every(({ same }) => same),
  };
}
