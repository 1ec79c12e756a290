/** One variant and its recipients → the batch that a provider gets. Nothing of ours but the message's id leaves with it. */
import type { Store } from '../accounts/index.ts';
import { gapMark, type RenderPlan } from '../generation/index.ts';
import type { Keys, MailBatch, MailRecipient } from '../ports.ts';
import { replyName } from '../replies/index.ts';
import { linkAddress } from './tokens.ts';

export interface Recipient {
  messageId: string;
  customerId: string;
  email: string;
  firstName: string | null;
  /** Whether this mail may carry what counts opens and clicks, where the store counts them */
  counted: boolean;
}

export interface Sender {
  store: Store;
  keys: Keys;
  publicUrl: string;
  /** Domain at which answers come back to us; absent: they go to the store's own address */
  replyDomain?: string | undefined;
}

/** The batch for these recipients. `batchId` is new for every attempt. */
export function mailBatch(sender: Sender, plan: RenderPlan, batchId: string, recipients: Recipient[]): MailBatch {
  const { email, name } = sender.store.sender;
  const mails = recipients.map((recipient) => mailFor(sender, plan, recipient));
  return { batchId, from: { email, name }, ...answerable(sender, mails), template: plan.template };
}

/** Whom answers go to: the store, or an address of ours that names the mail, in one gap more than the words have. */
function answerable(
  { store, keys, replyDomain }: Sender,
  mails: MailRecipient[],
): Pick<MailBatch, 'replyTo' | 'recipients'> {
  const { replyTo } = store.sender;
  if (replyDomain === undefined) return { replyTo: replyTo === '' ? undefined : replyTo, recipients: mails };
  const name = (messageId: string): string => replyName(keys, { storeId: store.id, messageId });
  return {
    replyTo: `${gapMark(mails[0]?.gaps.length ?? 0)}@${replyDomain}`,
    recipients: mails.map((mail) => ({ ...mail, gaps: [...mail.gaps, name(mail.messageId)] })),
  };
}

function mailFor({ store, keys, publicUrl }: Sender, plan: RenderPlan, to: Recipient): MailRecipient {
  const link = { storeId: store.id, messageId: to.messageId };
  const person = { ...link, customerId: to.customerId };
  const { opens, clicks } = store.settings.tracking;
  const shop = shopUrl(store);
  const unsubscribe = linkAddress(keys, publicUrl, { kind: 'unsubscribe', ...person });
  return {
    messageId: to.messageId,
    email: to.email,
    gaps: plan.fill({
      customer: { first_name: to.firstName },
      link: {
        shop: clicks && to.counted ? linkAddress(keys, publicUrl, { kind: 'click', ...link, url: shop }) : shop,
        unsubscribe,
        preferences: linkAddress(keys, publicUrl, { kind: 'preferences', ...person }),
        open: opens && to.counted ? linkAddress(keys, publicUrl, { kind: 'open', ...link }) : null,
      },
    }),
    // RFC 8058: one address that a POST without cookies unsubscribes at.
    headers: {
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
}

/** Where the button leads. A store that told no website has at least the domain it mails from. */
function shopUrl(store: Store): string {
  if (/^https?:\/\//.test(store.website)) return store.website;
  return `https://${store.website === '' ? (store.sender.email.split('@')[1] ?? '') : store.website}`;
}
