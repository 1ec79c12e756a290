/**
 * What came of a campaign → a marketing event: the one object for campaigns of other systems that every plan of HubSpot has,
 * and that is upserted by an id of ours. Its description says the verdict in words, then the figures.
 */
import type { MarketingEventCreateRequestParams } from '@hubspot/api-client/lib/codegen/marketing/events/index.js';
import { formatMoney, type OutcomePayload, type WriteBackResult } from '@rekindle/core';
import { together, type PushContext, type Written } from './written.ts';

/** HubSpot's word for the system that an event comes from. */
const ACCOUNT = 'rekindle';
const MOST = 100;

export function pushOutcomes({ ask }: PushContext, records: Written<OutcomePayload>[]): Promise<WriteBackResult[]> {
  return together(records, MOST, async (batch) => {
    await ask('writing what campaigns brought', ({ marketing }) =>
      marketing.events.batchApi.upsert({ inputs: batch.map(toMarketingEvent) }),
    );
    return batch.map(({ id }): WriteBackResult => ({ id, ok: true }));
  });
}

function toMarketingEvent({ subjectId, payload }: Written<OutcomePayload>): MarketingEventCreateRequestParams {
  return {
    externalAccountId: ACCOUNT,
    externalEventId: subjectId,
    eventName: payload.name,
    eventOrganizer: 'Rekindle',
    eventType: 'WIN_BACK_CAMPAIGN',
    eventDescription: describe(payload),
    eventCompleted: payload.state === 'completed',
    ...(payload.startedOn !== null && { startDateTime: new Date(payload.startedOn) }),
  };
}

/** The verdict is in the store's language already; figures need none. */
function describe({ verdictWords, incrementalRevenue: revenue, sends, treated, heldBack }: OutcomePayload): string {
  const money = (amount: number): string => formatMoney(amount, revenue.currency, 'en');
  const band = `${money(revenue.low)} … ${money(revenue.high)}, ${String(Math.round(revenue.confidence * 100))} %`;
  const counts = [`✉ ${String(sends.accepted)}`, `👁 ${String(sends.opened)}`, `↗ ${String(sends.clicked)}`];
  return [
    verdictWords,
    `${money(revenue.amount)} (${band})`,
    `${String(treated)} : ${String(heldBack)} · ${counts.join(' · ')}`,
  ].join('\n');
}
