/** A person says yes to a campaign: from here on its mails go out. The only way to get there. */
import { loadStore } from '../accounts/index.ts';
import { domainGate, domainSentence } from '../domain/index.ts';
import type { StoreTransaction } from '../database/connect.ts';
import type { Engine } from '../engine.ts';
import { fail } from '../errors.ts';
import { audit, lockCampaign, moveCampaign } from './campaign.store.ts';
import { requireMove } from './state.ts';

const DAY = 86_400_000;

/**
 * Starts a campaign that awaits approval. `actor` is who says so (`user:<id>`). Throws `not_found`, or `wrong_state` where
 * it does not await approval, its offer would end before the last mail is out, the store has not said who its mails are from,
 * or the domain they come from does not pass.
 */
export async function approveCampaign(
  engine: Engine,
  storeId: string,
  campaignId: string,
  actor: string,
): Promise<void> {
  await engine.database.inStore(storeId, async (tx) => {
    const campaign = await lockCampaign(tx, campaignId);
    requireMove(campaign.state, 'running');
    // A pause ends by resuming: approving again would start the days of sending anew.
    if (campaign.state !== 'awaiting_approval')
      throw fail('wrong_state', `The campaign is ${campaign.state}: it is approved already.`);
    if (campaign.journeyId !== null)
      throw fail('wrong_state', 'This is a journey, not one send: switch it on on the page Journeys.');
    await requireSender(engine, tx);
    const now = engine.clock.now();
    const sendUntil = new Date(now.getTime() + campaign.plan.sendDays * DAY);
    const measureUntil = new Date(now.getTime() + campaign.plan.measureDays * DAY);
    const { offer } = campaign.plan;
    if (offer && offer.until < sendUntil)
      throw fail(
        'wrong_state',
        `The offer of this campaign ends on ${offer.until.toISOString().slice(0, 10)}, before its last mail would go out: cancel it and plan a new one.`,
      );
    await moveCampaign(tx, campaign, 'running', { at: now, by: actor, sendUntil, measureUntil });
    const { treated, holdout } = campaign.funnel;
    await audit(tx, { at: now, actor, action: 'approved', campaignId, detail: { treated, holdout } });
  });
}

/**
 * Throws `wrong_state` where the store has not said who its mails are from (the law asks for the address in every mail), or the
 * domain they come from does not pass.
 */
export async function requireSender(engine: Parameters<typeof domainGate>[0], tx: StoreTransaction): Promise<void> {
  const store = await loadStore(tx);
  const { sender } = store;
  // A shop that came by itself has not said it.
  if (sender.email === '' || sender.postalAddress.trim() === '')
    throw fail('wrong_state', 'Mails need a sender and a postal address. Fill them in under Settings, then approve.');
  const gate = await domainGate(engine, tx, store);
  if (!gate.open)
    throw fail(
      'wrong_state',
      `${domainSentence(gate.check, 'en')} Nothing can be sent before: see Sending domain under Deliverability, then approve.`,
    );
}
