/**
 * /p/<token>: what the store shall write about, how often, from when on, in which language; or nothing at all. A GET shows the
 * page and changes nothing; a POST does, at once, without cookie, sign-in, redirect or script.
 */
import {
  FREQUENCIES,
  MAIL_LANGUAGES,
  PAUSES,
  readLink,
  readPreferences,
  recordCounting,
  recordPreferences,
  recordResubscribe,
  recordUnsubscribe,
  undoPreferences,
  type Asked,
  type Engine,
  type PreferenceSheet,
} from '@rekindle/core';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Limit } from '../limit.ts';
import { readForm, saidOneClick, type Form } from './form.ts';
import { PAGE_POLICY, type Html } from './look.ts';
import { renderPreferences, renderSaved } from './preference-page.ts';
import { recipientPage, unknownPage } from './wishes.ts';
import { pageLanguage } from './words.ts';

type Answer = Response | Promise<Response>;

const days = (known: readonly number[], none: string) =>
  z.union([z.literal(none).transform(() => null), z.enum(known.map(String)).transform(Number)]);
const key = z.string().regex(/^[a-z0-9-]{1,30}$/);
const wish = z.object({
  topics: z
    .string()
    .transform((list) => list.split(',').filter(Boolean))
    .pipe(z.array(key).max(20)),
  frequency: days(FREQUENCIES, 'any'),
  pause: z.union([z.literal('keep'), days(PAUSES, 'none')]),
  language: z.enum(MAIL_LANGUAGES),
});

export function mountPreferences(app: Hono, engine: Engine, guesses: Limit): void {
  app.get('/p/:token', async (context) => {
    const link = readLink(engine.keys, 'preferences', context.req.param('token'));
    if (link === undefined) return unknownPage(context, guesses);
    return show(context, await readPreferences(engine, link), { asked: context.req.query('lang') });
  });

  app.post('/p/:token', async (context) => {
    const link = readLink(engine.keys, 'preferences', context.req.param('token'));
    if (link === undefined) return unknownPage(context, guesses);
    const form = await readForm(context);
    const asked = form.get('lang') ?? undefined;
    if (saidOneClick(form)) {
      await recordUnsubscribe(engine, link, 'one_click');
      return context.text('Unsubscribed.\n', 200);
    }
    switch (form.get('action')) {
      case 'unsubscribe':
        return recipientPage(context, await recordUnsubscribe(engine, link, 'page'), { asked });
      case 'resubscribe':
        await recordResubscribe(engine, link);
        return show(context, await readPreferences(engine, link), { asked });
      case 'count':
      case 'do_not_count':
        return show(context, await recordCounting(engine, link, form.get('action') === 'count'), { asked });
      case 'undo': {
        const change = form.get('change') ?? '';
        const after = await undoPreferences(engine, link, change);
        return show(context, after, { asked, saved: { before: change, undone: true } });
      }
      case 'save': {
        const read = askedBy(form);
        const before = await readPreferences(engine, link);
        if (read === undefined) return show(context, before, { asked, broken: true });
        const after = await recordPreferences(engine, link, read);
        // Whoever chose a language for the mails reads this page in it, too.
        const speaks = read.language === before?.recipient.language.slice(0, 2) ? asked : read.language;
        return show(context, after, { asked: speaks, saved: { before: before?.changeId ?? null, undone: false } });
      }
      default:
        return show(context, await readPreferences(engine, link), { asked, broken: true });
    }
  });
}

/** What a form asks for; undefined where it is none of ours. */
function askedBy(form: Form): Asked | undefined {
  const read = wish.safeParse(Object.fromEntries(form));
  if (!read.success) return undefined;
  const { topics, frequency, pause, language } = read.data;
  return {
    shown: topics,
    wanted: topics.filter((topic) => form.get(`topic:${topic}`) === 'on'),
    daysBetween: frequency,
    pause,
    language,
  };
}

interface Showing {
  /** Language that the address or the form asked for */
  asked: string | undefined;
  saved?: { before: string | null; undone: boolean };
  broken?: boolean;
}

function show(context: Context, sheet: PreferenceSheet | undefined, { asked, saved, broken }: Showing): Answer {
  // Whoever is not subscribed chooses that first.
  if (sheet === undefined || sheet.recipient.state !== 'subscribed')
    return recipientPage(context, sheet?.recipient, { asked });
  const language = pageLanguage(asked, sheet.recipient.language, context.req.header('accept-language'));
  const view = { sheet, language };
  if (broken) return send(context, renderPreferences(view, { broken }), 400);
  return send(context, saved ? renderSaved(view, saved) : renderPreferences(view), 200);
}

function send(context: Context, page: Html, status: 200 | 400): Answer {
  return context.html(page, status, { 'Content-Security-Policy': PAGE_POLICY });
}
