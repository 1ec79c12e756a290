/**
 * Who runs a mailbox, by its domain. Providers judge a sender over all of their domains together, so paces, bounces and
 * complaints are counted by these. Pure.
 */
export const MAILBOX_PROVIDERS = ['gmail', 'microsoft', 'yahoo', 'apple', 'gmx', 'orange', 'other'] as const;
export type MailboxProvider = (typeof MAILBOX_PROVIDERS)[number];

/** Domains that stand for a family under any ending: hotmail.es, yahoo.co.jp … */
const FAMILIES: Record<string, MailboxProvider> = {
  hotmail: 'microsoft',
  outlook: 'microsoft',
  live: 'microsoft',
  yahoo: 'yahoo',
  ymail: 'yahoo',
  gmx: 'gmx',
};

const DOMAINS: Record<string, MailboxProvider> = {
  'gmail.com': 'gmail',
  'googlemail.com': 'gmail',
  'msn.com': 'microsoft',
  'passport.com': 'microsoft',
  'rocketmail.com': 'yahoo',
  'aol.com': 'yahoo',
  'icloud.com': 'apple',
  'me.com': 'apple',
  'mac.com': 'apple',
  'web.de': 'gmx',
  'mail.com': 'gmx',
  'orange.fr': 'orange',
  'wanadoo.fr': 'orange',
};

/** The provider of an address. Companies that have their mail run by one of these cannot be told from others. */
export function mailboxOf(email: string): MailboxProvider {
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return DOMAINS[domain] ?? FAMILIES[domain.slice(0, domain.indexOf('.'))] ?? 'other';
}
