/** What the platforms tell → customers, identities, consents, products, orders and what each has bought. */
export { ingest } from './ingest.ts';
export { isZone, zoneOfCountry } from './zones.ts';
