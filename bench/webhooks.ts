/**
 * `node bench/webhooks.ts [--events 50000] [--at-once 4] [--size 500] [--json]`: signed SendGrid webhooks to the product's server:
 * verified, recorded with all their effects, committed, answered. Half as fast as it goes (`rate`), half at 5,000 events a second
 * (`acknowledgement`: how long an answer takes). Ends with an error where an event that was acknowledged is not in the database.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { wallClock, type ProviderEvent } from '@rekindle/core';
import { sendGrid } from '@rekindle/connector-sendgrid';
import { startSendGridFake } from '@rekindle/connector-sendgrid/fake';
import { percentile } from '../server/src/reliability/report.ts';
import { openClients } from './clients.ts';
import { machine, printRows, round } from './row.ts';
import { openSiteProcess } from './site-process.ts';
import { withShop } from './site.ts';
import { countEvents } from './site.store.ts';

const RATE = 5000;
const SLOWEST_MS = 250;
/** What happens to a mail in the first hours, about. */
const KINDS: ProviderEvent['kind'][] = ['processed', 'delivered', 'open', 'click'];

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    'at-once': { type: 'string', default: '4' },
    size: { type: 'string', default: '500' },
    json: { type: 'boolean', default: false },
  },
});
const events = Number(values.events);
const size = Number(values.size);
const atOnce = Number(values['at-once']);
const people = Math.ceil(events / KINDS.length);
const provider = await startSendGridFake({ keep: 0, specification: false });
const clients = openClients(32);

try {
  await withShop(people, provider.publicKey, async ({ database, databaseUrl, storeId, messageIds }) => {
    const site = await openSiteProcess({ role: 'product', databaseUrl, webhookKey: provider.publicKey });
    // The stand-in learns from a mail under which name our ids travel, as SendGrid does.
    await sendGrid({ apiKey: provider.apiKey, baseUrl: provider.url }).send({
      batchId: 'bench',
      from: { email: 'hello@shop.example', name: 'Bench' },
      template: { subject: 'One', html: '<p>One</p>', text: 'One' },
      recipients: [{ messageId: messageIds[0] ?? '', email: 'one@shop.example', gaps: [], headers: {} }],
    });
    const now = wallClock.now().getTime();
    // Kind by kind for so many people at a time: both halves hold the same mix.
    const chunks = Array.from({ length: Math.ceil(people / size) }, (_, chunk) =>
      messageIds.slice(chunk * size, (chunk + 1) * size),
    );
    const all = chunks
      .flatMap((chunk) =>
        KINDS.flatMap((kind, step) =>
          chunk.map((messageId) => ({
            kind,
            messageId,
            at: new Date(now - 60_000 + step * 10_000),
            userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15',
          })),
        ),
      )
      .slice(0, events);
    // Signed beforehand: the vendor's work is not ours.
    const webhooks = Array.from({ length: Math.ceil(all.length / size) }, (_, number) =>
      provider.signed(all.slice(number * size, (number + 1) * size)),
    );
    const half = Math.ceil(webhooks.length / 2);
    const post = async (one: (typeof webhooks)[number]): Promise<void> => {
      const status = await clients.ask({ url: `${site.url}/webhooks/sendgrid/${storeId}`, method: 'POST', ...one });
      if (status !== 200) throw new Error(`a webhook was answered ${String(status)}`);
    };
    let next = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (next < half) await post(webhooks[next++] as (typeof webhooks)[number]);
      }),
    );
    const rate = Math.round((half * size) / ((performance.now() - start) / 1000));
    // The other half at the asked rate, whether or not the ones before are answered: a delay counts for all who wait behind it.
    const began = performance.now();
    const took = await Promise.all(
      webhooks.slice(half).map(async (one, number) => {
        const due = began + ((number * size) / RATE) * 1000;
        await wait(Math.max(0, due - performance.now()));
        await post(one);
        return performance.now() - due;
      }),
    );
    await site.close();
    const kept = await database.inStore(storeId, countEvents);
    if (kept !== events) throw new Error(`${String(events - kept)} acknowledged events are missing`);
    const p99 = percentile(took, 0.99) ?? NaN;
    const row = { peer: null, peerRatio: null, machine: machine(), atLeast: 1 };
    printRows(
      [
        {
          ...row,
          name: 'webhooks rate',
          figure: rate,
          unit: 'events/s',
          limit: RATE,
          ratio: round(rate / RATE),
          runs: [rate],
          events,
          size,
        },
        {
          ...row,
          name: 'webhooks acknowledgement',
          figure: round(p99, 1),
          unit: `ms p99 at ${String(RATE)} events/s`,
          limit: SLOWEST_MS,
          ratio: round(SLOWEST_MS / p99),
          runs: [round(p99, 1)],
          median: round(percentile(took, 0.5) ?? NaN, 1),
        },
      ],
      values.json,
    );
  });
} finally {
  clients.close();
  await provider.close();
}
