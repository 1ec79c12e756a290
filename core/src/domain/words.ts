/** How a sending domain stands, in one sentence: for the page, a refused approval, a campaign that waits. */
import type { DomainCheck } from './domain.store.ts';
import type { Blocker, RowName } from './report.ts';

export type DomainLanguage = 'en' | 'es';

const NAMES: Record<RowName, string> = { spf: 'SPF', dkim: 'DKIM', dmarc: 'DMARC' };
const PROVIDERS: Record<string, string> = { sendgrid: 'SendGrid', resend: 'Resend', smtp: 'SMTP' };

export function providerName(provider: string): string {
  return PROVIDERS[provider] ?? provider;
}

type Sentences = {
  passes: (domain: string) => string;
  unchecked: (domain: string) => string;
  silentGoes: (domain: string) => string;
  silentWaits: (domain: string) => string;
  rows: (domain: string, names: string[]) => string;
} & Record<Blocker, (domain: string, provider: string) => string>;

const WORDS: Record<DomainLanguage, Sentences> = {
  en: {
    passes: (domain) => `Mails from ${domain} pass SPF, DKIM and DMARC.`,
    unchecked: (domain) => `${domain} has not been checked yet; no mail leaves before.`,
    silentGoes: (domain) =>
      `Nobody answers for the DNS of ${domain} at the moment. It passed less than a day ago, so mails go on.`,
    silentWaits: (domain) => `Nobody answers for the DNS of ${domain} at the moment, so no mail leaves.`,
    rows: (domain, names) =>
      `No mail leaves from ${domain}: ${listOf(names, 'and')} ${names.length === 1 ? 'does' : 'do'} not pass.`,
    no_sender: () => 'No mail leaves: the address that mails come from is missing.',
    mailbox_domain: (domain) =>
      `No mail leaves from ${domain}: mailbox providers refuse what others send in their name.`,
    not_added: (domain, provider) => `No mail leaves from ${domain}: ${provider} does not know the domain yet.`,
    not_verified: (domain, provider) =>
      `No mail leaves from ${domain}: the records stand, and ${provider} has not seen them yet.`,
    taken: (domain) => `No mail leaves from ${domain}: another organisation sends from it.`,
    provider_silent: (domain, provider) => `${provider} does not say what ${domain} needs, so no mail leaves.`,
  },
  es: {
    passes: (domain) => `Los correos de ${domain} pasan SPF, DKIM y DMARC.`,
    unchecked: (domain) => `${domain} aún no se ha comprobado; hasta entonces no sale ningún correo.`,
    silentGoes: (domain) =>
      `Nadie responde ahora por el DNS de ${domain}. Pasó hace menos de un día, así que los correos siguen saliendo.`,
    silentWaits: (domain) => `Nadie responde ahora por el DNS de ${domain}, así que no sale ningún correo.`,
    rows: (domain, names) =>
      `No sale ningún correo de ${domain}: ${listOf(names, 'y')} no ${names.length === 1 ? 'pasa' : 'pasan'}.`,
    no_sender: () => 'No sale ningún correo: falta la dirección desde la que se envía.',
    mailbox_domain: (domain) =>
      `No sale ningún correo de ${domain}: los proveedores de buzones rechazan lo que otros envían en su nombre.`,
    not_added: (domain, provider) => `No sale ningún correo de ${domain}: ${provider} aún no conoce el dominio.`,
    not_verified: (domain, provider) =>
      `No sale ningún correo de ${domain}: los registros están, pero ${provider} aún no los ha visto.`,
    taken: (domain) => `No sale ningún correo de ${domain}: otra organización envía desde él.`,
    provider_silent: (domain, provider) => `${provider} no dice qué necesita ${domain}, así que no sale ningún correo.`,
  },
};

export function domainSentence(check: DomainCheck, language: DomainLanguage): string {
  const words = WORDS[language];
  const { domain, report } = check;
  if (domain === '') return words.no_sender('', '');
  if (check.state === 'unchecked' || report === null) return words.unchecked(domain);
  if (check.state === 'passes') return words.passes(domain);
  if (!check.holds) return words.silentGoes(domain);
  if (report.blocker !== null) return words[report.blocker](domain, providerName(check.provider));
  const failing = report.rows.filter((row) => row.state === 'fails').map((row) => NAMES[row.name]);
  return failing.length === 0 ? words.silentWaits(domain) : words.rows(domain, failing);
}

function listOf(names: string[], and: string): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1) ?? ''}`;
}
