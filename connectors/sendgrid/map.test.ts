import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Client } from '@sendgrid/client';
import { MailService, type MailDataRequired } from '@sendgrid/mail';
import type { MailBatch } from '@rekindle/core';
import { bodyOf, MESSAGE_ID_ARG, tagOf, tooLong } from './src/map.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const email = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.example$/);
const batches: fc.Arbitrary<MailBatch> = fc
  .record({ gaps: fc.nat({ max: 4 }), people: fc.integer({ min: 1, max: 5 }) })
  .chain(({ gaps, people }) =>
    fc.record({
      batchId: fc.uuid(),
      from: fc.record({ email, name: fc.string({ minLength: 1, maxLength: 10 }) }),
      replyTo: fc.option(email, { nil: undefined }),
      template: fc.record({
        subject: fc.constant('For \u00010\u0002'),
        html: text.map((words) => `<p>${words}\u00011\u0002</p>`),
        text: text.map((words) => `${words} \u00012\u0002 \u00010\u0002`),
      }),
      recipients: fc.array(
        fc.record({
          messageId: fc.uuid(),
          email,
          gaps: fc.array(text, { minLength: gaps, maxLength: gaps }),
          headers: fc.record({ 'List-Unsubscribe': fc.webUrl(), 'List-Unsubscribe-Post': fc.constant('One-Click') }),
        }),
        { minLength: people, maxLength: people },
      ),
    }),
  );

/** The same mail in the words of SendGrid's own library. */
function inItsWords(batch: MailBatch): MailDataRequired {
  const tag = tagOf(batch.batchId);
  const fixed = (words: string): string => words.replace(/\u0001(\d+)\u0002/g, (_, number) => tag(Number(number)));
  return {
    from: batch.from,
    ...(batch.replyTo !== undefined && { replyTo: { email: batch.replyTo } }),
    subject: fixed(batch.template.subject),
    text: fixed(batch.template.text),
    html: fixed(batch.template.html),
    substitutionWrappers: ['', ''],
    personalizations: batch.recipients.map((recipient) => ({
      to: { email: recipient.email },
      headers: recipient.headers,
      customArgs: { [MESSAGE_ID_ARG]: recipient.messageId },
      substitutions: Object.fromEntries(recipient.gaps.map((gap, number) => [tag(number), gap])),
    })),
    trackingSettings: {
      clickTracking: { enable: false, enableText: false },
      openTracking: { enable: false },
      subscriptionTracking: { enable: false },
      ganalytics: { enable: false },
    },
  };
}

/** What @sendgrid/mail would post. */
async function posted(mail: MailDataRequired): Promise<unknown> {
  let body: unknown;
  const service = new MailService();
  const client = new Client();
  client.request = ((request: { body?: unknown }) => {
    body = request.body;
    return Promise.resolve([{ statusCode: 202, body: {}, headers: {} }, {}]);
  }) as typeof client.request;
  service.setClient(client);
  await service.send(mail);
  return JSON.parse(JSON.stringify(body));
}

/** Nothing said is nothing said: the library leaves empty objects out here and there. */
function spare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !(typeof one === 'object' && one !== null && Object.keys(one).length === 0))
      .map(([key, one]) => [key, spare(one)]),
  );
}

test('the text says what SendGrid’s own library would have said', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      expect(spare(JSON.parse(bodyOf(batch)))).toEqual(spare(await posted(inItsWords(batch))));
    }),
    { numRuns: 200 },
  );
});

test('gaps beyond what SendGrid takes are found to the byte', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3200, max: 10_100 }), fc.constantFrom('a', 'é', '€'), (length, letter) => {
      const recipient = { messageId: 'm', email: 'a@b.example', gaps: [letter.repeat(length)], headers: {} };
      const batch = {
        batchId: 'b',
        from: { email: 'a@b.example', name: 'A' },
        template: { subject: '', html: '', text: '' },
        recipients: [recipient],
      };
      const bytes = Buffer.byteLength(recipient.gaps[0] ?? '') + tagOf('b')(0).length + 3;
      expect(tooLong(batch)).toBe(bytes > 10_000 ? 'm' : undefined);
    }),
  );
});
