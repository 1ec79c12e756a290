/**
 * What a person allowed or refused, told to the shop. A wish that the shop knows a newer one of is not told: it would undo what
 * the person said there in the meantime.
 */
import { z } from 'zod';
import type { ConsentPayload } from '@rekindle/core';
import type { ShopifyClient } from './client.ts';
import { READ_CONSENT, SET_CONSENT } from './operations.ts';
import { globalId, userErrors, type UserErrors } from './schema.ts';

const standing = z.object({
  customer: z
    .object({
      defaultEmailAddress: z
        .object({ marketingState: z.string(), marketingUpdatedAt: z.iso.datetime({ offset: true }).nullable() })
        .nullable(),
    })
    .nullable(),
});
const updated = z.object({ customerEmailMarketingConsentUpdate: z.object({ userErrors }) });

const LEVELS: Record<string, string> = { double_opt_in: 'CONFIRMED_OPT_IN', express: 'SINGLE_OPT_IN' };

export async function tellConsent(
  client: ShopifyClient,
  customerId: string,
  consent: ConsentPayload,
): Promise<UserErrors> {
  const id = globalId('Customer', customerId);
  const { customer } = await client.run(READ_CONSENT, { id }, standing);
  if (!customer) return [{ code: 'NOT_FOUND' }];
  const address = customer.defaultEmailAddress;
  // Without an address there is nobody to mail, and nothing that Shopify could keep.
  if (!address) return [];
  const wanted = consent.state === 'subscribed' ? 'SUBSCRIBED' : 'UNSUBSCRIBED';
  if (address.marketingState === wanted) return [];
  if (address.marketingUpdatedAt !== null && Date.parse(address.marketingUpdatedAt) > Date.parse(consent.at)) return [];
  const input = {
    customerId: id,
    emailMarketingConsent: {
      marketingState: wanted,
      // A clock of ours that is ahead would make it a wish of tomorrow, which Shopify refuses.
      consentUpdatedAt: new Date(Math.min(Date.parse(consent.at), client.clock.now().getTime())).toISOString(),
      ...(wanted === 'SUBSCRIBED' && { marketingOptInLevel: LEVELS[consent.basis] ?? 'UNKNOWN' }),
    },
  };
  return (await client.run(SET_CONSENT, { input }, updated)).customerEmailMarketingConsentUpdate.userErrors;
}
