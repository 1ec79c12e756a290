/** How fast mails may leave, in words: what slows the store down or stops it, the warm-up's day, and the paces in force. */
import type { Language, SendingPage } from '@rekindle/core';
import { storeFormat, type Format } from './format.server.ts';

export interface PaceView {
  title: string;
  /** What a person must know; null: nothing */
  brake: {
    tone: 'critical' | 'warning' | 'info';
    title: string;
    text: string;
    goOn: { name: 'goOn'; label: string; effect: string } | null;
  } | null;
  facts: { label: string; value: string; hint: string }[];
}

interface Words {
  title: string;
  stopped: string;
  slowed: string;
  why: (cause: 'complaints' | 'bounces', count: string, sent: string, share: string, bound: string) => string;
  stoppedText: string;
  slowedText: string;
  goOn: string;
  goOnEffect: string;
  wentOn: string;
  held: string;
  heldBy: Record<'warm_up' | 'slowed' | 'hourly_limit', (until: string) => string>;
  warmUp: string;
  warmUpDay: (day: string) => string;
  warmUpHint: (left: string, allowed: string, domain: string) => string;
  lately: string;
  latelyValue: (complaints: string, bounces: string) => string;
  latelyHint: (sent: string) => string;
  limit: string;
  perHour: (mails: string) => string;
  noLimit: string;
  limitHint: string;
  provider: string;
  requests: (perSecond: string) => string;
  providerHint: (name: string) => string;
  until: (time: string) => string;
  mailbox: (name: string) => string;
  perMinute: (mails: string) => string;
  mailboxHint: string;
  names: Record<string, string>;
}

const NAMES = { gmail: 'Gmail', microsoft: 'Outlook', yahoo: 'Yahoo', apple: 'iCloud', gmx: 'GMX', orange: 'Orange' };

const WORDS: Record<Language, Words> = {
  en: {
    title: 'How fast mails may leave',
    stopped: 'Mails are stopped',
    slowed: 'Mails are slowed down',
    why: (cause, count, sent, share, bound) =>
      `${cause === 'complaints' ? `${count} people called a mail spam` : `${count} addresses do not exist`}, of ${sent} mails in the last seven days: ${share}, where ${bound} is the most that mailbox providers bear.`,
    stoppedText:
      'Going on as before would spoil the name of your domain for months. Look whom you write to and with what words; mails wait where they are, and none is lost.',
    slowedText: 'A quarter of your busiest day goes each day until it is better; the rest waits for the next day.',
    goOn: 'Let mails go on',
    goOnEffect: 'What came so far is not counted any more. If people complain again, mails stop again.',
    wentOn: 'Mails go on. Complaints and bounces are counted from now on.',
    held: 'Nothing more leaves at the moment',
    heldBy: {
      warm_up: (until) => `The domain is new, and today’s mails are out. The next ones go from ${until} on.`,
      slowed: (until) => `Today’s quarter is out. The next mails go from ${until} on.`,
      hourly_limit: (until) => `The limit of mails an hour is reached. The next ones go at ${until}.`,
    },
    warmUp: 'New domain',
    warmUpDay: (day) => `Day ${day}`,
    warmUpHint: (left, allowed, domain) =>
      `${left} of ${allowed} may still go today from ${domain}, a fifth more tomorrow; who answers best gets hers first`,
    lately: 'Last seven days',
    latelyValue: (complaints, bounces) => `${complaints} complaints, ${bounces} dead addresses`,
    latelyHint: (sent) => `of ${sent} mails; 0.10 % complaints slow down, 0.30 % stop`,
    limit: 'Your limit',
    perHour: (mails) => `${mails} an hour`,
    noLimit: 'None',
    limitHint: 'set in the settings',
    provider: 'Mail provider',
    requests: (perSecond) => `${perSecond} requests a second`,
    providerHint: (name) => `${name} asked for patience; it gets faster by itself`,
    until: (time) => `Waits until ${time}`,
    mailbox: (name) => `To ${name}`,
    perMinute: (mails) => `${mails} a minute`,
    mailboxHint: 'it put mails off; it gets faster by itself',
    names: { ...NAMES, other: 'other mailboxes' },
  },
  es: {
    title: 'A qué ritmo pueden salir los correos',
    stopped: 'Los correos están parados',
    slowed: 'Los correos van más despacio',
    why: (cause, count, sent, share, bound) =>
      `${cause === 'complaints' ? `${count} personas marcaron un correo como spam` : `${count} direcciones no existen`}, de ${sent} correos de los últimos siete días: ${share}, y los proveedores de correo toleran ${bound} como mucho.`,
    stoppedText:
      'Seguir igual dañaría durante meses la reputación de tu dominio. Mira a quién escribes y con qué palabras; los correos esperan donde están y ninguno se pierde.',
    slowedText: 'Cada día sale la cuarta parte de tu mejor día hasta que mejore; el resto espera al día siguiente.',
    goOn: 'Dejar que sigan',
    goOnEffect: 'Lo ocurrido hasta ahora ya no cuenta. Si hay más quejas, los correos vuelven a pararse.',
    wentOn: 'Los correos siguen. Las quejas y los rebotes cuentan desde ahora.',
    held: 'De momento no sale nada más',
    heldBy: {
      warm_up: (until) =>
        `El dominio es nuevo y los correos de hoy ya han salido. Los siguientes salen desde el ${until}.`,
      slowed: (until) => `La cuarta parte de hoy ya ha salido. Los siguientes salen desde el ${until}.`,
      hourly_limit: (until) => `Se ha llegado al límite por hora. Los siguientes salen el ${until}.`,
    },
    warmUp: 'Dominio nuevo',
    warmUpDay: (day) => `Día ${day}`,
    warmUpHint: (left, allowed, domain) =>
      `hoy aún pueden salir ${left} de ${allowed} desde ${domain}, mañana una quinta parte más; primero, a quien mejor responde`,
    lately: 'Últimos siete días',
    latelyValue: (complaints, bounces) => `${complaints} quejas, ${bounces} direcciones muertas`,
    latelyHint: (sent) => `de ${sent} correos; con un 0,10 % de quejas van más despacio, con un 0,30 % se paran`,
    limit: 'Tu límite',
    perHour: (mails) => `${mails} por hora`,
    noLimit: 'Ninguno',
    limitHint: 'se fija en los ajustes',
    provider: 'Proveedor de envío',
    requests: (perSecond) => `${perSecond} peticiones por segundo`,
    providerHint: (name) => `${name} pidió paciencia; se acelera solo`,
    until: (time) => `Espera hasta el ${time}`,
    mailbox: (name) => `A ${name}`,
    perMinute: (mails) => `${mails} por minuto`,
    mailboxHint: 'aplazó correos; se acelera solo',
    names: { ...NAMES, other: 'otros buzones' },
  },
};

