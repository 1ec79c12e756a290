/** A picture beside the words, never instead of them. What a later version of Rekindle names is shown with a plain one. */
const ACTIONS = {
  answer: 'utility:reply',
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
  bounced: 'utility:warning',
  unsubscribed: 'utility:ban',
  complained: 'utility:ban',
  replied: 'utility:reply',
  order: 'utility:cart',
  return: 'utility:undo',
  product_viewed: 'utility:preview',
  product_added_to_cart: 'utility:add',
  checkout_started: 'utility:cart',
  checkout_completed: 'utility:cart',
  consent_subscribed: 'utility:check',
  consent_unsubscribed: 'utility:ban',
};

export function actionIcon(code) {
  return ACTIONS[code] ?? 'utility:forward';
}

export function touchIcon(kind) {
  return TOUCHES[kind] ?? 'utility:record';
}
