/** The panel's sentences, in the store's language. Pure. */
import { LOCALES } from '../language.ts';
import { formatMoney, type MoneyLanguage } from '../money.ts';
import { touchWords } from '../writeback/index.ts';
import type { TouchFact } from './panel.store.ts';

export interface PanelReader {
  language: MoneyLanguage;
  currency: string;
  timeZone: string;
}

export function dayWords(at: Date, { language, timeZone }: PanelReader, now: Date): string {
  const year = (date: Date) => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(date);
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    day: 'numeric',
    month: 'long',
    ...(year(at) === year(now) ? {} : { year: 'numeric' }),
  }).format(at);
}

function percent(share: number, language: MoneyLanguage): string {
  const bounded = Math.min(0.99, Math.max(0.01, share));
  return new Intl.NumberFormat(LOCALES[language], { style: 'percent', maximumFractionDigits: 0 }).format(bounded);
}

/** Whole units of the currency, two digits: what a forecast knows. */
function about(minor: number, { language, currency }: PanelReader): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(minor, 1))) - 1);
  return formatMoney(Math.round(minor / step) * step, currency, language, 0);
}

const WORDS = {
  en: {
    chance: (share: string) => `About ${share} likely to come back unprompted within 90 days.`,
    unknown: 'Not known here yet. The next sync brings this person in.',
    notScored: 'No score yet.',
    value: (year: string, risk: string | null) =>
      `Expected to buy for about ${year} in the next 12 months${risk === null ? '' : `; ${risk} a year is at risk`}.`,
    next: (day: string, overdue: boolean) =>
      overdue ? `The next order was expected around ${day}.` : `Next order expected around ${day}.`,
    order: (amount: string) => `Bought for ${amount}`,
    return: (amount: string) => `Returned goods for ${amount}`,
    replied: (words: string) => (words === '' ? 'Wrote back' : `Wrote back: “${words}”`),
    consent_subscribed: 'Said yes to mail',
    consent_unsubscribed: 'Said no to mail',
    product_viewed: (title: string) => `Looked at ${title}`,
    cart: (title: string) => `Put ${title} in the basket`,
    checkout: 'Began to check out',
    page: 'Looked around in the shop',
    heldBack: 'Held back to measure: gets no mail of a campaign that runs, so that its effect can be seen.',
    mayMail: 'May be mailed.',
    mayMailUntil: (day: string) => `May be mailed until ${day}.`,
    noEmail: 'May not be mailed: no e-mail address is known.',
    noes: {
      unsubscribed: 'May not be mailed: said no.',
      consent_pending: 'May not be mailed: the subscription was not confirmed.',
      no_consent: 'May not be mailed: never allowed it.',
      consent_expired: 'May not be mailed: the permission has run out.',
      hard_bounce: 'May not be mailed: the mailbox does not exist.',
      complaint: 'May not be mailed: reported a mail as spam.',
      manual: 'May not be mailed: blocked by hand.',
      erased: 'May not be mailed: asked to be forgotten.',
    } as Record<string, string>,
    no: 'May not be mailed.',
  },
  es: {
    chance: (share: string) => `Probabilidad de que vuelva por su cuenta en 90 días: cerca del ${share}.`,
    unknown: 'Aquí todavía no se conoce a esta persona. Llegará con la próxima sincronización.',
    notScored: 'Todavía sin puntuación.',
    value: (year: string, risk: string | null) =>
      `Se espera que compre por unos ${year} en los próximos 12 meses${risk === null ? '' : `; ${risk} al año están en riesgo`}.`,
    next: (day: string, overdue: boolean) =>
      overdue ? `El próximo pedido se esperaba alrededor del ${day}.` : `Próximo pedido previsto alrededor del ${day}.`,
    order: (amount: string) => `Compró por ${amount}`,
    return: (amount: string) => `Devolvió por ${amount}`,
    replied: (words: string) => (words === '' ? 'Respondió' : `Respondió: “${words}”`),
    consent_subscribed: 'Aceptó recibir correos',
    consent_unsubscribed: 'No quiere correos',
    product_viewed: (title: string) => `Miró ${title}`,
    cart: (title: string) => `Puso ${title} en la cesta`,
    checkout: 'Empezó a pagar',
    page: 'Visitó la tienda',
    heldBack: 'Sin correos para medir: no recibe los de una campaña en marcha, para ver qué efecto tienen.',
    mayMail: 'Se le puede escribir.',
    mayMailUntil: (day: string) => `Se le puede escribir hasta el ${day}.`,
    noEmail: 'No se le puede escribir: no se conoce su dirección de correo.',
    noes: {
      unsubscribed: 'No se le puede escribir: dijo que no.',
      consent_pending: 'No se le puede escribir: no confirmó la suscripción.',
      no_consent: 'No se le puede escribir: nunca lo permitió.',
      consent_expired: 'No se le puede escribir: el permiso ha caducado.',
      hard_bounce: 'No se le puede escribir: el buzón no existe.',
      complaint: 'No se le puede escribir: marcó un correo como spam.',
      manual: 'No se le puede escribir: bloqueado a mano.',
      erased: 'No se le puede escribir: pidió que se le olvide.',
    } as Record<string, string>,
    no: 'No se le puede escribir.',
  },
};

export const panelWords = (language: MoneyLanguage) => WORDS[language];

export function chanceWords(share: number, language: MoneyLanguage): string {
  return WORDS[language].chance(percent(share, language));
}

export function valueWords(year: number | null, risk: number | null, reader: PanelReader): string | null {
  if (year === null) return null;
  return WORDS[reader.language].value(about(year, reader), risk === null || risk < 100 ? null : about(risk, reader));
}

export function touchSentence({ kind, text, amount }: TouchFact, reader: PanelReader): string {
  const words = WORDS[reader.language];
  const money = formatMoney(Math.abs(amount ?? 0), reader.currency, reader.language);
  switch (kind) {
    case 'order':
      return words.order(money);
    case 'return':
      return words.return(money);
    case 'replied':
      return words.replied(text ?? '');
    case 'consent_subscribed':
      return words.consent_subscribed;
    case 'consent_unsubscribed':
      return words.consent_unsubscribed;
    case 'sent':
    case 'opened':
    case 'clicked':
    case 'bounced':
    case 'unsubscribed':
    case 'complained':
      return touchWords({ outcome: kind, subject: text ?? '' }, reader);
    case 'product_viewed':
      return text === null ? words.page : words.product_viewed(text);
    case 'product_added_to_cart':
      return text === null ? words.page : words.cart(text);
    case 'checkout_started':
      return words.checkout;
    default:
      return words.page;
  }
}
