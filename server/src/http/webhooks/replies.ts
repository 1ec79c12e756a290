/**
 * /webhooks/<vendor>/replies/<secret>: mail that comes in. The address is a secret: not every vendor signs what it posts here, and
 * where it does the signature is checked beside. Answered 200 only when what the mail says is in the database; whatever fails on
 * our side is answered 5xx, so that the vendor keeps the mail and tries again. No 4xx for what we may only be too busy for: then
 * the vendor would throw it away.
 */
import { timingSafeEqual } from 'node:crypto';
import { fail, receiveReply, type Engine, type Keys } from '@rekindle/core';
import type { Hono } from 'hono';
import { readBody } from '../body.ts';
import type { Limit } from '../limit.ts';
import { visitorOf } from '../visitor.ts';

/** SendGrid takes mails of up to 30 MB, attachments included, and posts all of it. */
const LARGEST = 31 * 1024 * 1024;
/** Mails held in memory at once; the others wait. */
const AT_ONCE = 3;

/** What stands at the end of the address: made of the application's secret, so that it is kept nowhere. */
export function replySecret(keys: Keys, vendor: string): string {
  return keys.mac('replies webhook', vendor).toString('base64url');
}

export function mountReplies(app: Hono, engine: Engine, guesses: Limit): void {
  const turn = turns(AT_ONCE);
  app.post('/webhooks/:vendor/replies/:secret', async (context) => {
    const { vendor, secret } = context.req.param();
    if (engine.replyDomain === undefined || !isSame(secret, replySecret(engine.keys, vendor))) {
      guesses.take(visitorOf(context));
      throw fail('not_found', 'There is nothing at this address.');
    }
    return turn(async () => {
      const body = await readBody(context.req.raw, LARGEST);
      await receiveReply(engine, vendor, { headers: context.req.header(), body });
      // The same for everybody: whose mail it was is not the sender's to learn.
      return context.json({ received: true });
    });
  });
}

function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Lets so many works run at a time; the others wait in line. */
function turns(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // Whoever is next takes over the place; it is free only where nobody waits.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
