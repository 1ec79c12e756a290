/**
 * Every operation that is ever sent. A test holds each to Shopify's own schema of the version in library.ts (nothing
 * deprecated), and the scopes they need to shopify.app.toml.
 */

/** What a bulk query lists, as the template that `bulkQuery` fills. */
const CUSTOMER_FIELDS = `id createdAt updatedAt firstName lastName locale verifiedEmail
defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt validFormat }
defaultPhoneNumber { phoneNumber }
defaultAddress { countryCodeV2 timeZone }`;

const MONEY = 'shopMoney { amount currencyCode }';

/** Refunds are a list, and a bulk query may hold no connection inside a list: hence their totals only. */
const ORDER_FIELDS = `id updatedAt processedAt test displayFinancialStatus
customer { id }
totalPriceSet { ${MONEY} }
refunds { id createdAt totalRefundedSet { ${MONEY} } }
lineItems { edges { node {
  id title quantity product { id }
  originalTotalSet { ${MONEY} }
  discountAllocations { allocatedAmountSet { ${MONEY} } }
} } }`;

export type Kind = 'customers' | 'orders';
export const KINDS: readonly Kind[] = ['customers', 'orders'];

/** The query that a bulk operation runs: everything, or what was touched since. */
export function bulkQuery(kind: Kind, since?: string): string {
  const filter = since === undefined ? '' : `(query: "updated_at:>='${since}'")`;
  return `{ ${kind}${filter} { edges { node { ${kind === 'customers' ? CUSTOMER_FIELDS : ORDER_FIELDS} } } } }`;
}

const OPERATION = 'id status errorCode createdAt rootObjectCount fileSize url';

export const START_BULK = `mutation StartBulk($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { ${OPERATION} }
    userErrors { code field message }
  }
}`;

export const READ_BULK = `query ReadBulk($id: ID!) { bulkOperation(id: $id) { ${OPERATION} } }`;

export const LIST_BULK = `query ListBulk($filter: String!) {
  bulkOperations(first: 25, query: $filter, sortKey: CREATED_AT, reverse: true) { nodes { ${OPERATION} query } }
}`;

export const NEWEST: Record<Kind, string> = {
  customers: `query NewestCustomers($filter: String!) {
  customers(first: 50, query: $filter, sortKey: UPDATED_AT, reverse: true) { nodes { id updatedAt } pageInfo { hasNextPage } }
}`,
  orders: `query NewestOrders($filter: String!) {
  orders(first: 50, query: $filter, sortKey: UPDATED_AT, reverse: true) { nodes { id updatedAt } pageInfo { hasNextPage } }
}`,
};

export const COUNT: Record<Kind, string> = {
  customers: `query CountCustomers($filter: String) { customersCount(query: $filter, limit: null) { count } }`,
  orders: `query CountOrders($filter: String) { ordersCount(query: $filter, limit: null) { count } }`,
};

/** What a store must know of its shop before anything is pulled. */
export const OPEN_SHOP = `query OpenShop {
  shop {
    name contactEmail currencyCode ianaTimezone primaryDomain { url } shopAddress { countryCodeV2 formatted }
  }
}`;

export const SHOP = `query Shop { shop { id name email currencyCode ianaTimezone myshopifyDomain } }`;

export const DEFINITIONS = `query Definitions {
  metafieldDefinitions(ownerType: CUSTOMER, namespace: "$app", first: 50) { nodes { key } }
}`;

export const DEFINE = `mutation Define($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { createdDefinition { id } userErrors { code field message } }
}`;

export const SET_METAFIELDS = `mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { key } userErrors { code field message } }
}`;

export const DELETE_METAFIELDS = `mutation DeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {
  metafieldsDelete(metafields: $metafields) { deletedMetafields { key } userErrors { field message } }
}`;

export const UPSERT_ACTIVITY = `mutation UpsertActivity($input: MarketingActivityUpsertExternalInput!) {
  marketingActivityUpsertExternal(input: $input) { marketingActivity { id } userErrors { code field message } }
}`;

export const TELL_ENGAGEMENT = `mutation TellEngagement($remoteId: String!, $engagement: MarketingEngagementInput!) {
  marketingEngagementCreate(remoteId: $remoteId, marketingEngagement: $engagement) {
    marketingEngagement { occurredOn }
    userErrors { code field message }
  }
}`;

export const SET_CONSENT = `mutation SetConsent($input: CustomerEmailMarketingConsentUpdateInput!) {
  customerEmailMarketingConsentUpdate(input: $input) {
    customer { id defaultEmailAddress { marketingState } }
    userErrors { code field message }
  }
}`;

export const READ_CONSENT = `query ReadConsent($id: ID!) {
  customer(id: $id) { id defaultEmailAddress { marketingState marketingUpdatedAt } }
}`;

export const LIST_WEBHOOKS = `query ListWebhooks($after: String) {
  webhookSubscriptions(first: 50, after: $after) { nodes { id topic uri } pageInfo { hasNextPage endCursor } }
}`;

export const ADD_WEBHOOK = `mutation AddWebhook($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { id }
    userErrors { field message }
  }
}`;

export const MOVE_WEBHOOK = `mutation MoveWebhook($id: ID!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $subscription) {
    webhookSubscription { id }
    userErrors { field message }
  }
}`;

export const ADD_PIXEL = `mutation AddPixel($webPixel: WebPixelInput!) {
  webPixelCreate(webPixel: $webPixel) { webPixel { id } userErrors { code field message } }
}`;

export const READ_PIXEL = `query ReadPixel { webPixel { id settings } }`;

export const CHANGE_PIXEL = `mutation ChangePixel($id: ID!, $webPixel: WebPixelInput!) {
  webPixelUpdate(id: $id, webPixel: $webPixel) { webPixel { id } userErrors { code field message } }
}`;

/** All of them, for the test of schema and scopes. */
export const OPERATIONS: readonly string[] = [
  KINDS.flatMap((kind) => [bulkQuery(kind), NEWEST[kind], COUNT[kind]]),
  [
    START_BULK,
    READ_BULK,
    LIST_BULK,
    OPEN_SHOP,
    SHOP,
    DEFINITIONS,
    DEFINE,
    SET_METAFIELDS,
    DELETE_METAFIELDS,
    UPSERT_ACTIVITY,
  ],
  [TELL_ENGAGEMENT, SET_CONSENT, READ_CONSENT, LIST_WEBHOOKS, ADD_WEBHOOK, MOVE_WEBHOOK],
  [ADD_PIXEL, READ_PIXEL, CHANGE_PIXEL],
].flat();
