/** HubSpot as a platform. */
export { hubSpotConnector, type HubSpotOptions } from './connector.ts';
export type { HubSpotApp } from './client.ts';
export { hubSpotAuthorizeUrl, hubSpotSignIn, HUBSPOT_SCOPES, type HubSpotSignIn } from './auth.ts';
export { hubSpotWebhooks, type HubSpotWebhooksOptions } from './webhooks.ts';
export { verifyHubSpotSignature } from './signature.ts';
export { hubSpotSettings, hubSpotTokens, type HubSpotSettings, type HubSpotTokens } from './schema.ts';
export { MAIL_EVENT } from './push-touches.ts';
