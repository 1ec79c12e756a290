/** What the domain page says, in each language. */
import type { Blocker, Language, Problem, RowName } from '@rekindle/core';

type Named = (domain: string, provider: string) => string;

export interface DomainWords {
  page: {
    title: string;
    emailTitle: string;
    email: string;
    emailHelp: string;
    replyTo: string;
    replyToHelp: string;
    save: string;
    saved: string;
    check: string;
    looked: string;
    added: string;
    type: string;
    host: string;
    value: string;
    found: string;
    copy: string;
    copied: string;
    selected: string;
    ask: string;
    met: string;
    unmet: string;
  };
  exempt: (email: string) => string;
  sentBy: (provider: string) => string;
  soon: string;
  checked: (ago: string, next: string) => string;
  states: Record<'passes' | 'fails' | 'silent' | 'unchecked', string>;
  blockers: Record<Blocker, { title: Named; text: Named }>;
  add: (provider: string) => string;
  rows: Record<RowName, { title: string; why: string }>;
  noSelector: string;
  right: string;
  foundNow: (found: string) => string;
  problems: Record<Problem, string>;
  rulesTitle: string;
  rules: Record<'spf' | 'dkim' | 'dmarc' | 'oneClick' | 'visible', string>;
}

const en: DomainWords = {
  page: {
    title: 'Sending domain',
    emailTitle: 'The address that mails come from',
    email: 'Address',
    emailHelp: 'Use one of your own domain. No mail leaves from a new domain before it passes.',
    replyTo: 'Answers go to',
    replyToHelp: 'Empty: to the same address.',
    save: 'Save address',
    saved: 'Saved, and its domain was checked.',
    check: 'Check again',
    looked: 'Checked just now.',
    added: 'Added. The records to set stand below.',
    type: 'Type',
    host: 'Host',
    value: 'Value',
    found: 'Found',
    copy: 'Copy',
    copied: 'Copied',
    selected: 'Marked: copy it with your keyboard',
    ask: 'Only whoever runs your mail server knows it: ask there.',
    met: 'Met',
    unmet: 'Not met yet',
  },
  exempt: (email) =>
    email === ''
      ? 'No mail leaves this machine, so no domain has to be proven here.'
      : `No mail leaves this machine, so the domain of ${email} does not have to be proven here.`,
  sentBy: (provider) => `Mails are sent by ${provider}.`,
  soon: 'The first check starts within seconds.',
  checked: (ago, next) => `Checked ${ago}. Checked again by itself: ${next}.`,
  states: { passes: 'Passes', fails: 'Missing', silent: 'No answer', unchecked: 'Not checked yet' },
  blockers: {
    no_sender: {
      title: () => 'Say which address mails come from',
      text: () => 'Fill it in below. It needs a domain of your own.',
    },
    mailbox_domain: {
      title: (domain) => `Nobody may send in the name of ${domain}`,
      text: () => 'Gmail, Outlook and the others refuse such mails. Use an address of your own domain.',
    },
    not_added: {
      title: (domain, provider) => `${provider} does not know ${domain} yet`,
      text: (_, provider) => `Add it, and ${provider} makes the records that you set in your DNS.`,
    },
    not_verified: {
      title: (_, provider) => `${provider} has not seen the records yet`,
      text: (_, provider) => `They stand in the DNS. ${provider} was asked to look; that can take a few minutes.`,
    },
    taken: {
      title: (domain) => `Another organisation sends from ${domain}`,
      text: () => 'If the domain is yours, ask whoever runs Rekindle for you to release it; a subdomain works at once.',
    },
    provider_silent: {
      title: (domain, provider) => `${provider} does not say what ${domain} needs`,
      text: (_, provider) =>
        `Either ${provider} is away, or its key here may only send: it also needs to read the list of domains. It is asked again by itself.`,
    },
  },
  add: (provider) => `Add it at ${provider}`,
  rows: {
    spf: { title: 'SPF', why: 'Says which servers may send for you.' },
    dkim: { title: 'DKIM', why: 'Signs each mail, so that nobody can change it on the way or write in your name.' },
    dmarc: { title: 'DMARC', why: 'Tells mailboxes to hold SPF and DKIM against the address that people see.' },
  },
  noSelector:
    'Nobody can tell with which key the mail server signs: its name (SMTP_DKIM_SELECTOR) is missing in the configuration.',
  right: 'Right.',
  foundNow: (found) => `There now: ${found}`,
  problems: {
    missing: 'Nothing there yet.',
    other_value: 'Something else is there.',
    two_records: 'More than one record is there: mailboxes then take none. Leave the one that says this.',
    not_named: 'Your record does not name the sender yet.',
    too_many_lookups: 'Your record leads to more than ten others: mailboxes give up. Take out what you no longer use.',
    lets_everybody: 'Your record lets everybody send (+all).',
    bad_record: 'What is there cannot be read.',
    weak_key: 'The key is too short: mailboxes ask for 1,024 bits at least.',
    revoked_key: 'The key was taken back (p= is empty).',
    not_aligned: 'Your record asks for exactly the same domain, and mails are signed for another part of it.',
    silent: 'Your DNS did not answer. It is asked again by itself.',
  },
  rulesTitle: 'What Gmail and Yahoo ask of shops',
  rules: {
    spf: 'SPF passes',
    dkim: 'DKIM passes',
    dmarc: 'DMARC stands, and fits the address that people see',
    oneClick: 'One click unsubscribes, from the mailbox itself: in every mail',
    visible: 'A link to unsubscribe that can be seen: in every mail',
  },
};

