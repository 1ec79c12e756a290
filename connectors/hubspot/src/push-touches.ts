/**
 * Touches → app events on the contact's timeline (API v4 of app events, which the client has no words for yet). Events cannot
 * be changed, so each thing that became of a mail is an event of its own, named by the mail and what became of it: HubSpot
 * takes a name once.
 * https://developers.hubspot.com/docs/apps/developer-platform/add-features/app-events/send-event-occurrences
 */
import type { TouchPayload, WriteBackResult } from '@rekindle/core';
import { isAboutContent, together, type PushContext, type Written } from './written.ts';

/** The uid of the event type in hubspot-app. */
export const MAIL_EVENT = 'rekindle_mail';
const MOST = 500;
const PATH = '/integrators/timeline/v4/events/batch';

export function pushTouches({ ask }: PushContext, records: Written<TouchPayload>[]): Promise<WriteBackResult[]> {
  return together(records, MOST, async (batch) => {
    try {
      await ask('writing to timelines', async (client) => {
        const answer = await client.apiRequest({ method: 'POST', path: PATH, body: { inputs: batch.map(toEvent) } });
        if (!answer.ok) throw await asException(answer);
      });
    } catch (error) {
      // A name that is there already was taken at an earlier attempt whose answer was lost.
      if (!(batch.length === 1 && isAboutContent(error) && error.detail['status'] === 409)) throw error;
    }
    return batch.map(({ id }): WriteBackResult => ({ id, ok: true }));
  });
}

function toEvent({ payload }: Written<TouchPayload>): object {
  return {
    eventTypeName: MAIL_EVENT,
    objectId: payload.externalId,
    id: `${payload.messageId}:${payload.outcome}`,
    timestamp: payload.at,
    properties: {
      campaign: payload.campaignName,
      outcome: payload.outcome,
      words: payload.words,
      subject: payload.subject,
      ...(typeof payload.link === 'string' && { link: payload.link }),
    },
  };
}

/** Shaped as the client's own exceptions are. */
async function asException(answer: Response): Promise<Error> {
  return Object.assign(new Error('refused'), {
    code: answer.status,
    body: await answer.text(),
    headers: Object.fromEntries(answer.headers),
  });
}
