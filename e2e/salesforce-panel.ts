/** Rekindle as the panel in Salesforce meets it: one address that asks for the store's key and answers in the panel's shape. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { panel, type Panel } from '../core/src/reading/panel-shape.ts';

export const ANNA = {
  state: 'scored',
  store: { name: 'Lindgren Tea', simulated: true, language: 'en' },
  customer: { id: '7f0c1c9e-5b1c-4d5c-9f25-0d6e1f0f0001', name: 'Anna Petrova' },
  headline: 'About 34 % likely to come back by herself within 90 days.',
  chanceToReturn: 0.34,
  lifeStage: { code: 'slipping', words: 'Slipping away' },
  value: 'Worth about € 310 in a normal year, € 190 of it at risk.',
  nextOrder: 'Her next order was expected on 14 October.',
  missing: null,
  reasons: [
    '71 days since her last order; usually 38.',
    'Her last two baskets were smaller.',
    'She opened none of the last four mails.',
  ],
  nextAction: { code: 'write', words: 'Write to her about the autumn teas; she bought them three times.' },
  touches: [
    { at: '2026-11-03T09:12:00.000Z', kind: 'opened', words: 'Opened “Back in stock”', on: '3 November' },
    { at: '2026-09-14T15:40:00.000Z', kind: 'order', words: 'Ordered for € 42.50', on: '14 September' },
    {
      at: '2026-08-01T07:00:00.000Z',
      kind: 'clicked',
      words: 'Clicked in “Three teas for the dark months, and one that you have not tried yet”',
      on: '1 August',
    },
  ],
  consent: { mayMail: true, words: 'May be mailed until 3 March 2027.', until: '2027-03-03' },
  heldBack: 'Held back because a deal is open.',
  scoredAt: '2026-11-24T05:00:00.000Z',
  scoreVersion: 7,
} satisfies Panel;

const STOPPED: Panel = {
  ...ANNA,
  consent: { mayMail: false, words: 'Do not mail: asked for on 24 November 2026.', until: null },
  heldBack: null,
  nextAction: { code: 'none', words: 'Nothing to do.' },
};

export interface Rekindle {
  url: string;
  /** Method and person of every question */
  asked: string[];
  /** Answers nothing until the function that it gives is called. */
  hold(): () => void;
  /** Answers with this status from now on. */
  fail(status: 401 | 429 | 503): void;
  /** As at the beginning */
  reset(): void;
  stop(): Promise<void>;
}

export async function startRekindle(key: string): Promise<Rekindle> {
  const asked: string[] = [];
  let gate = Promise.resolve();
  let failure: 401 | 429 | 503 | undefined;
  const app = new Hono();
  app.use(async (context, next) => {
    await gate;
    if (context.req.header('authorization') !== `Bearer ${key}`) return context.json({ title: 'unauthorised' }, 401);
    if (failure !== undefined) return context.json({ title: 'no' }, failure);
    return next();
  });
  app.get('/api/v1/panel', (context) => {
    const { externalId } = person.parse(context.req.query());
    asked.push(`GET ${externalId}`);
    return context.json(panel.parse(ANNA));
  });
  app.post('/api/v1/panel/do-not-mail', async (context) => {
    const { externalId } = person.parse(await context.req.json());
    asked.push(`POST ${externalId}`);
    return context.json(panel.parse(STOPPED));
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    fail(status) {
      failure = status;
    },
    reset() {
      asked.length = 0;
      gate = Promise.resolve();
      failure = undefined;
    },
    async stop() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const person = z.object({ platform: z.literal('salesforce'), externalId: z.string() });
