/** Campaigns in every state, with the rows that their state implies. */
import type { StoreTransaction } from '../../database/connect.ts';
import { uuidOf, seededRandom } from '../../random.ts';
import { mailHtml, VARIANTS } from './mail.ts';
import type { Buyer } from './people.ts';

const DAY = 86_400_000;

export interface CampaignStory {
  state: 'draft' | 'awaiting_approval' | 'running' | 'paused' | 'measuring' | 'completed';
  name: string;
  plannedAt: Date;
  /** Days of looks so far; 0: not measured yet */
  looks: number;
  /** What it brought in the end, and half its interval, minor units */
  lift?: { estimate: number; half: number };
  /** Something took people out of the held-back group after the draw: its sizes are not what the draw makes */
  broken?: boolean;
}

export function campaignId(storeId: string, name: string): string {
  return uuidOf('campaign', storeId, name);
}

export async function buildCampaignStory(
  tx: StoreTransaction,
  buyers: (Buyer & { id: string })[],
  story: CampaignStory,
  currency: string,
): Promise<void> {
  const id = campaignId(tx.storeId, story.name);
  const random = seededRandom(story.name);
  const started = !['draft', 'awaiting_approval'].includes(story.state);
  const approvedAt = started ? new Date(story.plannedAt.getTime() + 3_600_000) : null;
  const people = buyers
    .filter((buyer) => ['slipping', 'lapsed'].includes(buyer.lifeStage))
    .map((buyer) => ({ buyer, draw: random.next(), reason: leftOut(buyer) }));
  const audience = people.filter((one) => one.reason === null);
  const treated = audience.filter((one) => one.draw >= 0.2);
  const leftOutBy: Record<string, number> = {};
  for (const one of people) if (one.reason) leftOutBy[one.reason] = (leftOutBy[one.reason] ?? 0) + 1;
  await tx.db
    .insertInto('campaigns')
    .values({
      id,
      store_id: tx.storeId,
      key: story.name,
      name: story.name,
      segment_id: uuidOf('segment', tx.storeId, 'win-back'),
      state: story.state,
      plan: JSON.stringify({ goal: 'win_back', offer: null, sendDays: 7, measureDays: 60, randomHourShare: 0.1 }),
      holdout_share: 0.2,
      score_version: 1,
      funnel: JSON.stringify({
        segment: people.length,
        leftOut: leftOutBy,
        audience: audience.length,
        treated: treated.length,
        holdout: audience.length - treated.length,
        storeControl: 0,
      }),
      planned_at: story.plannedAt,
      approved_at: approvedAt,
      approved_by: approvedAt && 'user:local',
      send_from: approvedAt,
      send_until: approvedAt && new Date(approvedAt.getTime() + 7 * DAY),
      measure_until: approvedAt && new Date(approvedAt.getTime() + 60 * DAY),
      created_at: story.plannedAt,
    })
    .execute();
  await tx.run(
    `INSERT INTO holdouts (store_id, campaign_id, customer_id, arm, reason, draw, variant_key, decided_at)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::text[], $6::float[], $7::text[]), (SELECT $8::timestamptz) AS t`,
    [
      tx.storeId,
      id,
      people.map((one) => one.buyer.id),
      people.map((one) => (one.reason ? 'left_out' : one.draw < 0.2 ? 'holdout' : 'treated')),
      people.map((one) => one.reason),
      people.map((one) => one.draw),
      people.map((one) => (one.reason || one.draw < 0.2 ? null : one.draw < 0.6 ? 'a' : 'b')),
      story.plannedAt,
    ],
  );
  if (story.state !== 'draft') await addVariants(tx, id, story.plannedAt);
  if (!approvedAt) return;
  const done = story.state === 'running' || story.state === 'paused' ? 0.55 : 1;
  const messages = treated.map(({ buyer, draw }, place) => {
    const hour = [8, 9, 9, 10, 11, 12, 13, 17, 18, 19, 19, 20][Math.floor(random.next() * 12)]!;
    const at = new Date(approvedAt.getTime() + (place / treated.length) * 7 * DAY);
    const sent = place < treated.length * done;
    const fate = random.next();
    const accepted = sent && fate > 0.02;
    const later = (chance: number, hours: number) =>
      accepted && fate > 1 - chance ? new Date(at.getTime() + hours * 3_600_000) : null;
    return {
      id: uuidOf('message', id, buyer.id),
      customer_id: buyer.id,
      variant_id: uuidOf('variant', id, draw < 0.6 ? 'a' : 'b'),
      state: accepted ? 'accepted' : sent ? 'dropped' : 'scheduled',
      state_reason: sent && !accepted ? 'ordered_since' : null,
      scheduled_at: at,
      local_hour: hour,
      time_zone: buyer.timeZone,
      hour_source: random.next() < 0.1 ? 'random' : 'preference',
      accepted_at: accepted ? at : null,
      delivered_at: later(0.97, 0),
      opened_at: later(0.42, 2),
      clicked_at: later(0.11, 3),
      unsubscribed_at: later(0.004, 4),
    };
  });
  await tx.run(
    `INSERT INTO messages (id, store_id, campaign_id, customer_id, variant_id, state, state_reason, scheduled_at, local_hour,
       time_zone, hour_source, accepted_at, delivered_at, opened_at, clicked_at, unsubscribed_at, created_at)
     SELECT id, $1, $2, customer_id, variant_id, state, state_reason, scheduled_at, local_hour, time_zone, hour_source,
       accepted_at, delivered_at, opened_at, clicked_at, unsubscribed_at, $3
     FROM jsonb_populate_recordset(null::messages, $4)`,
    [tx.storeId, id, story.plannedAt, JSON.stringify(messages)],
  );
  await tx.run(
    `INSERT INTO outcomes (store_id, campaign_id, customer_id, arm, orders, revenue, first_order_at, updated_at)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::int[], $6::bigint[], $7::timestamptz[]), (SELECT $8::timestamptz) AS t`,
    [
      tx.storeId,
      id,
      audience.map((one) => one.buyer.id),
      audience.map((one) => (one.draw < 0.2 ? 'holdout' : 'treated')),
      ...outcomesOf(
        audience.map((one) => one.draw >= 0.2),
        random,
        story.looks > 0,
      ),
      audience.map(() => new Date(approvedAt.getTime() + 5 * DAY)),
      approvedAt,
    ],
  );
  await addLooks(tx, {
    id,
    approvedAt,
    story,
    treated: treated.length,
    holdout: Math.round((audience.length - treated.length) * (story.broken ? 0.3 : 1)),
    currency,
  });
}

