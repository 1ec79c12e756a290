/** Mails that left → how many went to whom in this hour. */
import type { StoreTransaction } from '../../database/connect.ts';
import type { MailBatch } from '../../ports.ts';
import { mailboxOf } from './mailbox.ts';
import { countSent } from './pace.store.ts';

const HOUR = 3_600_000;

/** Counts a batch that a provider took, or may have taken. */
export async function countBatch(tx: StoreTransaction, mail: MailBatch, now: Date): Promise<void> {
  const byMailbox = new Map<string, number>();
  for (const { email } of mail.recipients) {
    const mailbox = mailboxOf(email);
    byMailbox.set(mailbox, (byMailbox.get(mailbox) ?? 0) + 1);
  }
  const { email } = mail.from;
  await countSent(tx, {
    hour: new Date(Math.floor(now.getTime() / HOUR) * HOUR),
    domain: email.slice(email.lastIndexOf('@') + 1).toLowerCase(),
    byMailbox,
  });
}
