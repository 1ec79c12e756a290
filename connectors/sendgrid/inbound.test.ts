import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RekindleError } from '@rekindle/core';
import { readInbound } from './src/inbound.ts';
import { inboundRequest } from './fake/inbound.ts';

const AT = new Date('2026-03-02T10:00:00Z');
const mail = { to: 'r1x@reply.example.com', from: 'Ana <ana@mail.example>', subject: 'Re: Tea', text: 'Yes' };

test('a mail as Inbound Parse posts it', () => {
  const read = readInbound(inboundRequest({ ...mail, headers: { 'X-Long': 'one\n two' } }, AT));
  expect(read).toMatchObject({ to: [mail.to], returnPath: 'ana@mail.example', subject: 'Re: Tea', text: 'Yes' });
  expect(read.headers).toMatchObject({ 'x-long': 'one two', to: mail.to });
  expect(read.id).toMatch(/^<.*@mail\.example>$/);
});

test('a mail is named by what it says where it has no name, and copies have the same', () => {
  const strip = ({ headers, body }: ReturnType<typeof inboundRequest>) => ({
    headers,
    body: Buffer.from(
      Buffer.from(body)
        .toString('latin1')
        .replace(/Message-ID: .*\n/, ''),
      'latin1',
    ),
  });
  const [one, copy] = [1, 2].map(() => readInbound(strip(inboundRequest(mail, AT))));
  expect(one?.id).toMatch(/^[0-9a-f]{64}$/);
  expect(copy?.id).toBe(one?.id);
});

test('text in the set that it was written in; one that nobody knows is taken for UTF-8', () => {
  expect(readInbound(inboundRequest({ ...mail, text: 'Mañana', charset: 'iso-8859-1' }, AT)).text).toBe('Mañana');
  const odd = inboundRequest({ ...mail, text: 'Mañana' }, AT);
  const body = Buffer.from(Buffer.from(odd.body).toString('utf8').replaceAll('UTF-8', 'no-such-set'));
  expect(readInbound({ ...odd, body }).text).toBe('Mañana');
});

test('whatever is posted is a mail or refused, at once', () => {
  const { headers, body } = inboundRequest(
    { ...mail, attachments: [{ name: 'a', bytes: Buffer.from('--xYzZY') }] },
    AT,
  );
  const survives = (given: Record<string, string>, bytes: Uint8Array) => {
    try {
      readInbound({ headers: given, body: bytes });
    } catch (error) {
      expect(error).toBeInstanceOf(RekindleError);
      expect((error as RekindleError).code).toBe('bad_request');
    }
  };
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat({ max: body.length }),
      fc.nat({ max: body.length }),
      (noise, from, until) => {
        survives(headers, noise);
        survives(headers, Buffer.concat([body.subarray(0, from), noise, body.subarray(until)]));
        survives(headers, body.subarray(0, from));
      },
    ),
    { seed: 6, numRuns: 2000 },
  );
  for (const type of [undefined, '', 'application/json', 'multipart/form-data', 'multipart/form-data; boundary='])
    survives(type === undefined ? {} : { 'content-type': type }, body);
});