function outcomesOf(treated: boolean[], random: { next(): number }, measured: boolean): [number[], number[]] {
  const orders = treated.map((one) => (measured && random.next() < (one ? 0.21 : 0.12) ? 1 : 0));
  return [orders, orders.map((count) => count * 3400)];
}

function leftOut(buyer: Buyer): string | null {
  if (buyer.number % 13 === 0) return 'unsubscribed';
  if (buyer.number % 19 === 0) return 'no_email';
  if (buyer.number % 31 === 0) return 'consent_expired';
  if (buyer.state !== 'scored') return 'not_enough_data';
  return buyer.number % 23 === 0 ? 'capped' : null;
}

async function addVariants(tx: StoreTransaction, id: string, at: Date): Promise<void> {
  for (const { key, subject, preheader, heading, paragraph, button } of VARIANTS)
    await tx.db
      .insertInto('variants')
      .values({
        id: uuidOf('variant', id, key),
        store_id: tx.storeId,
        campaign_id: id,
        key,
        language: 'en',
        subject,
        preheader,
        content: JSON.stringify({}),
        html: mailHtml(heading, paragraph, button),
        text: `${heading}\n\n${paragraph}\n\n{{ link.shop }}\n\n{{ link.unsubscribe }}`,
        writer: 'playbook',
        created_at: at,
      })
      .execute();
}

interface Looked {
  id: string;
  approvedAt: Date;
  story: CampaignStory;
  treated: number;
  holdout: number;
  currency: string;
}

/** One look a day: an estimate that settles and an interval that closes. */
async function addLooks(
  tx: StoreTransaction,
  { id, approvedAt, story, treated, holdout, currency }: Looked,
): Promise<void> {
  const random = seededRandom(`${story.name} looks`);
  const { estimate, half } = story.lift ?? { estimate: 0, half: 1 };
  const rows = Array.from({ length: story.looks }, (_, day) => {
    const gone = (day + 1) / 60;
    const now = estimate * gone ** 0.7 + (random.next() - 0.5) * half * (1 - gone) * 0.4;
    const width = half * (0.55 + 0.45 * gone) + half * 2.2 * (1 - gone) ** 3;
    const over = day + 1 >= 60;
    const [low, high] = [now - width, now + width];
    const verdict = story.broken ? 'broken' : low > 0 ? 'won' : high < 0 ? 'lost' : over ? 'nothing_seen' : 'not_yet';
    return ['revenue', 'orders', 'return_rate'].map((metric) => {
      const unit = metric === 'revenue' ? 1 : 3400;
      return {
        store_id: tx.storeId,
        campaign_id: id,
        metric,
        measured_at: new Date(approvedAt.getTime() + (day + 1) * DAY),
        treated,
        holdout,
        treated_mean: metric === 'revenue' ? 2380 : 0.212,
        holdout_mean: metric === 'revenue' ? 1410 : 0.118,
        estimate: now / unit,
        low: low / unit,
        high: high / unit,
        confidence: 0.95,
        p_value: verdict === 'won' ? 0.012 : 0.3,
        verdict,
        detail: detailOf({
          day,
          currency,
          estimate: now / unit,
          low: low / unit,
          high: high / unit,
          treated,
          broken: story.broken ?? false,
        }),
      };
    });
  }).flat();
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await tx.run(
    `INSERT INTO measurements (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(null::measurements, $1)`,
    [JSON.stringify(rows)],
  );
}

function detailOf(look: {
  day: number;
  currency: string;
  estimate: number;
  low: number;
  high: number;
  treated: number;
  broken: boolean;
}) {
  const { day, currency, treated } = look;
  return {
    currency,
    confidence: 0.95,
    progress: (day + 1) / 60,
    daysLeft: 60 - (day + 1),
    enough: true,
    buyers: { treated: 27, holdout: 4 },
    treatedTotal: 27,
    treatedRevenue: 2380 * treated,
    cap: null,
    perTreated: { estimate: look.estimate / treated, low: look.low / treated, high: look.high / treated },
    standardError: (look.high - look.low) / 5,
    cuped: { theta: 0.4, varianceReduction: 0.18 },
    srm: look.broken ? { pValue: 2e-6, ok: false } : { pValue: 0.6, ok: true },
    attributed: { orders: 14, revenue: Math.round(look.estimate * 1.6), windowDays: 7 },
  };
}
