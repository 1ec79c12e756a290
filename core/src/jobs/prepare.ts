/**
 * BullMQ's tables, made by the owner and used by the application's role, which owns nothing here either. Run beside the
 * migrations at every start; safe with two processes at once.
 */
import { runMigrations } from 'bullmq';
import { APP_ROLE } from '../database/migrate.ts';
import { connectAsOwner } from '../database/reach.ts';
import { LANES } from './job.ts';
import { QUEUE_SCHEMA, queueName } from './queue.ts';

/** "reki" "bull". */
const LOCK: [number, number] = [0x72656b69, 0x62756c6c];

/** Brings BullMQ's schema to its newest version. Not needed where Redis holds the queues. */
export async function prepareQueue(ownerUrl: string): Promise<void> {
  const client = await connectAsOwner(ownerUrl);
  try {
    // Held until the connection ends. BullMQ locks its own migrations, but two GRANTs at once refuse each other.
    await client.query('SELECT pg_advisory_lock($1, $2)', LOCK);
    await runMigrations(client, QUEUE_SCHEMA);
    await client.query(`SET search_path TO ${QUEUE_SCHEMA}`);
    // BullMQ makes a queue's sequence at the first use; the application's role may not, so it is made here.
    for (const lane of LANES) await client.query('SELECT next_job_id($1)', [queueName(lane)]);
    await client.query(`GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO ${APP_ROLE}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${APP_ROLE}`);
    await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO ${APP_ROLE}`);
  } finally {
    await client.end();
  }
}
