/** The history of what people allowed: append only. */
import type { StoreTransaction } from '../database/connect.ts';
import type { SourceConsent } from '../ports.ts';
import { holdStarts } from './starts.store.ts';

export interface ConsentRecord extends SourceConsent {
  customerId: string;
  /** Platform or page that said so */
  source: string;
  /** What proves it: the form's version, the page; never an address */
  evidence?: Record<string, unknown>;
}

/** Appends what people allowed or refused. The same record twice is one; gives how many were new. */
export async function recordConsent(tx: StoreTransaction, records: ConsentRecord[]): Promise<number> {
  if (records.length === 0) return 0;
  return tx.run(
    `INSERT INTO consents (store_id, customer_id, channel, state, basis, at, source, evidence)
     SELECT $1::uuid, customer_id, 'email', state, basis, at, source, evidence
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::jsonb[])
       WITH ORDINALITY AS c (customer_id, state, basis, at, source, evidence, place)
     ORDER BY place
     ON CONFLICT DO NOTHING`,
    [
      tx.storeId,
      records.map((record) => record.customerId),
      records.map((record) => record.state),
      records.map((record) => record.basis),
      records.map((record) => record.at),
      records.map((record) => record.source),
      records.map((record) => JSON.stringify(record.evidence ?? {})),
    ],
  );
}

/** Address of a customer, and with it her row locked, and mails kept from starting until the transaction ends. */
export async function lockCustomerEmail(tx: StoreTransaction, customerId: string): Promise<string | null | undefined> {
  await holdStarts(tx);
  const rows = await tx.rows<{ email: string | null }>(
    'SELECT email FROM customers WHERE store_id = $1 AND id = $2 FOR UPDATE',
    [tx.storeId, customerId],
  );
  return rows[0]?.email;
}
