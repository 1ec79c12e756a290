/** What HubSpot says, as far as we listen: parsed at the door. Properties are texts or null, whatever their type. */
import { z } from 'zod';

/** What is kept of a connection beside its secrets; `signIn` gives it. */
export const hubSpotSettings = z.object({
  /** ISO 4217: the currency of deals that name none */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** The kind of mail whose consent counts, where the account has several. Default: the account's own marketing mail */
  subscriptionId: z.string().regex(/^\d+$/).optional(),
});
export type HubSpotSettings = z.infer<typeof hubSpotSettings>;

export const hubSpotTokens = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  /** Milliseconds since 1970 */
  expiresAt: z.number(),
});
export type HubSpotTokens = z.infer<typeof hubSpotTokens>;

export const tokenAnswer = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1),
  /** Seconds */
  expiresIn: z.number().positive(),
});

export const accountDetails = z.object({
  portalId: z.number().int().positive(),
  companyCurrency: z.string().regex(/^[A-Z]{3}$/),
  timeZone: z.string(),
});

const id = z.string().regex(/^\d+$/);

export const record = z.object({
  id,
  properties: z.record(z.string(), z.string().nullable()),
  createdAt: z.date(),
});
export type HubSpotRecord = z.infer<typeof record>;

export const page = z.object({
  results: z.array(record),
  paging: z.object({ next: z.object({ after: z.string().min(1) }).optional() }).optional(),
});

export const searchPage = z.object({ total: z.number().int().nonnegative(), results: z.array(record) });

/** Newest first */
const history = z.array(z.object({ value: z.string().nullable(), timestamp: z.date() }));

export const historyPage = z.object({
  results: z.array(z.object({ id, propertiesWithHistory: z.record(z.string(), history).optional() })),
});

export const associationPage = z.object({
  results: z.array(z.object({ _from: z.object({ id }), to: z.array(z.object({ toObjectId: z.coerce.string() })) })),
});

export const batchErrors = z.object({
  errors: z
    .array(z.object({ category: z.string(), context: z.record(z.string(), z.array(z.string())).optional() }))
    .optional(),
});

export const definitions = z.object({
  subscriptionDefinitions: z.array(
    z.object({
      id,
      isActive: z.boolean(),
      isInternal: z.boolean(),
      purpose: z.string().nullish(),
      communicationMethod: z.string().nullish(),
    }),
  ),
});

/** An error's body. Its message may quote a person's data: it is looked at, never handed on. */
export const errorBody = z.object({
  category: z.string().max(100).optional(),
  policyName: z.string().optional(),
  message: z.string().optional(),
});

const objectId = z.union([z.number().int().positive(), z.string().regex(/^\d+$/)]).transform(String);

/** One event of a webhook's batch. */
export const webhookEvent = z.object({
  eventId: z.union([z.number(), z.string()]).transform(String),
  subscriptionId: z.union([z.number(), z.string()]).transform(String),
  portalId: objectId,
  /** Milliseconds since 1970 */
  occurredAt: z.number().int().positive().max(8_640_000_000_000_000),
  /** contact.propertyChange of old, object.propertyChange of the developer platform */
  subscriptionType: z.string().max(100),
  objectTypeId: z.string().max(40).optional(),
  objectId: objectId.optional(),
  primaryObjectId: objectId.optional(),
  mergedObjectIds: z.array(objectId).optional(),
  newObjectId: objectId.optional(),
});
export type WebhookEvent = z.infer<typeof webhookEvent>;
