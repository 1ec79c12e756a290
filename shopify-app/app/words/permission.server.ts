/** Whether this person may be mailed, on what ground, and until when. */
import { wishSentences, type CustomerPage } from '@rekindle/core';
import { daysBetween, LANGUAGE, type Format } from './format.server.ts';
import { leftOutWords } from './left-out.server.ts';

export interface PermissionView {
  allowed: boolean;
  headline: string;
  clock: string;
  history: { text: string; when: string }[];
  /** What the person asked for on the preference page */
  wishes: string[];
}

const GROUNDS: Record<string, string> = {
  express: 'said yes to marketing mail',
  soft_opt_in: 'bought here and did not object (soft opt-in)',
  implied: 'bought here (implied consent)',
  inferred: 'is a customer (inferred consent)',
  legitimate_interest: 'is a customer (legitimate interest)',
  opt_out: 'may be written to until they object',
  enquiry: 'asked and left an address',
};

const SAID: Record<string, string> = {
  subscribed: 'Subscribed',
  unsubscribed: 'Unsubscribed',
  pending: 'Asked to subscribe, not confirmed',
  not_asked: 'Was not asked',
};

const SOURCES: Record<string, string> = {
  csv: 'the order log',
  public: 'the link in a mail',
  sendgrid: 'SendGrid, of a mail',
  resend: 'Resend, of a mail',
  shopify: 'Shopify',
};

export function permissionView(format: Format, page: CustomerPage): PermissionView {
  const { consent, customer, store, wishes: asked } = page;
  const reader = { language: LANGUAGE, timeZone: store.timeZone } as const;
  const wishes = wishSentences(asked.preference, asked.topics, reader, store.now);
  const history = consent.history.map((one) => ({
    text: `${SAID[one.state] ?? one.state}${one.basis === 'double_opt_in' ? ', confirmed by mail' : ''}, told by ${SOURCES[one.source] ?? one.source}`,
    when: format.fullDay(one.at),
  }));
  const no = (why: string, clock: string): PermissionView => ({
    allowed: false,
    headline: `May not be mailed: ${why}.`,
    clock,
    history,
    wishes,
  });
  if (!customer.email)
    return no('no e-mail address is known', 'As soon as the shop learns an address, this is looked at anew.');
  if (consent.suppressed)
    return no(leftOutWords(consent.suppressed).toLowerCase(), 'The address is blocked for every campaign.');
  const { permission, clock } = consent;
  if (!permission.allowed)
    return no(
      leftOutWords(permission.reason).toLowerCase(),
      clock.basis !== null && clock.expiresAt
        ? `It ran out on ${format.fullDay(clock.expiresAt)}. A new order starts it anew.`
        : 'Only a new, clear yes changes that.',
    );
  const ground = `May be mailed: ${GROUNDS[permission.basis] ?? permission.basis}.`;
  const expires = clock.basis === null ? null : clock.expiresAt;
  return {
    allowed: true,
    headline: ground,
    clock: expires
      ? `Runs out on ${format.fullDay(expires)}, in ${format.days(daysBetween(store.now, expires))}.`
      : 'Does not run out; every mail has a link to unsubscribe.',
    history,
    wishes,
  };
}
