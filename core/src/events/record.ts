/**
 * The stage: webhooks that were kept and have no effect yet (a failure of ours, a platform's notice) get it now. Each in a
 * transaction of its own with the mark that it is done: a webhook that cannot be recorded holds up none of the others,
 * stays, and says why.
 */
import { z } from 'zod';
import type { Engine, StageReport } from '../engine.ts';
import { fail } from '../errors.ts';
import type { ProviderEvent } from '../ports.ts';
import { applyEvents } from './apply.ts';
import { markDone, markFailed, take, waiting, type Waiting } from './inbox.store.ts';
import { incoming } from './receive.ts';

/** Bodies held at once. */
const PAGE = 50;

const providerEvents: z.ZodType<ProviderEvent[]> = z.array(
  z.object({
    vendorEventId: z.string().min(1),
    kind: z.enum([
      'processed',
      'delivered',
      'deferred',
      'open',
      'click',
      'bounce',
      'dropped',
      'complaint',
      'unsubscribe',
    ]),
    at: z.coerce.date(),
    messageId: z.string(),
    permanent: z.boolean().optional(),
    userAgent: z.string().optional(),
    machine: z.boolean().optional(),
    url: z.string().optional(),
    reason: z.string().optional(),
  }),
);

/** Records what waits in webhook_inbox. Counts: webhooks, events, repeated, failed. */
export async function recordEvents(engine: Engine, storeId: string): Promise<StageReport> {
  const report = { webhooks: 0, events: 0, repeated: 0, failed: 0 };
  let last = 0;
  for (;;) {
    const page = await engine.database.inStore(storeId, (tx) => waiting(tx, last, PAGE));
    for (const webhook of page) {
      last = webhook.id;
      try {
        const applied = await recordOne(engine, storeId, webhook);
        if (!applied) continue;
        report.webhooks++;
        report.events += applied.recorded;
        report.repeated += applied.repeated;
      } catch (error) {
        report.failed++;
        engine.log.warn({ stage: 'events', webhook: webhook.id, err: error }, 'a kept webhook cannot be recorded');
        await engine.database.inStore(storeId, (tx) => markFailed(tx, webhook.id, error));
      }
    }
    if (page.length < PAGE) return report;
  }
}

async function recordOne(engine: Engine, storeId: string, webhook: Waiting) {
  return engine.database.inStore(storeId, async (tx) => {
    if (!(await take(tx, webhook.id))) return undefined;
    const events = readKept(webhook);
    const applied = await applyEvents(
      tx,
      engine.keys,
      webhook.source,
      events.map((event) => incoming(event, webhook.receivedAt)),
    );
    await markDone(tx, webhook.id, engine.clock.now());
    return applied;
  });
}

function readKept(webhook: Waiting): ProviderEvent[] {
  try {
    return providerEvents.parse(JSON.parse(webhook.body.toString('utf8')));
  } catch (cause) {
    throw fail('bad_request', `Webhook ${String(webhook.id)} from ${webhook.source} is not a list of events.`, {
      cause,
    });
  }
}
