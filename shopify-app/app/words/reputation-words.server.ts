/** What the reputation page says, in each language. */
import type { Language, MailboxProvider, Standing } from '@rekindle/core';

export interface ReputationWords {
  page: {
    title: string;
    domain: string;
    byMailbox: string;
    codes: string;
    code: string;
    mails: string;
    meaning: string;
    trend: string;
    caption: string;
    numbers: string;
    day: string;
    sent: string;
    complaints: string;
    bounces: string;
    noTrend: string;
    noBounces: string;
    span: string;
  };
  mail: string;
  mails: string;
  noMails: string;
  note: (mails: string, days: number) => string;
  span: (days: number) => string;
  empty: { title: string; text: string };
  answers: Record<Standing, (complaints: string, bounces: string) => string>;
  complaints: string;
  hardBounces: string;
  bound: (good: string, bad: string) => string;
  standings: Record<Standing, string>;
  next: {
    title: string;
    complaints: string[];
    bounces: string[];
    oneMailbox: (name: string) => string;
    few: (mails: string) => string;
    nothing: string;
  };
  columns: string[];
  mailboxes: Record<MailboxProvider, string>;
  noCode: string;
  /** By class of the code, or by its first figure */
  codes: Record<string, string>;
  finding: (complaints: string, bounces: string) => string;
  unit: string;
}

const en: ReputationWords = {
  page: {
    title: 'Deliverability',
    domain: 'Sending domain',
    byMailbox: 'By who runs the mailbox',
    codes: 'Why mails bounced',
    code: 'Code',
    mails: 'Mails',
    meaning: 'What it means',
    trend: 'Day by day',
    caption: 'Share of the mails of each day that were called spam or bounced for good',
    numbers: 'See the numbers',
    day: 'Day',
    sent: 'Mails',
    complaints: 'Called spam',
    bounces: 'Bounced for good',
    noTrend: 'Nothing was called spam and nothing bounced for good, on no day.',
    noBounces: 'No mail bounced.',
    span: 'Days to look at',
  },
  mail: 'mail',
  mails: 'mails',
  noMails: 'No mail has gone out in these days.',
  note: (mails, days) => `Of ${mails} in ${String(days)} days. Events of the last minutes may be missing.`,
  span: (days) => `${String(days)} days`,
  empty: {
    title: 'What mailboxes say of your mails will be here',
    text: 'As soon as mails go out: how many were called spam, bounced or were put off, by Gmail, Outlook, Yahoo and the others.',
  },
  answers: {
    few: (complaints, bounces) =>
      `As far as so few mails can tell, they arrive: ${complaints} were called spam, ${bounces} bounced for good.`,
    good: (complaints, bounces) => `Yes, mails arrive: ${complaints} were called spam, ${bounces} bounced for good.`,
    high: (complaints, bounces) =>
      `Mails arrive, but not for long like this: ${complaints} were called spam, ${bounces} bounced for good.`,
    too_high: (complaints, bounces) =>
      `Mailboxes are about to refuse your mails: ${complaints} were called spam, ${bounces} bounced for good.`,
  },
  complaints: 'Called spam',
  hardBounces: 'Bounced for good',
  bound: (good, bad) => `stay under ${good}, never reach ${bad}`,
  standings: { good: 'Good', few: 'Too few to judge', high: 'Too many', too_high: 'Far too many' },
  next: {
    title: 'What to do next',
    complaints: [
      'Write to fewer people: only to those who bought or clicked in the last months.',
      'Look at the newest mail: does it say from whom it is, and why it comes? A pause does less harm than a complaint.',
    ],
    bounces: [
      'Addresses that bounced for good are left out from now on. Look where they come from: an old list, or a form without a check?',
    ],
    oneMailbox: (name) => `Most complaints come from ${name}: begin there.`,
    few: (mails) => `${mails} mails are too few to judge a share by. Nothing to do.`,
    nothing: 'Nothing. Both shares are where mailboxes want them.',
  },
  columns: [
    'MailboxProvider',
    'Mails',
    'Called spam',
    'Bounced for good',
    'Bounced for now',
    'Put off',
    'Unsubscribed',
  ],
  mailboxes: {
    gmail: 'Gmail',
    microsoft: 'Outlook and Hotmail',
    yahoo: 'Yahoo and AOL',
    apple: 'iCloud',
    gmx: 'GMX and Web.de',
    orange: 'Orange',
    other: 'All others',
  },
  noCode: 'None given',
  codes: {
    '5.1': 'There is no such address.',
    '5.2': 'The mailbox is full or closed.',
    '5.3': 'The mail server cannot take it.',
    '5.4': 'The mail server was not found.',
    '5.5': 'The mail server did not understand.',
    '5.6': 'The mail’s form was not taken.',
    '5.7': 'The mailbox does not trust the sender: look at the sending domain and at complaints.',
    '5.': 'The mailbox refused for good.',
    '4.2': 'The mailbox is full for now.',
    '4.4': 'The mail server was away.',
    '4.7': 'The mailbox takes fewer mails from you for now: the pace follows by itself.',
    '4.': 'The mailbox refused for now.',
  },
  finding: (complaints, bounces) => `${complaints} of the mails were called spam and ${bounces} bounced for good.`,
  unit: '% of the day’s mails',
};