export function paceView(page: SendingPage): PaceView {
  const format = storeFormat(page.store);
  const words = WORDS[format.language];
  return { title: words.title, brake: brakeOf(format, words, page), facts: factsOf(format, words, page) };
}

/** What is said when a person has let mails go on. */
export function wentOn(page: SendingPage): string {
  return WORDS[storeFormat(page.store).language].wentOn;
}

/** Complaints are told by the hundredth of a per cent. */
function exactShare(format: Format, share: number): string {
  return `${format.decimal(share * 100, 2)} %`;
}

function brakeOf(format: Format, words: Words, page: SendingPage): PaceView['brake'] {
  const { state, reason, held } = page;
  if (reason && state !== 'normal') {
    const { cause, count, sent, bound } = reason;
    const share = exactShare(format, count / Math.max(sent, 1));
    const why = words.why(cause, format.count(count), format.count(sent), share, exactShare(format, bound));
    return state === 'stopped'
      ? {
          tone: 'critical',
          title: words.stopped,
          text: `${why} ${words.stoppedText}`,
          goOn: { name: 'goOn', label: words.goOn, effect: words.goOnEffect },
        }
      : { tone: 'warning', title: words.slowed, text: `${why} ${words.slowedText}`, goOn: null };
  }
  if (!held) return null;
  const until = format.time(held.until);
  return { tone: 'info', title: words.held, text: words.heldBy[held.reason](until), goOn: null };
}

function factsOf(format: Format, words: Words, page: SendingPage): PaceView['facts'] {
  const { warmUp, pace, lately } = page;
  const facts: PaceView['facts'] = [];
  if (warmUp)
    facts.push({
      label: words.warmUp,
      value: words.warmUpDay(format.count(warmUp.day)),
      hint: words.warmUpHint(format.count(warmUp.left), format.count(warmUp.allowed), warmUp.domain),
    });
  facts.push(
    {
      label: words.lately,
      value: words.latelyValue(format.count(lately.complaints), format.count(lately.bounces)),
      hint: words.latelyHint(format.count(lately.sent)),
    },
    {
      label: words.limit,
      value: pace.hourlyLimit === null ? words.noLimit : words.perHour(format.count(pace.hourlyLimit)),
      hint: words.limitHint,
    },
  );
  const { name, requestsPerSecond, blockedUntil } = pace.provider;
  if (requestsPerSecond !== null || blockedUntil)
    facts.push({
      label: words.provider,
      value: blockedUntil
        ? words.until(format.time(blockedUntil))
        : words.requests(String(Math.round((requestsPerSecond ?? 0) * 10) / 10)),
      hint: words.providerHint(name),
    });
  for (const { mailbox, mailsPerSecond } of pace.mailboxes)
    facts.push({
      label: words.mailbox(words.names[mailbox] ?? mailbox),
      value: words.perMinute(format.count(Math.round(mailsPerSecond * 60))),
      hint: words.mailboxHint,
    });
  return facts;
}
