/** A campaign that is running, with its people, to schedule and deliver in a test. */
import type { Database } from '../database/connect.ts';
import { uuidOf } from '../random.ts';

export interface CampaignOptions {
  key?: string;
  /** How many treated people; person n (from 0) is buildCampaign's `customerId(n)`. Default 10. */
  people?: number;
  plannedAt?: Date;
  sendFrom?: Date;
  sendUntil?: Date;
  measureUntil?: Date;
  randomHourShare?: number;
  /** Keys of the variants, dealt out in turn. Default a. */
  variants?: string[];
  country?: string;
  timeZone?: string;
}

export interface BuiltCampaign {
  id: string;
  customerId(number: number): string;
  email(number: number): string;
}

/** People are the same for every campaign of a store: a second campaign writes to the same ones. */
export async function buildCampaign(
  database: Database,
  storeId: string,
  options: CampaignOptions = {},
): Promise<BuiltCampaign> {
  const key = options.key ?? 'spring';
  const id = uuidOf('campaign', storeId, key);
  const plannedAt = options.plannedAt ?? new Date('2026-03-01T00:00:00Z');
  const numbers = Array.from({ length: options.people ?? 10 }, (_, number) => number);
  const variants = options.variants ?? ['a'];
  const customerId = (number: number): string => uuidOf('customer', storeId, String(number));
  const email = (number: number): string => `person${String(number)}@example.com`;

  await database.inStore(storeId, async (tx) => {
    const people = [storeId, numbers.map(customerId), numbers.map(String), numbers.map(email)];
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, first_name, country, time_zone, created_at, updated_at)
       SELECT id, $1, 'csv:' || key, email, 'Person ' || key, $5, $6, $7, $7
       FROM unnest($2::uuid[], $3::text[], $4::text[]) AS p (id, key, email) ON CONFLICT DO NOTHING`,
      [...people, options.country ?? 'ES', options.timeZone ?? null, plannedAt],
    );
    await tx.run(
      `INSERT INTO customer_totals (store_id, customer_id, purchase_days, orders, revenue, first_order_at, last_order_at)
       SELECT $1, id, 1, 1, 1000, at, at FROM unnest($2::uuid[]) AS p (id), (SELECT $3::timestamptz - interval '90 days' AS at) t
       ON CONFLICT DO NOTHING`,
      [storeId, people[1], plannedAt],
    );
    await tx.db
      .insertInto('campaigns')
      .values({
        id,
        store_id: storeId,
        key,
        name: key,
        segment_id: uuidOf('segment', storeId, 'win-back'),
        state: 'running',
        plan: JSON.stringify({
          goal: 'win_back',
          offer: null,
          sendDays: 7,
          measureDays: 60,
          randomHourShare: options.randomHourShare ?? 0,
        }),
        funnel: JSON.stringify({
          segment: numbers.length,
          leftOut: {},
          audience: numbers.length,
          treated: numbers.length,
          holdout: 0,
          storeControl: 0,
        }),
        holdout_share: 0.2,
        score_version: 1,
        planned_at: plannedAt,
        send_from: options.sendFrom ?? plannedAt,
        send_until: options.sendUntil ?? new Date(plannedAt.getTime() + 7 * 86_400_000),
        measure_until: options.measureUntil ?? new Date(plannedAt.getTime() + 60 * 86_400_000),
        created_at: plannedAt,
      })
      .execute();
    for (const variant of variants)
      await tx.db
        .insertInto('variants')
        .values({
          id: uuidOf('variant', id, variant),
          store_id: storeId,
          campaign_id: id,
          key: variant,
          language: 'en',
          subject: `Variant ${variant} for {{ customer.first_name | default: "you" }}`,
          preheader: '',
          content: JSON.stringify({}),
          html: '<p>Hello {{ customer.first_name }}</p><a href="{{ link.shop }}">Shop</a> <a href="{{ link.unsubscribe }}">Stop</a>{% if link.open %}<img src="{{ link.open }}">{% endif %}',
          text: 'Hello {{ customer.first_name }}\n{{ link.shop }}\n{{ link.unsubscribe }}',
          writer: 'playbook',
          created_at: plannedAt,
        })
        .execute();
    await tx.run(
      `INSERT INTO holdouts (store_id, campaign_id, customer_id, arm, draw, variant_key, decided_at)
       SELECT $1, $3, id, 'treated', 0.5, ($4::text[])[1 + (place - 1) % cardinality($4::text[])], $5
       FROM unnest($2::uuid[]) WITH ORDINALITY AS p (id, place)`,
      [storeId, people[1], id, variants, plannedAt],
    );
  });
  return { id, customerId, email };
}