const es: ReputationWords = {
  page: {
    title: 'Entregabilidad',
    domain: 'Dominio de envío',
    byMailbox: 'Por proveedor de buzón',
    codes: 'Por qué rebotaron los correos',
    code: 'Código',
    mails: 'Correos',
    meaning: 'Qué significa',
    trend: 'Día a día',
    caption: 'Parte de los correos de cada día que se marcó como spam o rebotó para siempre',
    numbers: 'Ver los números',
    day: 'Día',
    sent: 'Correos',
    complaints: 'Marcados como spam',
    bounces: 'Rebotados para siempre',
    noTrend: 'Ningún día se marcó nada como spam ni rebotó nada para siempre.',
    noBounces: 'No rebotó ningún correo.',
    span: 'Días que se miran',
  },
  mail: 'correo',
  mails: 'correos',
  noMails: 'En estos días no ha salido ningún correo.',
  note: (mails, days) => `De ${mails} en ${String(days)} días. Puede faltar lo de los últimos minutos.`,
  span: (days) => `${String(days)} días`,
  empty: {
    title: 'Aquí estará lo que los buzones dicen de tus correos',
    text: 'En cuanto salgan correos: cuántos se marcaron como spam, rebotaron o se aplazaron, en Gmail, Outlook, Yahoo y los demás.',
  },
  answers: {
    few: (complaints, bounces) =>
      `Hasta donde tan pocos correos permiten ver, llegan: el ${complaints} se marcó como spam y el ${bounces} rebotó para siempre.`,
    good: (complaints, bounces) =>
      `Sí, los correos llegan: el ${complaints} se marcó como spam y el ${bounces} rebotó para siempre.`,
    high: (complaints, bounces) =>
      `Los correos llegan, pero así no por mucho tiempo: el ${complaints} se marcó como spam y el ${bounces} rebotó para siempre.`,
    too_high: (complaints, bounces) =>
      `Los buzones están a punto de rechazar tus correos: el ${complaints} se marcó como spam y el ${bounces} rebotó para siempre.`,
  },
  complaints: 'Marcados como spam',
  hardBounces: 'Rebotados para siempre',
  bound: (good, bad) => `por debajo del ${good}, nunca el ${bad}`,
  standings: { good: 'Bien', few: 'Muy pocos para juzgar', high: 'Demasiados', too_high: 'Muy por encima' },
  next: {
    title: 'Qué hacer ahora',
    complaints: [
      'Escribe a menos personas: solo a quienes compraron o hicieron clic en los últimos meses.',
      'Mira el correo más reciente: ¿dice de quién es y por qué llega? Una pausa hace menos daño que una queja.',
    ],
    bounces: [
      'Las direcciones que rebotaron para siempre ya no reciben nada. Mira de dónde vienen: ¿una lista vieja, un formulario sin comprobación?',
    ],
    oneMailbox: (name) => `La mayoría de las quejas viene de ${name}: empieza por ahí.`,
    few: (mails) => `${mails} correos son pocos para juzgar una parte. No hay nada que hacer.`,
    nothing: 'Nada. Las dos partes están donde los buzones las quieren.',
  },
  columns: [
    'Buzón',
    'Correos',
    'Marcados como spam',
    'Rebotados para siempre',
    'Rebotados por ahora',
    'Aplazados',
    'Bajas',
  ],
  mailboxes: {
    gmail: 'Gmail',
    microsoft: 'Outlook y Hotmail',
    yahoo: 'Yahoo y AOL',
    apple: 'iCloud',
    gmx: 'GMX y Web.de',
    orange: 'Orange',
    other: 'Todos los demás',
  },
  noCode: 'No se dijo',
  codes: {
    '5.1': 'Esa dirección no existe.',
    '5.2': 'El buzón está lleno o cerrado.',
    '5.3': 'El servidor de correo no puede tomarlo.',
    '5.4': 'No se encontró el servidor de correo.',
    '5.5': 'El servidor de correo no entendió.',
    '5.6': 'La forma del correo no se aceptó.',
    '5.7': 'El buzón no se fía de quien envía: mira el dominio de envío y las quejas.',
    '5.': 'El buzón rechazó para siempre.',
    '4.2': 'El buzón está lleno por ahora.',
    '4.4': 'El servidor de correo no estaba.',
    '4.7': 'El buzón toma por ahora menos correos tuyos: el ritmo se ajusta por sí solo.',
    '4.': 'El buzón rechazó por ahora.',
  },
  finding: (complaints, bounces) =>
    `El ${complaints} de los correos se marcó como spam y el ${bounces} rebotó para siempre.`,
  unit: '% de los correos del día',
};

export const REPUTATION_WORDS: Record<Language, ReputationWords> = { en, es };
