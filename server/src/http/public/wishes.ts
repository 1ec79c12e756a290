/**
 * /u/<token>: no more mail, or mail again. A GET shows a page and changes nothing: link scanners fetch it. A POST does, at
 * once, without cookie, sign-in or redirect: it is what a mail program's unsubscribe button sends (RFC 8058) and what the
 * page's own button sends.
 */
import {
  LINK_PATHS,
  readLink,
  readRecipient,
  recordResubscribe,
  recordUnsubscribe,
  signLink,
  type Engine,
  type Recipient,
} from '@rekindle/core';
import type { Context, Hono } from 'hono';
import type { Limit } from '../limit.ts';
import { visitorOf } from '../visitor.ts';
import { readForm, saidOneClick } from './form.ts';
import { PAGE_POLICY } from './look.ts';
import { renderPage, type Page } from './page.ts';
import { pageLanguage, WORDS } from './words.ts';

type Answer = Response | Promise<Response>;

export function mountWishes(app: Hono, engine: Engine, guesses: Limit): void {
  app.get('/u/:token', async (context) => {
    const link = readLink(engine.keys, 'unsubscribe', context.req.param('token'));
    if (link === undefined) return unknownPage(context, guesses);
    const instead = LINK_PATHS.preferences + signLink(engine.keys, { ...link, kind: 'preferences' });
    return recipientPage(context, await readRecipient(engine, link), { asked: context.req.query('lang'), instead });
  });

  app.post('/u/:token', async (context) => {
    const link = readLink(engine.keys, 'unsubscribe', context.req.param('token'));
    if (link === undefined) return unknownPage(context, guesses);
    const form = await readForm(context);
    const oneClick = saidOneClick(form);
    const recipient =
      form.get('action') === 'resubscribe' && !oneClick
        ? await recordResubscribe(engine, link)
        : await recordUnsubscribe(engine, link, oneClick ? 'one_click' : 'page');
    if (oneClick) return context.text('Unsubscribed.\n', 200);
    return recipientPage(context, recipient, { asked: form.get('lang') });
  });
}

/** How things stand with whoever holds a link. `instead`: where else she may choose. */
export function recipientPage(
  context: Context,
  recipient: Recipient | undefined,
  { asked, instead }: { asked: string | undefined; instead?: string },
): Answer {
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
    if (leaving && instead !== undefined) page.instead = { url: `${instead}?lang=${language}`, words: words.instead };
  }
  if (/^https?:\/\//.test(recipient.website)) page.website = { url: recipient.website, name: words.website };
  return send(context, 200, page);
}

export function unknownPage(context: Context, guesses: Limit): Answer {
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
