/**
 * /u/<token> and /p/<token>: no more mail, or mail again. A GET shows a page and changes nothing: link scanners fetch it.
 * A POST does, at once, without cookie, sign-in or redirect: it is what a mail program's unsubscribe button sends
 * (RFC 8058) and what the page's own button sends.
 */
import {
  readLink,
  readRecipient,
  recordResubscribe,
  recordUnsubscribe,
  type Engine,
  type Recipient,
} from '@rekindle/core';
import type { Context, Hono } from 'hono';
import { readBody } from '../body.ts';
import type { Limit } from '../limit.ts';
import { visitorOf } from '../visitor.ts';
import { PAGE_POLICY, renderPage, type Page } from './page.ts';
import { pageLanguage, WORDS } from './words.ts';

/** Forms of ours and of mail programs are some fifty bytes. */
const LARGEST = 16 * 1024;

type Answer = Response | Promise<Response>;

const PAGES = [
  { path: '/u/:token', kind: 'unsubscribe' },
  { path: '/p/:token', kind: 'preferences' },
] as const;

export function mountWishes(app: Hono, engine: Engine, guesses: Limit): void {
  for (const { path, kind } of PAGES) {
    app.get(path, async (context) => {
      const link = readLink(engine.keys, kind, context.req.param('token'));
      if (link === undefined) return unknownPage(context, guesses);
      return recipientPage(context, await readRecipient(engine, link), context.req.query('lang'));
    });

    app.post(path, async (context) => {
      const link = readLink(engine.keys, kind, context.req.param('token'));
      if (link === undefined) return unknownPage(context, guesses);
      const form = await readForm(context);
      const oneClick = form.get('List-Unsubscribe') === 'One-Click';
      const recipient =
        form.get('action') === 'resubscribe' && !oneClick
          ? await recordResubscribe(engine, link)
          : await recordUnsubscribe(engine, link, oneClick ? 'one_click' : 'page');
      if (oneClick) return context.text('Unsubscribed.\n', 200);
      return recipientPage(context, recipient, form.get('lang') ?? undefined);
    });
  }
}

/** A small form, urlencoded or multipart; what cannot be read is an empty one. */
async function readForm(context: Context): Promise<Map<string, string>> {
  const body = await readBody(context.req.raw, LARGEST);
  const type = context.req.header('content-type') ?? 'application/x-www-form-urlencoded';
  try {
    const form = await new Response(Buffer.from(body), { headers: { 'Content-Type': type } }).formData();
    return new Map([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  } catch {
    return new Map();
  }
}

function recipientPage(context: Context, recipient: Recipient | undefined, asked: string | undefined): Answer {
  const language = pageLanguage(asked, recipient?.language, context.req.header('accept-language'));
  if (recipient === undefined) {
    const words = WORDS[language]('Rekindle', '');
    return send(context, 200, { language, title: words.nobody.heading, other: words.other, ...words.nobody });
  }
  const words = WORDS[language](recipient.storeName, recipient.hint === '' ? '–' : recipient.hint);
  const page: Page = { language, title: words.title, other: words.other, ...words[recipient.state] };
  if (recipient.state !== 'blocked') {
    const { button, note } = words[recipient.state];
    const leaving = recipient.state === 'subscribed';
    page.action = { value: leaving ? 'unsubscribe' : 'resubscribe', button, note, quiet: !leaving };
  }
  if (/^https?:\/\//.test(recipient.website)) page.website = { url: recipient.website, name: words.website };
  return send(context, 200, page);
}

function unknownPage(context: Context, guesses: Limit): Answer {
  guesses.take(visitorOf(context));
  return wordsPage(context, 'unknown', 404);
}

/** A page that knows nothing of anybody: a wrong link, a failure of ours, too many tries. */
export function wordsPage(context: Context, kind: 'unknown' | 'broken' | 'busy', status: number): Answer {
  const language = pageLanguage(context.req.query('lang'), undefined, context.req.header('accept-language'));
  const words = WORDS[language]('Rekindle', '')[kind];
  return send(context, status, { language, title: words.heading, ...words });
}

function send(context: Context, status: number, page: Page): Answer {
  return context.html(renderPage(page), status as 200, { 'Content-Security-Policy': PAGE_POLICY });
}
