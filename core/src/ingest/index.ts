/** What the platforms tell → customers, identities, consents, products, orders and what each has bought. */
export { ingest } from './ingest.ts';
export { isZone, zoneOfCountry } from './zones.ts';
export { mergeCustomers, mergeOnPlatform, undoMerge } from './merge.ts';
export { listMerges, type ListedMerge } from './merges.store.ts';
export { takeRows } from './take-rows.ts';
