/** The live sending page in words: how far, how fast, until when, what holds it, and what one may do. */
import { domainSentence, type Language, type CampaignProgress } from '@rekindle/core';
import { stateBadge, type Tone } from './campaign-state.server.ts';
import { storeFormat, type Format } from './format.server.ts';
import { leftOutWords } from './left-out.server.ts';

export interface SendingView {
  language: Language;
  id: string;
  title: string;
  badge: { label: string; tone: Tone };
  answer: string;
  note: string | null;
  /** Ask again by itself */
  moving: boolean;
  /** 0..100 of the plan that is settled */
  progress: { value: number; label: string };
  facts: { label: string; value: string; hint: string }[];
  never: { reason: string; count: string }[];
  /** Empty: none went in the last minutes */
  minutes: { label: string; height: number }[];
  trouble: { title: string; text: string; link: { url: string; label: string } | null } | null;
  step: { name: 'pause' | 'resume'; label: string; effect: string } | null;
  words: Words['page'];
}

interface Words {
  page: {
    back: string;
    never: string;
    nobody: string;
    pace: string;
    pacePicture: string;
    quiet: string;
    facts: string;
  };
  states: Record<string, string>;
  answers: {
    going: (sent: string, planned: string) => string;
    paused: (sent: string, planned: string) => string;
    held: (sent: string, planned: string) => string;
    over: (sent: string, planned: string) => string;
    notYet: string;
  };
  updates: string;
  progress: (share: string) => string;
  planned: string;
  plannedHint: string;
  sent: string;
  sentHint: string;
  waiting: string;
  waitingHint: string;
  overdueHint: (mails: string) => string;
  inDoubt: string;
  inDoubtHint: string;
  never: string;
  neverHint: string;
  pace: string;
  perMinute: (mails: string) => string;
  noPace: string;
  paceHint: string;
  end: string;
  noEnd: string;
  endHint: string;
  refused: (reason: string) => string;
  reasons: Record<string, string>;
  heldTitle: string;
  heldText: (sentence: string) => string;
  toDomain: string;
  pause: string;
  pauseEffect: (mails: string) => string;
  resume: string;
  resumeEffect: (mails: string) => string;
  paused: string;
  resumed: string;
  minute: (time: string, mails: string) => string;
}

const en: Words = {
  page: {
    back: 'The campaign',
    never: 'Mails that will not go, and why',
    nobody: 'Every mail so far could go.',
    pace: 'Minute by minute',
    pacePicture: 'Mails that went in each of the last 15 minutes',
    quiet: 'No mail went in the last 15 minutes.',
    facts: 'How far it is',
  },
  states: {},
  answers: {
    going: (sent, planned) => `${sent} of ${planned} mails are out.`,
    paused: (sent, planned) => `Paused. ${sent} of ${planned} mails are out; the others wait for you.`,
    held: (sent, planned) => `Held back. ${sent} of ${planned} mails are out; none is lost.`,
    over: (sent, planned) => `Sending is over: ${sent} of ${planned} mails went out.`,
    notYet: 'Nothing is being sent: the campaign waits for your approval.',
  },
  updates: 'This page follows by itself.',
  progress: (share) => `${share} of the plan is settled`,
  planned: 'Planned',
  plannedHint: 'people the plan writes to',
  sent: 'Sent',
  sentHint: 'taken by the mail provider',
  waiting: 'Still to go',
  waitingHint: 'each at its own hour',
  overdueHint: (mails) => `${mails} would have gone by now`,
  inDoubt: 'In doubt',
  inDoubtHint: 'the provider’s answer was lost; never sent twice',
  never: 'Will not go',
  neverHint: 'see the reasons below',
  pace: 'Pace',
  perMinute: (mails) => `${mails} a minute`,
  noPace: 'None at the moment',
  paceHint: 'over the last minutes',
  end: 'Last mail expected',
  noEnd: 'Not known',
  endHint: 'if nothing holds it up',
  refused: (reason) => `Refused by the mail provider: ${reason}`,
  reasons: {
    provider_refused: 'this mail or its address',
    too_many_attempts: 'it asked for patience too often',
    provider_dropped: 'the address is on its own list of blocked ones',
    bad_template: 'the mail’s words cannot be used',
    in_doubt_expired: 'Nobody said within a day whether it went: not sent again',
    bad_address: 'The address is none',
    same_address: 'Somebody else with the same address got it',
    window_passed: 'Its time has passed',
    erased: 'Was erased meanwhile',
  },
  heldTitle: 'No mail leaves at the moment',
  heldText: (sentence) => `${sentence} Mails wait where they are and go by themselves once it passes.`,
  toDomain: 'See what is missing',
  pause: 'Pause',
  pauseEffect: (mails) => `Stops at once. ${mails} wait until you resume; mails that are out stay out.`,
  resume: 'Resume',
  resumeEffect: (mails) => `${mails} leave at their hours again; those that are late go first.`,
  paused: 'Paused. No mail leaves until you resume.',
  resumed: 'Resumed. Mails leave at their hours again.',
  minute: (time, mails) => `${time}: ${mails}`,
};

