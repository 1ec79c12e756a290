/** Salesforce: contacts, leads and won opportunities in; scores, outcomes, touches and consent out. */
export { salesforceConnector, type SalesforceOptions } from './connector.ts';
export { salesforceFirstSignIn, salesforceSignIn, type SalesforceApp, type SignInAs } from './auth.ts';
export { salesforceSettings, type SalesforceSettings } from './schema.ts';
export { salesforceWebhooks, signWebhook, type SalesforceWebhooksOptions } from './webhooks.ts';
