/** Shapes of what comes from outside: settings, kept tokens, answers of the Admin API. What is not named here is not read. */
import { z } from 'zod';

/** Settings of a connection; no secret. */
export const shopifySettings = z.object({
  /** example.myshopify.com */
  shop: z.string().regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'as in example.myshopify.com'),
});
export type ShopifySettings = z.infer<typeof shopifySettings>;

/** The app, as the Shopify Dev Dashboard shows it. */
export interface ShopifyApp {
  apiKey: string;
  apiSecret: string;
  /** The app's public address */
  url: string;
}

/** What the vault keeps of a shop: an expiring offline token and what renews it. */
export const shopifyTokens = z.object({
  shop: z.string(),
  accessToken: z.string().min(1),
  scope: z.string(),
  /** ISO instants */
  expiresAt: z.string(),
  refreshToken: z.string().min(1),
  refreshExpiresAt: z.string(),
});
export type ShopifyTokens = z.infer<typeof shopifyTokens>;

const time = z.iso.datetime({ offset: true });
const money = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) });

export const customerNode = z.object({
  id: z.string(),
  createdAt: time,
  updatedAt: time,
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  locale: z.string(),
  verifiedEmail: z.boolean(),
  defaultEmailAddress: z
    .object({
      emailAddress: z.string(),
      marketingState: z.string(),
      marketingOptInLevel: z.string().nullable(),
      marketingUpdatedAt: time.nullable(),
      validFormat: z.boolean(),
    })
    .nullable(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullable(),
  defaultAddress: z.object({ countryCodeV2: z.string().nullable(), timeZone: z.string().nullable() }).nullable(),
});
export type CustomerNode = z.infer<typeof customerNode>;

export const orderNode = z.object({
  id: z.string(),
  updatedAt: time,
  processedAt: time,
  test: z.boolean(),
  displayFinancialStatus: z.string().nullable(),
  customer: z.object({ id: z.string() }).nullable(),
  totalPriceSet: money,
  refunds: z.array(z.object({ id: z.string(), createdAt: time.nullable(), totalRefundedSet: money })),
});
export type OrderNode = z.infer<typeof orderNode>;

export const lineNode = z.object({
  id: z.string(),
  __parentId: z.string(),
  title: z.string(),
  quantity: z.number().int(),
  product: z.object({ id: z.string() }).nullable(),
  originalTotalSet: money,
  discountAllocations: z.array(z.object({ allocatedAmountSet: money })),
});
export type LineNode = z.infer<typeof lineNode>;

export const bulkOperation = z.object({
  id: z.string(),
  status: z.string(),
  errorCode: z.string().nullable(),
  createdAt: time,
  rootObjectCount: z.coerce.number(),
  fileSize: z.coerce.number().nullable(),
  url: z.string().nullable(),
});
export type BulkOperation = z.infer<typeof bulkOperation>;

export const userErrors = z.array(
  z.object({ field: z.array(z.string()).nullish(), code: z.string().nullish(), message: z.string().optional() }),
);
export type UserErrors = z.infer<typeof userErrors>;

/** 123 of gid://shopify/Customer/123: how Shopify's own pages and webhooks name it. */
export function shortId(gid: string): string {
  return gid.slice(gid.lastIndexOf('/') + 1).replace(/\?.*$/, '');
}

export function globalId(type: string, id: string): string {
  return id.startsWith('gid://') ? id : `gid://shopify/${type}/${id}`;
}