const es: Words = {
  page: {
    back: 'La campaña',
    never: 'Correos que no saldrán, y por qué',
    nobody: 'Hasta ahora todos los correos han podido salir.',
    pace: 'Minuto a minuto',
    pacePicture: 'Correos que salieron en cada uno de los últimos 15 minutos',
    quiet: 'En los últimos 15 minutos no salió ningún correo.',
    facts: 'Hasta dónde ha llegado',
  },
  states: {
    Sending: 'Enviando',
    Paused: 'En pausa',
    Measuring: 'Midiendo',
    Done: 'Terminada',
    Cancelled: 'Cancelada',
    'Waits for you': 'Te espera',
    'Being written': 'Se está escribiendo',
  },
  answers: {
    going: (sent, planned) => `Han salido ${sent} de ${planned} correos.`,
    paused: (sent, planned) => `En pausa. Han salido ${sent} de ${planned} correos; los demás te esperan.`,
    held: (sent, planned) => `Retenida. Han salido ${sent} de ${planned} correos; no se pierde ninguno.`,
    over: (sent, planned) => `El envío ha terminado: salieron ${sent} de ${planned} correos.`,
    notYet: 'No se envía nada: la campaña espera tu aprobación.',
  },
  updates: 'Esta página se actualiza sola.',
  progress: (share) => `Resuelto el ${share} del plan`,
  planned: 'Previstos',
  plannedHint: 'personas a las que escribe el plan',
  sent: 'Enviados',
  sentHint: 'aceptados por el proveedor',
  waiting: 'Por salir',
  waitingHint: 'cada uno a su hora',
  overdueHint: (mails) => `${mails} ya deberían haber salido`,
  inDoubt: 'En duda',
  inDoubtHint: 'se perdió la respuesta del proveedor; nunca se envía dos veces',
  never: 'No saldrán',
  neverHint: 'abajo están los motivos',
  pace: 'Ritmo',
  perMinute: (mails) => `${mails} por minuto`,
  noPace: 'Ahora ninguno',
  paceHint: 'en los últimos minutos',
  end: 'Último correo previsto',
  noEnd: 'No se sabe',
  endHint: 'si nada lo retiene',
  refused: (reason) => `Rechazado por el proveedor: ${reason}`,
  reasons: {
    provider_refused: 'este correo o su dirección',
    too_many_attempts: 'pidió paciencia demasiadas veces',
    provider_dropped: 'la dirección está en su propia lista de bloqueadas',
    bad_template: 'las palabras del correo no sirven',
    in_doubt_expired: 'Nadie dijo en un día si salió: no se envía de nuevo',
    bad_address: 'La dirección no es válida',
    same_address: 'Otra persona con la misma dirección lo recibió',
    window_passed: 'Su momento ha pasado',
    erased: 'Se borró entretanto',
    no_email: 'Sin dirección de correo',
    suppressed: 'La dirección está bloqueada',
    unsubscribed: 'Se dio de baja',
    consent_pending: 'No ha confirmado la suscripción',
    no_consent: 'No permitió correos comerciales',
    consent_expired: 'El permiso ha caducado',
    asked_pause: 'Pidió una pausa',
    asked_topic: 'No quiere correos sobre este tema',
    asked_fewer: 'Pidió menos correos',
    replied: 'Respondió, y contesta una persona',
    ordered_since: 'Compró entretanto',
    capped: 'Ya recibió bastantes correos',
    cancelled: 'La campaña se canceló',
  },
  heldTitle: 'Ahora no sale ningún correo',
  heldText: (sentence) => `${sentence} Los correos esperan donde están y salen solos en cuanto pase.`,
  toDomain: 'Ver qué falta',
  pause: 'Pausar',
  pauseEffect: (mails) => `Para enseguida. ${mails} esperan hasta que sigas; los que han salido quedan fuera.`,
  resume: 'Seguir',
  resumeEffect: (mails) => `${mails} salen de nuevo a su hora; los atrasados van primero.`,
  paused: 'En pausa. No sale ningún correo hasta que sigas.',
  resumed: 'En marcha. Los correos salen de nuevo a su hora.',
  minute: (time, mails) => `${time}: ${mails}`,
};

