/** A journey that has been on for some weeks, written straight into the tables: people at every step and at every way out. */
import type { Database } from '../../database/connect.ts';
import { journeyDefinition, mailSteps } from '../../journeys/index.ts';

const DAY = 86_400_000;

/** Where one person in so many stands: step by place, and how it ended. */
const PLACES: { step: string; state: string; end: string | null }[] = [
  { step: 'wait-1', state: 'inside', end: null },
  { step: 'wait-1', state: 'left', end: 'ordered' },
  { step: 'quiet-1', state: 'left', end: 'clicked' },
  { step: 'wait-2', state: 'inside', end: null },
  { step: 'reminder', state: 'inside', end: null },
  { step: 'wait-2', state: 'left', end: 'unsubscribed' },
  { step: 'last', state: 'finished', end: null },
  { step: 'quiet-2', state: 'left', end: 'ordered' },
  { step: 'last', state: 'finished', end: null },
  { step: 'second', state: 'left', end: 'replied' },
];

/** Spreads those who came into the running “Slipping away” of a store over its steps, as of `now`. */
export async function playJourney(database: Database, storeId: string, now: Date): Promise<string> {
  return database.inStore(storeId, async (tx) => {
    const [run] = await tx.rows<{ id: string; definition: unknown }>(
      `SELECT c.id, j.definition FROM campaigns c JOIN journeys j ON j.id = c.journey_id
       WHERE c.store_id = $1 AND j.key = 'slipping-away' AND c.state = 'running'`,
      [storeId],
    );
    if (!run) throw new Error('no journey is on');
    const definition = journeyDefinition.parse(run.definition);
    const order = definition.steps.map(({ key }) => key);
    const people = await tx.rows<{ id: string }>(
      `SELECT customer_id AS id FROM enrolments WHERE store_id = $1 AND campaign_id = $2 AND arm = 'treated' ORDER BY draw`,
      [storeId, run.id],
    );
    const began = new Date(now.getTime() - 40 * DAY);
    await tx.run('UPDATE campaigns SET approved_at = $2 WHERE id = $1', [run.id, began]);
    await tx.run(
      `UPDATE enrolments SET entered_at = $3::timestamptz + (draw * 30) * interval '1 day' WHERE store_id = $1 AND campaign_id = $2`,
      [storeId, run.id, began],
    );
    for (const [i, { id }] of people.entries()) {
      const place = PLACES[i % PLACES.length];
      if (!place) continue;
      await tx.run(
        `UPDATE enrolments SET step = $4, state = $5, end_reason = $6, ended_at = CASE WHEN $5 <> 'inside' THEN $7::timestamptz END,
           due_at = CASE WHEN $5 = 'inside' AND $4 LIKE 'wait%' THEN $7 + interval '3 days' END,
           orders = CASE WHEN $6 = 'ordered' THEN 1 ELSE 0 END, first_order_at = CASE WHEN $6 = 'ordered' THEN $7 END
         WHERE store_id = $1 AND campaign_id = $2 AND customer_id = $3`,
        [storeId, run.id, id, place.step, place.state, place.end, now],
      );
      if (place.end === 'ordered')
        await tx.run(
          `INSERT INTO orders (id, store_id, customer_id, platform, external_id, kind, ordered_at, amount, currency)
           SELECT gen_random_uuid(), $1, $2, 'csv', 'journey-' || $3, 'sale', $4, 4200, currency FROM stores WHERE id = $1`,
          [storeId, id, String(i), new Date(now.getTime() - 3 * DAY)],
        );
      const reached = order.indexOf(place.step);
      const got = mailSteps(definition).filter(({ key }) => order.indexOf(key) < reached || place.state === 'finished');
      for (const { key } of got)
        await tx.run(
          `INSERT INTO messages (id, store_id, campaign_id, step, customer_id, variant_id, state, accepted_at, clicked_at, created_at)
           SELECT gen_random_uuid(), $1, $2, $3, $4, v.id, 'accepted', $5, CASE WHEN $6 THEN $5::timestamptz END, $5 FROM variants v
           WHERE v.campaign_id = $2 AND v.step = $3 ORDER BY v.language, v.key LIMIT 1`,
          [storeId, run.id, key, id, began, place.end === 'clicked'],
        );
    }
    return run.id;
  });
}