const es: DomainWords = {
  page: {
    title: 'Dominio de envío',
    emailTitle: 'La dirección desde la que se envía',
    email: 'Dirección',
    emailHelp: 'Usa una de tu propio dominio. Desde un dominio nuevo no sale ningún correo hasta que pasa.',
    replyTo: 'Las respuestas van a',
    replyToHelp: 'Vacío: a la misma dirección.',
    save: 'Guardar la dirección',
    saved: 'Guardada, y su dominio se ha comprobado.',
    check: 'Comprobar de nuevo',
    looked: 'Comprobado ahora mismo.',
    added: 'Añadido. Los registros que hay que poner están abajo.',
    type: 'Tipo',
    host: 'Nombre',
    value: 'Valor',
    found: 'Encontrado',
    copy: 'Copiar',
    copied: 'Copiado',
    selected: 'Marcado: cópialo con el teclado',
    ask: 'Solo lo sabe quien lleva tu servidor de correo: pregúntalo allí.',
    met: 'Se cumple',
    unmet: 'Aún no se cumple',
  },
  exempt: (email) =>
    `Ningún correo sale de esta máquina, así que aquí no hay que demostrar ${email === '' ? 'ningún dominio' : `el dominio de ${email}`}.`,
  sentBy: (provider) => `Los correos se envían con ${provider}.`,
  soon: 'La primera comprobación empieza en unos segundos.',
  checked: (ago, next) => `Comprobado ${ago}. Se comprueba de nuevo por sí solo: ${next}.`,
  states: { passes: 'Pasa', fails: 'Falta', silent: 'Sin respuesta', unchecked: 'Sin comprobar' },
  blockers: {
    no_sender: {
      title: () => 'Di desde qué dirección se envía',
      text: () => 'Escríbela abajo. Tiene que ser de un dominio tuyo.',
    },
    mailbox_domain: {
      title: (domain) => `Nadie puede enviar en nombre de ${domain}`,
      text: () => 'Gmail, Outlook y los demás rechazan esos correos. Usa una dirección de tu propio dominio.',
    },
    not_added: {
      title: (domain, provider) => `${provider} aún no conoce ${domain}`,
      text: (_, provider) => `Añádelo, y ${provider} prepara los registros que pones en tu DNS.`,
    },
    not_verified: {
      title: (_, provider) => `${provider} aún no ha visto los registros`,
      text: (_, provider) => `Están en el DNS. Se ha pedido a ${provider} que mire; puede tardar unos minutos.`,
    },
    taken: {
      title: (domain) => `Otra organización envía desde ${domain}`,
      text: () => 'Si el dominio es tuyo, pide a quien te lleva Rekindle que lo libere; un subdominio sirve enseguida.',
    },
    provider_silent: {
      title: (domain, provider) => `${provider} no dice qué necesita ${domain}`,
      text: (_, provider) =>
        `O ${provider} no está disponible, o su clave solo permite enviar: también tiene que poder leer la lista de dominios. Se le pregunta de nuevo por sí solo.`,
    },
  },
  add: (provider) => `Añadirlo en ${provider}`,
  rows: {
    spf: { title: 'SPF', why: 'Dice qué servidores pueden enviar por ti.' },
    dkim: { title: 'DKIM', why: 'Firma cada correo, para que nadie lo cambie por el camino ni escriba en tu nombre.' },
    dmarc: { title: 'DMARC', why: 'Pide a los buzones que comparen SPF y DKIM con la dirección que se ve.' },
  },
  noSelector:
    'Nadie puede saber con qué clave firma el servidor de correo: falta su nombre (SMTP_DKIM_SELECTOR) en la configuración.',
  right: 'Correcto.',
  foundNow: (found) => `Ahora hay: ${found}`,
  problems: {
    missing: 'Aún no hay nada.',
    other_value: 'Hay otra cosa.',
    two_records: 'Hay más de un registro: los buzones no toman ninguno. Deja el que dice esto.',
    not_named: 'Tu registro aún no nombra a quien envía.',
    too_many_lookups: 'Tu registro lleva a más de otros diez: los buzones se rinden. Quita lo que ya no usas.',
    lets_everybody: 'Tu registro deja enviar a todo el mundo (+all).',
    bad_record: 'Lo que hay no se puede leer.',
    weak_key: 'La clave es demasiado corta: los buzones piden al menos 1.024 bits.',
    revoked_key: 'La clave se ha retirado (p= está vacío).',
    not_aligned: 'Tu registro pide exactamente el mismo dominio, y los correos se firman para otra parte de él.',
    silent: 'Tu DNS no ha respondido. Se le pregunta de nuevo por sí solo.',
  },
  rulesTitle: 'Lo que Gmail y Yahoo piden a las tiendas',
  rules: {
    spf: 'SPF pasa',
    dkim: 'DKIM pasa',
    dmarc: 'DMARC está, y concuerda con la dirección que se ve',
    oneClick: 'Un clic da de baja, desde el propio buzón: en cada correo',
    visible: 'Un enlace visible para darse de baja: en cada correo',
  },
};

export const DOMAIN_WORDS: Record<Language, DomainWords> = { en, es };
