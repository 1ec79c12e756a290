/** Reasons why somebody gets no mail, in a shopkeeper's words. */
const WORDS: Record<string, string> = {
  no_email: 'No e-mail address',
  suppressed: 'Address is blocked (bounced, complained or unsubscribed before)',
  unsubscribed: 'Unsubscribed',
  consent_pending: 'Has not confirmed the subscription',
  no_consent: 'Did not allow marketing mail',
  consent_expired: 'Permission has run out',
  asked_pause: 'Asked for a pause',
  asked_topic: 'Does not want mails on this topic',
  asked_fewer: 'Asked for fewer mails',
  replied: 'Wrote back, and a person answers',
  not_enough_data: 'Too few orders to judge',
  ordered_recently: 'Ordered in the last days',
  ordered_since: 'Ordered meanwhile',
  capped: 'Had enough mails lately',
  would_leave: 'One more mail would likely make them unsubscribe',
  sleeping_dog: 'Order more without a mail than with one',
  beyond_limit: 'Beyond the most people you set for a campaign',
  store_control: 'Never gets mail, to measure the whole',
  paused: 'The campaign was paused',
  cancelled: 'The campaign was cancelled',
  hard_bounce: 'The mailbox does not exist',
};

export function leftOutWords(reason: string): string {
  return (
    WORDS[reason] ??
    (reason === '' ? 'No reason was noted' : reason.replaceAll('_', ' ').replace(/^./, (c) => c.toUpperCase()))
  );
}
