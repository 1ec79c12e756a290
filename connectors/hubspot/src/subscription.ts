/** The kind of mail whose consent counts: what an account of HubSpot calls a subscription type. */
import { fail } from '@rekindle/core';
import type { Ask } from './ask.ts';
import { read } from './read.ts';
import { definitions } from './schema.ts';

/** Its id: the one named in the settings, else the account's own marketing mail. */
export async function subscriptionOf(ask: Ask, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const answer = await ask('reading the kinds of mail', (client) =>
    client.communicationPreferences.definitionApi.getPage(),
  );
  const mails = read(definitions, answer).subscriptionDefinitions.filter(
    (one) => one.isActive && !one.isInternal && (one.communicationMethod ?? 'Email') === 'Email',
  );
  const found = mails.find((one) => one.purpose === 'Marketing') ?? mails[0];
  if (!found)
    throw fail(
      'connector_refused',
      'HubSpot has no kind of marketing mail that people could subscribe to. Make one in its settings, under Marketing, Email, Subscription types.',
    );
  return found.id;
}

/** The property of a contact that says whether she refused it. */
export function optOutProperty(subscriptionId: string): string {
  return `hs_email_optout_${subscriptionId}`;
}
