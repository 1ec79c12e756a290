/** Mails as findings look at them: by hour, campaign, version, domain and agent. */
import type { StoreTransaction } from '../database/connect.ts';

/** Mails of so long count in what is said of hours, domains and complaints. */
const SPAN = '180 days';

export interface Answered {
  name: string;
  sent: number;
  clicked: number;
}

/** Mails and clicks by people, by the recipients' own hour; `what`: how the hour was picked instead. */
export function clicksBy(tx: StoreTransaction, now: Date, what: 'local_hour' | 'hour_source'): Promise<Answered[]> {
  return tx.rows<Answered>(
    `SELECT ${what}::text AS name, count(*)::int AS sent, count(clicked_at)::int AS clicked FROM messages
     WHERE store_id = $1 AND state = 'accepted' AND ${what} IS NOT NULL
       AND accepted_at > $2::timestamptz - interval '${SPAN}' AND accepted_at <= $2::timestamptz - interval '3 days'
     GROUP BY 1 ORDER BY 1`,
    [tx.storeId, now],
  );
}

export interface CampaignMails {
  id: string;
  name: string;
  sent: number;
  clicked: number;
  left: number;
}

/** Campaigns with mails out for three days at least, newest first. */
export function campaignMails(tx: StoreTransaction, now: Date): Promise<CampaignMails[]> {
  return tx.rows<CampaignMails>(
    `SELECT c.id, c.name, count(*)::int AS sent, count(m.clicked_at)::int AS clicked,
       count(coalesce(m.unsubscribed_at, m.complained_at))::int AS left
     FROM campaigns c JOIN messages m ON m.store_id = $1 AND m.campaign_id = c.id AND m.state = 'accepted'
       AND m.accepted_at <= $2::timestamptz - interval '3 days'
     WHERE c.store_id = $1 AND c.approved_at IS NOT NULL
     GROUP BY c.id, c.name, c.approved_at ORDER BY c.approved_at DESC LIMIT 12`,
    [tx.storeId, now],
  );
}

export interface HalvesOfVersion {
  campaignId: string;
  campaign: string;
  key: string;
  first: { sent: number; clicked: number };
  second: { sent: number; clicked: number };
}

/** Each version of the last campaigns: its mails in the first and in the second half of the sending. */
export async function versionHalves(tx: StoreTransaction, now: Date): Promise<HalvesOfVersion[]> {
  const rows = await tx.rows<{ id: string; name: string; key: string; half: number; sent: number; clicked: number }>(
    `SELECT id, name, key, half, count(*)::int AS sent, count(clicked_at)::int AS clicked FROM (
       SELECT c.id, c.name, v.key, m.clicked_at,
         ntile(2) OVER (PARTITION BY c.id, v.key ORDER BY m.accepted_at, m.id) AS half
       FROM (SELECT id, name FROM campaigns WHERE store_id = $1 AND approved_at > $2::timestamptz - interval '${SPAN}'
         ORDER BY approved_at DESC LIMIT 4) c
       JOIN messages m ON m.store_id = $1 AND m.campaign_id = c.id AND m.state = 'accepted'
         AND m.accepted_at <= $2::timestamptz - interval '3 days'
       JOIN variants v ON v.store_id = $1 AND v.id = m.variant_id) h
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4`,
    [tx.storeId, now],
  );
  const firsts = rows.filter(({ half }) => half === 1);
  return firsts.flatMap((first) => {
    const second = rows.find((row) => row.id === first.id && row.key === first.key && row.half === 2);
    return second ? [{ campaignId: first.id, campaign: first.name, key: first.key, first, second }] : [];
  });
}

export interface DomainFacts {
  domain: string;
  sent: number;
  bounced: number;
  complained: number;
}

/** Mails by the recipient's mail domain, the largest ones. A domain is shared by thousands: it names nobody. */
export function domainsOf(tx: StoreTransaction, now: Date): Promise<DomainFacts[]> {
  return tx.rows<DomainFacts>(
    `SELECT split_part(c.email, '@', 2) AS domain, count(*)::int AS sent, count(m.bounced_at)::int AS bounced,
       count(m.complained_at)::int AS complained
     FROM messages m JOIN customers c ON c.store_id = $1 AND c.id = m.customer_id
     WHERE m.store_id = $1 AND m.accepted_at > $2::timestamptz - interval '${SPAN}' AND c.email IS NOT NULL
     GROUP BY 1 HAVING count(*) >= 50 ORDER BY count(*) DESC, 1 LIMIT 25`,
    [tx.storeId, now],
  );
}

/** Mails opened, by who opened them first of all. */
export async function openAgents(tx: StoreTransaction, now: Date): Promise<{ human: number; machine: number }> {
  const [row] = await tx.rows<{ human: number; machine: number }>(
    `SELECT count(DISTINCT message_id) FILTER (WHERE agent <> 'machine')::int AS human,
       count(DISTINCT message_id) FILTER (WHERE agent = 'machine')::int AS machine
     FROM events WHERE store_id = $1 AND kind = 'open' AND at > $2::timestamptz - interval '${SPAN}'`,
    [tx.storeId, now],
  );
  return row ?? { human: 0, machine: 0 };
}

export interface ModelFacts {
  name: string;
  warnings: unknown;
  figures: unknown;
}

/** What the models of the last scoring say of themselves, and how it was scored. */
export async function modelFacts(
  tx: StoreTransaction,
  scoreVersion: number,
): Promise<{ method: string; reason: string | null; asOf: Date; models: ModelFacts[] } | undefined> {
  const [run] = await tx.rows<{ method: string; reason: string | null; as_of: Date }>(
    'SELECT method, reason, as_of FROM score_runs WHERE store_id = $1 AND version = $2',
    [tx.storeId, scoreVersion],
  );
  if (!run) return undefined;
  const models = await tx.rows<ModelFacts>(
    'SELECT name, warnings, holdout AS figures FROM models WHERE store_id = $1 AND as_of = $2 ORDER BY name',
    [tx.storeId, run.as_of],
  );
  return { method: run.method, reason: run.reason, asOf: run.as_of, models };
}
