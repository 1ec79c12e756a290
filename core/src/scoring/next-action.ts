/**
 * What to do next about one person: one rule, so that the panel in the CRM, the page and what stands on the record say the same.
 * Pure. It advises; whether a mail may go is decided by consent and delivery alone.
 */
import type { Language } from '../language.ts';
import type { LifeStage } from './life-stage.ts';

/**
 * answer: she wrote back, and waits. write: a mail is due. wait: one is on its way, has just gone, is held back to measure, or she
 * asked for a pause. ask_consent: she may not be
 * mailed until she says yes. check_address: none is known, or it does not exist. call: writing has been tried or cannot be.
 */
export const NEXT_ACTIONS = ['answer', 'write', 'wait', 'ask_consent', 'check_address', 'call', 'none'] as const;
export type NextActionCode = (typeof NEXT_ACTIONS)[number];

export interface Situation {
  /** Null: not scored, or not enough is known */
  lifeStage: LifeStage | null;
  hasEmail: boolean;
  hasPhone: boolean;
  /** Why her address gets nothing (suppressions.reason); null: it may get mail */
  suppressed: string | null;
  /** Why the law lets no mail go; null: it lets it */
  refusal: string | null;
  /** She answered a mail in the last two weeks */
  replied: boolean;
  /** She asked for no mail for a while, and it is not over */
  paused: boolean;
  /** A mail to her has its hour already */
  planned: boolean;
  /** She is held back from a campaign that is not over */
  heldBack: boolean;
  /** Days since the newest mail to her; null: there was none */
  daysSinceMail: number | null;
}

export type NextReason =
  | 'wrote_back'
  | 'asked_pause'
  | 'too_little_known'
  | 'on_time'
  | 'gone'
  | 'mail_planned'
  | 'held_back'
  | 'just_written'
  | 'written_in_vain'
  | 'no_address'
  | 'bad_address'
  | 'refused'
  | 'no_consent'
  | 'late';

export interface NextAction {
  code: NextActionCode;
  reason: NextReason;
}

/** Days after a mail in which it gets its chance. */
export const PATIENCE_DAYS = 14;
/** Days in which an answer waits for one in turn: after that it was given, or comes too late. */
export const ANSWER_DAYS = 14;
/** Days after which a mail is forgotten, and another is worth a try. */
export const FORGOTTEN_DAYS = 60;

export function nextAction(now: Situation): NextAction {
  if (now.replied) return { code: 'answer', reason: 'wrote_back' };
  if (now.lifeStage === null) return { code: 'none', reason: 'too_little_known' };
  if (now.lifeStage === 'new' || now.lifeStage === 'active') return { code: 'none', reason: 'on_time' };
  if (now.paused && now.suppressed === null && now.refusal !== 'unsubscribed')
    return { code: 'wait', reason: 'asked_pause' };
  if (now.planned) return { code: 'wait', reason: 'mail_planned' };
  if (now.heldBack) return { code: 'wait', reason: 'held_back' };
  // Whoever said no, or is most likely gone, is left alone: on the phone, too.
  if (now.refusal === 'unsubscribed' || (now.suppressed !== null && now.suppressed !== 'hard_bounce'))
    return { code: 'none', reason: 'refused' };
  if (now.lifeStage === 'lost') return { code: 'none', reason: 'gone' };
  if (now.daysSinceMail !== null && now.daysSinceMail <= PATIENCE_DAYS) return { code: 'wait', reason: 'just_written' };
  const instead: NextActionCode = now.hasPhone ? 'call' : 'check_address';
  if (!now.hasEmail) return { code: instead, reason: 'no_address' };
  if (now.suppressed === 'hard_bounce') return { code: instead, reason: 'bad_address' };
  if (now.refusal !== null) return { code: 'ask_consent', reason: 'no_consent' };
  if (now.hasPhone && now.daysSinceMail !== null && now.daysSinceMail <= FORGOTTEN_DAYS)
    return { code: 'call', reason: 'written_in_vain' };
  return { code: 'write', reason: 'late' };
}

const WORDS: Record<Language, Record<NextReason, (code: NextActionCode) => string>> = {
  en: {
    wrote_back: () => 'Answer: wrote back in the last two weeks.',
    asked_pause: () => 'Wait: asked for a pause.',
    too_little_known: () => 'Nothing yet: too little is known.',
    on_time: () => 'Nothing to do: buys at the usual rhythm.',
    gone: () => 'Nothing: very unlikely to come back.',
    mail_planned: () => 'Wait: a mail is planned.',
    held_back: () => 'Wait: held back to measure what mails do.',
    just_written: () => 'Wait: a mail went out in the last two weeks.',
    written_in_vain: () => 'Call: the last mail brought no order.',
    no_address: (code) =>
      code === 'call' ? 'Call: no e-mail address is known.' : 'Ask for an e-mail address: none is known.',
    bad_address: (code) =>
      code === 'call' ? 'Call: the mailbox does not exist.' : 'Check the e-mail address: the mailbox does not exist.',
    refused: () => 'Nothing: wants no mail.',
    no_consent: () => 'Ask for permission to write.',
    late: () => 'Write: later than usual.',
  },
  es: {
    wrote_back: () => 'Responder: escribió en las últimas dos semanas.',
    asked_pause: () => 'Esperar: pidió una pausa.',
    too_little_known: () => 'Nada todavía: se sabe demasiado poco.',
    on_time: () => 'Nada que hacer: compra a su ritmo habitual.',
    gone: () => 'Nada: es muy improbable que vuelva.',
    mail_planned: () => 'Esperar: hay un correo previsto.',
    held_back: () => 'Esperar: no recibe correos para medir su efecto.',
    just_written: () => 'Esperar: se le escribió en las últimas dos semanas.',
    written_in_vain: () => 'Llamar: el último correo no trajo ningún pedido.',
    no_address: (code) =>
      code === 'call' ? 'Llamar: no se conoce su dirección de correo.' : 'Pedir su dirección de correo: no se conoce.',
    bad_address: (code) =>
      code === 'call' ? 'Llamar: el buzón no existe.' : 'Comprobar la dirección de correo: el buzón no existe.',
    refused: () => 'Nada: no quiere correos.',
    no_consent: () => 'Pedir permiso para escribirle.',
    late: () => 'Escribir: tarda más de lo habitual.',
  },
};

/** One short sentence that begins with the verb. */
export function nextActionSentence(action: NextAction, language: Language): string {
  return WORDS[language][action.reason](action.code);
}
