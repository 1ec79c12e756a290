/** Visits, as events without a message. */
import type { StoreTransaction } from '../database/connect.ts';

export interface Visit {
  vendorEventId: string;
  kind: string;
  at: Date;
  externalId: string;
  detail: Record<string, string>;
}

/** Of people whom the platform's id is known of; a copy changes nothing. */
export async function addVisits(tx: StoreTransaction, platform: string, visits: Visit[]): Promise<number> {
  return tx.run(
    `INSERT INTO events (store_id, source, vendor_event_id, kind, at, customer_id, agent, detail)
     SELECT $1, 'pixel', v.vendor_event_id, v.kind, v.at, i.customer_id, 'human', v.detail
     FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::jsonb[]) AS v (vendor_event_id, kind, at, external_id, detail)
     JOIN identities i ON i.store_id = $1 AND i.platform = $2 AND i.external_id = v.external_id
     ON CONFLICT (store_id, source, vendor_event_id) DO NOTHING`,
    [
      tx.storeId,
      platform,
      visits.map((visit) => visit.vendorEventId),
      visits.map((visit) => visit.kind),
      visits.map((visit) => visit.at),
      visits.map((visit) => visit.externalId),
      visits.map((visit) => JSON.stringify(visit.detail)),
    ],
  );
}
