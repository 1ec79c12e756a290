/**
 * Whatever a writer gives back is refused unless it is a mail that the brief allows: no address, no markup, no placeholder
 * but the first name, no number, offer, date or urgency that is not the brief's own. Pure; the reason names the rule, never
 * the text.
 */
import { z } from 'zod';
import type { Brief, Draft } from '../ports.ts';
import { ALWAYS, comparable, FREE, matches, OFFER, PRICE, type Pattern } from './forbidden.ts';
import { offerWords } from './words.ts';

/** Lengths in characters. Phones show some 40 of a subject; the rest keeps a mail one screen long. */
const line = (limit: number) => z.string().trim().min(2).max(limit);
const draft = z.strictObject({
  subject: line(90),
  preheader: line(120),
  heading: line(80),
  paragraphs: z.array(line(420)).min(1).max(5),
  button: line(28),
});

/** The one placeholder, with what stands there for people without a name. */
export const FIRST_NAME = /\{\{ ?customer\.first_name ?\| ?default: ?("[\p{L} ]{0,20}"|'[\p{L} ]{0,20}') ?\}\}/gu;

export type GuardResult = { ok: true; drafts: Draft[] } | { ok: false; reasons: string[] };

/** Lets drafts pass, or says which rules they break. */
export function guardDrafts(input: unknown, brief: Brief): GuardResult {
  const parsed = z.array(draft).safeParse(input);
  if (!parsed.success)
    return { ok: false, reasons: parsed.error.issues.map((issue) => `form: ${issue.path.join('.')} ${issue.code}`) };
  const drafts = parsed.data;
  if (drafts.length !== brief.variants) return { ok: false, reasons: ['form: number of drafts'] };
  if (new Set(drafts.map((one) => comparable(one.subject + one.paragraphs.join(' ')))).size < drafts.length)
    return { ok: false, reasons: ['two drafts are the same'] };
  const reasons = [...new Set(drafts.flatMap((one) => reasonsAgainst(one, brief)))];
  return reasons.length === 0 ? { ok: true, drafts } : { ok: false, reasons };
}

/** Which rules a product's name breaks: such a product is not named in mails, and no writer sees it. */
export function reasonsAgainstName(name: string): string[] {
  const words = /\p{L}{3}/u.test(name) ? [] : ['no word in it'];
  const rules = ALWAYS.filter((one) => one.name !== 'number');
  return [...words, ...matches(comparable(name), [...rules, PRICE, OFFER, FREE])];
}

function reasonsAgainst(one: Draft, brief: Brief): string[] {
  const texts = [one.subject, one.preheader, one.heading, ...one.paragraphs];
  const text = texts
    .map((part) => part.replace(FIRST_NAME, ' '))
    .concat(one.button)
    .join('\n');
  const shouting = (text.match(/!/g) ?? []).length > 1 ? ['shouting'] : [];
  return [...shouting, ...matches(remainder(text, brief), patternsFor(brief))];
}

function patternsFor({ offer }: Brief): Pattern[] {
  if (!offer) return [...ALWAYS, OFFER, FREE];
  return offer.kind === 'free_shipping' ? ALWAYS : [...ALWAYS, FREE];
}

/** The text without what the brief itself says: its offer, the names of its products and of the store. */
function remainder(text: string, brief: Brief): string {
  const allowed = [...offerWords(brief), ...brief.products, brief.store.name]
    .map((part) => comparable(part).trim())
    .filter((part) => part !== '')
    .toSorted((a, b) => b.length - a.length);
  // Whole words only: a product called "Set 1" allows no "Set 15".
  const known = new RegExp(`(?<![\\p{L}\\p{N}])(?:${allowed.map(literally).join('|')})(?![\\p{L}\\p{N}])`, 'gu');
  // A line end between two fields is ours, not the writer's.
  return text.split('\n').map(comparable).join(' ').replace(known, ' ');
}

/** Nothing but what a pattern gives a meaning may be escaped: with the flag u any other escape is an error. */
function literally(part: string): string {
  return part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
