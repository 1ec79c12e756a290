/**
 * Names of domains against each other: what DMARC calls alignment. Receivers find the organisation's domain by a list of
 * public suffixes or by walking up the DNS tree; we need neither, for the shorter of two names is always one that a provider
 * or the store itself has proven, and nobody proves a public suffix.
 */

/** A name as it is compared: small letters, no dot at the end. */
export function nameOf(text: string): string {
  return text.trim().toLowerCase().replace(/\.$/, '');
}

/** Domain of an address; undefined where it has none. */
export function domainOf(email: string): string | undefined {
  const domain = nameOf(email.slice(email.lastIndexOf('@') + 1));
  return email.includes('@') && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain)
    ? domain
    : undefined;
}

/** Whether one name is the other, or lies in it. */
export function within(inner: string, outer: string): boolean {
  return inner === outer || inner.endsWith(`.${outer}`);
}

/** RFC 7489, 3.1: `strict` wants the same name, relaxed the same organisation. */
export function aligned(from: string, other: string, strict: boolean): boolean {
  return strict ? from === other : within(from, other) || within(other, from);
}

/** The name and those above it, down to two labels, as DMARC's tree walk asks them. */
export function upwards(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, place) => labels.slice(place).join('.'));
}

/** Domains of mailbox providers: they tell receivers to refuse what others send in their name. */
const MAILBOXES =
  /^(gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|rocketmail|aol|icloud|me|mac|gmx|web|mail|proton|protonmail|yandex|zoho)\.(com|net|de|es|fr|it|at|ch|me|ru|co\.uk|com\.br|com\.mx|com\.ar)$/;

export function isMailboxDomain(domain: string): boolean {
  return MAILBOXES.test(domain);
}
