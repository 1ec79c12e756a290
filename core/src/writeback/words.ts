/**
 * Facts of the outbox → what a platform is given (payload.ts): the same facts, and what they mean in the store's language.
 * Pure. Made when a row leaves, a batch at a time.
 */
import { z } from 'zod';
import { languageOf } from '../language.ts';
import { formatMoney, type MoneyLanguage } from '../money.ts';
import { verdictSentence, VERDICTS } from '../measurement/index.ts';
import type { WriteBackKind } from '../ports.ts';
import {
  LIFE_STAGES,
  lifeStageName,
  nextAction,
  nextActionSentence,
  reason,
  reasonSentence,
} from '../scoring/index.ts';
import { consentPayload, outcomePayload, scorePayload, touchPayload } from './payload.ts';

export interface Reader {
  language: MoneyLanguage;
  currency: string;
}

/** The address of a person's page, where there is one that a salesperson can open. */
export type CustomerLink = (customerId: string) => string | null;

export const situation = z.object({
  hasEmail: z.boolean(),
  hasPhone: z.boolean(),
  suppressed: z.string().nullable(),
  refusal: z.string().nullable(),
  /** Said only where it is so */
  replied: z.boolean().default(false),
  paused: z.boolean().default(false),
  planned: z.boolean(),
  heldBack: z.boolean(),
  daysSinceMail: z.number().nullable(),
});

const stage = z.enum(LIFE_STAGES);

const scoreFacts = scorePayload
  .omit({ lifeStage: true, lifeStageWords: true, reasons: true, nextAction: true })
  .extend({ lifeStage: stage, reasons: z.array(z.unknown()), situation });

const outcomeFacts = outcomePayload.omit({ verdictWords: true }).extend({
  judged: z.object({
    estimate: z.number(),
    low: z.number(),
    high: z.number(),
    daysLeft: z.number().nullish(),
    enough: z.boolean().nullish(),
  }),
});

/** PostgreSQL writes an offset where JavaScript writes Z; vendors read the latter. */
const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

const touchFacts = touchPayload
  .omit({ words: true, messageId: true, link: true })
  .extend({ at: instant, sentAt: instant, /** Said of an answer only */ customerId: z.uuid().optional() });
const consentFacts = consentPayload.extend({ at: instant });

/** What is handed to the connector of a row. `subjectId` is the row's. */
export function payloadOf(
  kind: WriteBackKind,
  subjectId: string,
  facts: unknown,
  { reader, link }: { reader: Reader; link: CustomerLink },
): object {
  switch (kind) {
    case 'score':
      return scoreOf(scoreFacts.parse(facts), reader);
    case 'outcome':
      return outcomeOf(outcomeFacts.parse(facts), reader);
    case 'touch':
      return touchOf(touchFacts.parse(facts), subjectId, { reader, link });
    case 'consent':
      return consentFacts.parse(facts);
  }
}

function scoreOf(facts: z.infer<typeof scoreFacts>, { language, currency }: Reader): object {
  const { situation: now, reasons, ...rest } = facts;
  const scored = facts.state === 'scored';
  const next = nextAction({ ...now, lifeStage: scored ? facts.lifeStage : null });
  return scorePayload.parse({
    ...rest,
    ...(scored
      ? {}
      : { chanceToReturn: null, expectedValue90: null, expectedValue365: null, valueAtRisk: null, nextOrderOn: null }),
    lifeStageWords: lifeStageName(facts.lifeStage, language),
    // A reason that this version does not know (written by a newer one) is left out.
    reasons: reasons.flatMap((one) => {
      const known = reason.safeParse(one);
      return known.success ? [reasonSentence(known.data, language, currency)] : [];
    }),
    nextAction: { code: next.code, words: nextActionSentence(next, language) },
  });
}

function outcomeOf({ judged, ...facts }: z.infer<typeof outcomeFacts>, reader: Reader): object {
  const verdict = z.enum(VERDICTS).parse(facts.verdict);
  const detail = { daysLeft: judged.daysLeft ?? 0, enough: judged.enough ?? false };
  return outcomePayload.parse({
    ...facts,
    verdictWords: verdictSentence({ metric: 'revenue', ...judged, verdict, detail }, reader),
  });
}

const TOUCH_WORDS: Record<MoneyLanguage, Record<z.infer<typeof touchFacts>['outcome'], string>> = {
  en: {
    sent: 'Was sent',
    opened: 'Opened',
    clicked: 'Clicked in',
    ordered: 'Ordered after',
    bounced: 'Came back:',
    unsubscribed: 'Unsubscribed from',
    complained: 'Reported as spam:',
    replied: 'Wrote back to',
  },
  es: {
    sent: 'Recibió',
    opened: 'Abrió',
    clicked: 'Hizo clic en',
    ordered: 'Compró después de',
    bounced: 'Fue devuelto:',
    unsubscribed: 'Se dio de baja con',
    complained: 'Marcó como spam:',
    replied: 'Respondió a',
  },
};

export function touchWords(
  touch: { outcome: z.infer<typeof touchFacts>['outcome']; subject: string; orderValue?: number | null | undefined },
  { language, currency }: Reader,
): string {
  const worth =
    typeof touch.orderValue === 'number' && touch.orderValue > 0
      ? ` (${formatMoney(touch.orderValue, currency, language)})`
      : '';
  return `${TOUCH_WORDS[language][touch.outcome]} “${plainSubject(touch.subject)}”${worth}`;
}

function touchOf(
  { customerId, ...facts }: z.infer<typeof touchFacts>,
  messageId: string,
  { reader, link }: { reader: Reader; link: CustomerLink },
): object {
  const words = touchWords({ ...facts, orderValue: facts.orderValue?.amount }, reader);
  return touchPayload.parse({
    ...facts,
    subject: plainSubject(facts.subject),
    messageId,
    words,
    link: customerId === undefined ? null : link(customerId),
  });
}

/** A subject as people read it: where a name stands, what stands there without one. */
export function plainSubject(subject: string): string {
  return subject.replace(/\{\{[^}]*?default:\s*["']([^"']*)["'][^}]*\}\}/g, '$1').replace(/\{\{[^}]*\}\}/g, '…');
}

/** The language of the pages and panels of a store (BCP 47): Spanish where it is, else English. */
export function readerOf(store: { language: string; currency: string }): Reader {
  return { language: languageOf(store.language), currency: store.currency };
}
