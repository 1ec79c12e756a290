/** The broken variant: a route like any other, but that some inputs are too much for it. The trial must find all three. */
import { pbkdf2Sync } from 'node:crypto';
import { Hono } from 'hono';

/** Some seconds of calculating, on whatever machine. */
const ROUNDS = 1_500_000;

export function mountBroken(site: Hono): Hono {
  const app = new Hono();
  app.post('/broken/:name', async (context) => {
    // Believes that whatever is sent is JSON.
    const body = JSON.parse(await context.req.text()) as { items?: unknown[]; id?: unknown };
    // Work without an end: an event loop that stands still.
    if (Array.isArray(body)) pbkdf2Sync('a', 'b', ROUNDS, 64, 'sha512');
    // Thrown where nobody waits for it: the process ends.
    else if (typeof body.id !== 'string')
      setImmediate(() => {
        throw new Error('nobody catches this');
      });
    return context.text('');
  });
  // After it: the pages take every address that nobody else has.
  return app.route('/', site);
}
