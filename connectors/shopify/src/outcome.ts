/**
 * What came of a campaign, as a marketing activity of the shop: upserted by our own id of the campaign, its figures told for the
 * day on which it began. They are the campaign's whole figures as of now and always for the same day, so that telling them again
 * says the same and telling newer ones replaces the older.
 */
import { z } from 'zod';
import type { OutcomePayload } from '@rekindle/core';
import type { ShopifyClient } from './client.ts';
import { SHOP, TELL_ENGAGEMENT, UPSERT_ACTIVITY } from './operations.ts';
import { userErrors, type UserErrors } from './schema.ts';

const shop = z.object({ shop: z.object({ ianaTimezone: z.string() }) });
const upserted = z.object({ marketingActivityUpsertExternal: z.object({ userErrors }) });
const told = z.object({ marketingEngagementCreate: z.object({ userErrors }) });

const STATES: Record<string, string> = { running: 'ACTIVE', measuring: 'ACTIVE', paused: 'PAUSED' };

/** The shop's zone: Shopify wants days reckoned as its reports do. */
export async function readZone(client: ShopifyClient): Promise<string> {
  return (await client.run(SHOP, {}, shop)).shop.ianaTimezone;
}

export async function tellOutcome(
  client: ShopifyClient,
  given: { campaignId: string; outcome: OutcomePayload; appUrl: string; zone: string },
): Promise<UserErrors> {
  const { campaignId, outcome, appUrl, zone } = given;
  const day = outcome.startedOn;
  const utcOffset = day === null ? '+00:00' : offsetOf(zone, day);
  const input = {
    remoteId: campaignId,
    remoteUrl: new URL(`/campaigns/${encodeURIComponent(campaignId)}`, appUrl).href,
    title: outcome.name,
    status: STATES[outcome.state] ?? (day === null ? 'SCHEDULED' : 'INACTIVE'),
    tactic: 'NEWSLETTER',
    marketingChannelType: 'EMAIL',
    utm: { campaign: campaignId, medium: 'email', source: 'rekindle' },
    ...(day !== null && { start: `${day}T00:00:00${utcOffset}` }),
  };
  const { userErrors: errors } = (await client.run(UPSERT_ACTIVITY, { input }, upserted))
    .marketingActivityUpsertExternal;
  if (errors.length > 0 || day === null) return errors;
  const { sends } = outcome;
  const engagement = {
    occurredOn: day,
    utcOffset,
    sendsCount: sends.accepted,
    failsCount: sends.failed,
    uniqueViewsCount: sends.opened,
    uniqueClicksCount: sends.clicked,
    unsubscribesCount: sends.unsubscribed,
    complaintsCount: sends.complained,
    orders: String(outcome.ordersAfter),
  };
  const answer = await client.run(TELL_ENGAGEMENT, { remoteId: campaignId, engagement }, told);
  return answer.marketingEngagementCreate.userErrors;
}

/** +02:00: how far a zone was from UTC at noon of a day. */
export function offsetOf(zone: string, day: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    new Date(`${day}T12:00:00Z`),
  );
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.slice(3);
}
