/** A picture beside the words, never instead of them. What a later version of Rekindle names is shown with a plain one. */
const ACTIONS = {
  write: 'utility:email',
  wait: 'utility:clock',
  ask_consent: 'utility:questions_and_answers',
  check_address: 'utility:search',
  call: 'utility:call',
  none: 'utility:check',
};

const TOUCHES = {
  sent: 'utility:email',
  opened: 'utility:email_open',
  clicked: 'utility:link',
  ordered: 'utility:cart',
  bounced: 'utility:warning',
  unsubscribed: 'utility:ban',
  complained: 'utility:ban',
};

export function actionIcon(code) {
  return ACTIONS[code] ?? 'utility:forward';
}

export function touchIcon(kind) {
  return TOUCHES[kind] ?? 'utility:record';
}