const WORDS: Record<Language, Words> = { en, es };
const MAILS: Record<Language, [string, string]> = { en: ['mail', 'mails'], es: ['correo', 'correos'] };

export function sendingView(page: CampaignProgress): SendingView {
  const format = storeFormat(page.store);
  const words = WORDS[format.language];
  const { campaign, planned, waiting, inDoubt } = page;
  const never = page.never.reduce((sum, one) => sum + one.mails, 0);
  const settled = planned === 0 ? 0 : (planned - waiting) / planned;
  const badge = stateBadge(campaign.state);
  const moving = campaign.state === 'running' || (campaign.state === 'paused' && inDoubt > 0);
  return {
    language: format.language,
    id: campaign.id,
    title: campaign.name,
    badge: { ...badge, label: words.states[badge.label] ?? badge.label },
    answer: answerOf(format, words, page),
    note: moving ? words.updates : null,
    moving,
    progress: { value: Math.floor(settled * 100), label: words.progress(format.share(settled)) },
    facts: factsOf(format, words, page, never),
    never: page.never.map((one) => ({ reason: reasonOf(words, one), count: format.count(one.mails) })),
    minutes: minutesOf(format, words, page),
    trouble:
      page.held && (campaign.state === 'running' || campaign.state === 'paused')
        ? {
            title: words.heldTitle,
            text: words.heldText(domainSentence(page.held, format.language)),
            link: { url: '/deliverability/domain', label: words.toDomain },
          }
        : null,
    step: stepOf(format, words, page),
    words: words.page,
  };
}

/** What is said when the step was made. */
export function doneWords(page: CampaignProgress, step: 'pause' | 'resume'): string {
  const words = WORDS[storeFormat(page.store).language];
  return step === 'pause' ? words.paused : words.resumed;
}

const mailsOf = (format: Format, count: number): string => format.plural(count, ...MAILS[format.language]);

function answerOf(format: Format, words: Words, page: CampaignProgress): string {
  const counts = [format.count(page.sent), format.count(page.planned)] as const;
  switch (page.campaign.state) {
    case 'running':
      return page.held ? words.answers.held(...counts) : words.answers.going(...counts);
    case 'paused':
      return words.answers.paused(...counts);
    case 'draft':
    case 'awaiting_approval':
      return words.answers.notYet;
    default:
      return words.answers.over(...counts);
  }
}

function factsOf(format: Format, words: Words, page: CampaignProgress, never: number): SendingView['facts'] {
  const { perMinute, until, overdue } = page;
  const pace =
    perMinute === null ? null : perMinute < 10 ? format.decimal(perMinute, 1) : format.count(Math.round(perMinute));
  return [
    { label: words.planned, value: format.count(page.planned), hint: words.plannedHint },
    { label: words.sent, value: format.count(page.sent), hint: words.sentHint },
    {
      label: words.waiting,
      value: format.count(page.waiting),
      hint: overdue > 0 ? words.overdueHint(format.count(overdue)) : words.waitingHint,
    },
    { label: words.inDoubt, value: format.count(page.inDoubt), hint: words.inDoubtHint },
    { label: words.never, value: format.count(never), hint: words.neverHint },
    { label: words.pace, value: pace === null ? words.noPace : words.perMinute(pace), hint: words.paceHint },
    { label: words.end, value: until === null ? words.noEnd : format.time(until), hint: words.endHint },
  ];
}

function reasonOf(words: Words, { reason, refused }: CampaignProgress['never'][number]): string {
  const own = words.reasons[reason] ?? leftOutWords(reason);
  return refused ? words.refused(own) : own;
}

function minutesOf(format: Format, words: Words, { minutes }: CampaignProgress): SendingView['minutes'] {
  const most = Math.max(...minutes.map((one) => one.sent));
  if (most === 0) return [];
  return minutes.map((one) => ({
    label: words.minute(format.time(one.at), mailsOf(format, one.sent)),
    height: one.sent / most,
  }));
}

function stepOf(format: Format, words: Words, page: CampaignProgress): SendingView['step'] {
  const mails = mailsOf(format, page.waiting);
  if (page.campaign.state === 'running') return { name: 'pause', label: words.pause, effect: words.pauseEffect(mails) };
  if (page.campaign.state === 'paused')
    return { name: 'resume', label: words.resume, effect: words.resumeEffect(mails) };
  return null;
}
