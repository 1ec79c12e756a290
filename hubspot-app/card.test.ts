/** What a salesperson sees of a contact, over real HTTP, in HubSpot's own renderer. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCard, type OpenCard } from './testing/open-card.tsx';

const PANEL = {
  state: 'scored',
  store: { name: 'Tea', simulated: true, language: 'en' },
  customer: { id: '1', name: 'Anna Bell' },
  headline: 'About 34 % likely to come back by herself within 90 days.',
  chanceToReturn: 0.34,
  lifeStage: { code: 'lapsed', words: 'Lapsed' },
  value: 'Worth € 120 in a year.',
  nextOrder: 'Was expected on 3 March.',
  missing: null,
  reasons: ['Usually buys every 38 days; 71 days now.', 'Bought five times.', 'Opens mails.'],
  nextAction: { code: 'write', words: 'Write to her on Tuesday morning.' },
  touches: [
    { at: '2026-03-03T09:00:00Z', kind: 'opened', words: 'Opened “We miss you”', on: '3 March' },
    { at: '2026-02-01T09:00:00Z', kind: 'sent', words: 'Sent “We miss you”', on: '1 February' },
  ],
  consent: { mayMail: true, words: 'She agreed on 1 January.', until: '2027-01-01' },
  heldBack: 'A deal of hers is open.',
  scoredAt: '2026-03-01T12:00:00Z',
  scoreVersion: 3,
};
const REFUSED = { ...PANEL, heldBack: null, consent: { mayMail: false, words: 'She wants no mail.', until: null } };

interface Said {
  status: number;
  body: unknown;
}

let server: Server;
/** What the backend says next; the last one goes on being said. */
let answers: Said[];
/** Answers wait for this, where it is set. */
let gate: Promise<void> | undefined;
let calls: { url: string; method: string; body: string }[];

beforeEach(async () => {
  answers = [{ status: 200, body: PANEL }];
  gate = undefined;
  calls = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push({ url: request.url ?? '', method: request.method ?? '', body });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      const send = (): void => {
        response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer?.body));
      };
      if (gate) void gate.then(send);
      else send();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function open(id = '101', locale?: string): Promise<OpenCard> {
  const { port } = server.address() as AddressInfo;
  return openCard(
    id,
    (url, { method = 'GET', body }) =>
      fetch(`http://127.0.0.1:${String(port)}${url.replace(/^https:\/\/[^/]+/, '')}`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      }),
    locale,
  );
}

function gated(): () => void {
  let release: () => void = () => undefined;
  gate = new Promise((resolve) => (release = resolve));
  return release;
}

describe('the card', () => {
  test('says in words how likely she comes back, why, what to do, what was written, and what she allowed', async () => {
    const card = await open();
    expect(card.texts()).toEqual(['Loading what Rekindle knows']);
    await card.reads(PANEL.headline);
    const read = card.texts().join('\n');
    for (const text of [
      'Lapsed',
      'Simulated data',
      'Chance to return: 34 %',
      'Worth € 120 in a year.',
      'Was expected on 3 March.',
      ...PANEL.reasons,
      PANEL.nextAction.words,
      '3 March: Opened “We miss you”',
      'She agreed on 1 January. (until 1 January 2027)',
      'A deal of hers is open.',
      'Score of 1 March 2026',
    ])
      expect(read).toContain(text);
    expect(card.gauge()).toBe(34);
    expect(calls).toEqual([{ url: '/api/v1/panel?platform=hubspot&externalId=101', method: 'GET', body: '' }]);
  });

  test('shows the last known state while it asks again, and when that fails', async () => {
    const card = await open();
    await card.reads(PANEL.headline);
    const release = gated();
    answers = [
      { status: 500, body: {} },
      { status: 200, body: { ...PANEL, headline: 'About 50 % likely.' } },
    ];
    card.press('Refresh');
    await card.reads('Refreshing');
    expect(card.texts()).toContain(PANEL.headline);
    release();
    await card.reads('What you see is as it was before.');
    expect(card.texts()).toContain(PANEL.headline);
    card.press('Try again');
    await card.reads('About 50 % likely.');
    expect(card.texts().join()).not.toContain('as it was before');
  });

  test('asks a second time before it says "do not mail", and then shows what holds', async () => {
    const card = await open();
    await card.reads(PANEL.headline);
    card.press('Do not mail');
    await card.reads('Write to Anna Bell no more?');
    card.press('Cancel');
    expect(card.buttons()).toContain('Do not mail');
    card.press('Do not mail');
    await card.reads('Write to Anna Bell no more?');
    expect(calls).toHaveLength(1);
    answers = [
      { status: 503, body: {} },
      { status: 200, body: REFUSED },
    ];
    card.press('Yes, do not mail');
    await card.reads('It could not be noted.');
    card.press('Yes, do not mail');
    await card.reads('She wants no mail.');
    expect(card.buttons()).not.toContain('Do not mail');
    expect(calls.at(-1)).toEqual({
      url: '/api/v1/panel/do-not-mail',
      method: 'POST',
      body: JSON.stringify({ platform: 'hubspot', externalId: '101' }),
    });
  });

  test.each([
    ['she may be mailed', { heldBack: null }, true],
    ['she is held back', { consent: REFUSED.consent }, true],
    ['she is to be asked', { ...REFUSED, nextAction: { code: 'ask_consent', words: 'Ask her.' } }, true],
    ['she said no', REFUSED, false],
  ])('offers "do not mail" or not where %s', async (_, state, offered) => {
    answers = [{ status: 200, body: { ...PANEL, ...state } }];
    const card = await open();
    await card.reads(PANEL.headline);
    expect(card.buttons().includes('Do not mail')).toBe(offered);
  });

  test('teaches where nothing is known yet', async () => {
    answers = [{ status: 200, body: { ...PANEL, state: 'unknown', customer: null, headline: '' } }];
    const card = await open();
    await card.reads('Not known yet');
    expect(card.buttons()).toEqual(['Refresh']);
  });

  test('says what is missing where there is not enough data', async () => {
    const missing = 'One order is not enough; the second one tells a rhythm.';
    answers = [
      {
        status: 200,
        body: {
          ...PANEL,
          state: 'not_enough_data',
          chanceToReturn: null,
          reasons: [],
          touches: [],
          missing,
          scoredAt: null,
        },
      },
    ];
    const card = await open();
    await card.reads(missing);
    expect(card.gauge()).toBeUndefined();
    await card.reads('Nothing was written to this contact yet.');
  });

  test.each([
    [401, {}, 'This account is not connected'],
    [500, {}, 'Rekindle cannot be reached'],
    [200, { headline: 'of another shape' }, 'Rekindle cannot be reached'],
  ])('says what to do when it is answered %i', async (status, body, title) => {
    answers = [
      { status, body },
      { status: 200, body: PANEL },
    ];
    const card = await open();
    await card.reads(title);
    card.press('Try again');
    await card.reads(PANEL.headline);
  });

  test('speaks the language of the store, and before it is known that of the person', async () => {
    answers = [{ status: 200, body: { ...PANEL, store: { ...PANEL.store, language: 'es' } } }];
    const card = await open('101', 'es-ES');
    expect(card.texts()).toEqual(['Cargando lo que sabe Rekindle']);
    await card.reads('Por qué');
  });
});
