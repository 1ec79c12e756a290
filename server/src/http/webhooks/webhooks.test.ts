import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { uuidOf } from '@rekindle/core';
import { openSite, type Site } from '../testing/site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite(inject('testServer'));
});
afterAll(() => site.close());

describe('a webhook', () => {
  test('is in the database when it is answered 200, and may come again', async () => {
    const { messageId } = await site.person();
    const events = [{ vendorEventId: 'd1', kind: 'delivered', at: '2026-03-01T09:00:00Z', messageId }];
    const first = await site.hook(JSON.stringify(events));
    expect([first.status, await first.json()]).toEqual([200, { recorded: 1, repeated: 0, unknown: 0 }]);
    expect(await site.messageOf(messageId)).toMatchObject({ delivered_at: new Date('2026-03-01T09:00:00Z') });
    expect(await (await site.hook(JSON.stringify(events))).json()).toMatchObject({ recorded: 0, repeated: 1 });
  });

  test.each([
    ['a wrong signature', 401, () => site.hook('[]', {})],
    ['a body that is none', 400, () => site.hook('{')],
    ['a store that is none', 404, () => site.hook('[]', undefined, 'not-a-store')],
    ['a store that nobody has', 404, () => site.hook('[]', undefined, uuidOf('nobody'))],
    ['somebody who does not mail for us', 404, () => site.hook('[]', undefined, site.storeId, 'other')],
    ['a long body', 413, () => site.hook(' '.repeat(5 * 1024 * 1024 + 1))],
  ])('of %s is answered %i', async (_, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, type: expect.stringMatching(/^urn:rekindle:error:/) });
  });

  test('that is long without saying so is not read to its end', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        if (sent > 40 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    const answer = await fetch(`${site.server.url}/webhooks/plain/${site.storeId}`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { signature: 'right' },
    }).catch((error: unknown) => error);
    // Either the answer or the closed door arrives first.
    if (answer instanceof Response) expect(answer.status).toBe(413);
    else expect(answer).toBeInstanceOf(TypeError);
  });

  test('with texts that no database can hold is recorded all the same', async () => {
    const { messageId } = await site.person();
    const odd = {
      kind: 'bounce',
      at: '2026-03-01T09:00:00Z',
      messageId,
      userAgent: 'a\0b',
      reason: `${'x'.repeat(299)}😀`,
    };
    const answer = await site.hook(JSON.stringify([{ vendorEventId: 'n\0\uD8001', ...odd }]));
    expect([answer.status, await answer.json()]).toEqual([200, { recorded: 1, repeated: 0, unknown: 0 }]);
  });

  test('that we fail to record is answered 5xx, with an id and nothing else', async () => {
    const { messageId } = await site.person();
    const before = site.engine.lines.length;
    const odd = [{ vendorEventId: 'n2', kind: 'delivered\0', at: '2026-03-01T09:00:00Z', messageId }];
    const answer = await site.hook(JSON.stringify(odd));
    expect(answer.status).toBe(500);
    const problem = (await answer.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ code: 'internal', id: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(JSON.stringify(problem)).not.toMatch(/0x00|UTF8|messages/);
    expect(site.engine.lines.slice(before)).toEqual(['error a request met a defect']);
  });
});
