/**
 * Renders a page on the server. Everybody gets the whole page in one piece: there is no special case for robots, and no
 * word or number is made a second time in the browser.
 */
import { PassThrough } from 'node:stream';
import { createReadableStreamFromReadable, type AppLoadContext, type EntryContext } from '@remix-run/node';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToPipeableStream } from 'react-dom/server';
import { NonceContext } from './nonce.ts';

/** Milliseconds after which a page that is still not rendered is given up. */
const GIVE_UP = 15_000;

export const streamTimeout = GIVE_UP;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let failed = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={context.nonce}>
        <RemixServer context={remixContext} url={request.url} abortDelay={GIVE_UP} nonce={context.nonce} />
      </NonceContext.Provider>,
      {
        nonce: context.nonce,
        onAllReady() {
          clearTimeout(timer);
          const body = new PassThrough();
          headers.set('Content-Type', 'text/html; charset=utf-8');
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }));
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          failed = true;
          context.engine.log.error(
            { path: new URL(request.url).pathname, error: String(error) },
            'a page did not render',
          );
        },
      },
    );
    const timer = setTimeout(abort, GIVE_UP);
  });
}

/** What a loader or an action threw: a page with a sentence for the person, its cause in the log for us. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  // A page that is not there is an answer, not a failure.
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.engine.log.error({ path: new URL(request.url).pathname, cause }, 'a page failed');
}
