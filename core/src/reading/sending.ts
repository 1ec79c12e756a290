/**
 * How mails leave at present: the warm-up's day and what it still allows, the paces in force, whether complaints or bounces have
 * slowed the store down or stopped it and why, what waits, and what went by the hour. For the page that one watches sending on,
 * and for every page that must say that nothing goes. Reads only.
 */
import { loadStore } from '../accounts/index.ts';
import {
  paceAt,
  mailboxPaces,
  readProviderPace,
  sendingState,
  troublesSince,
  healthFrom,
  warmUpOf,
  type HealthReason,
  type HeldReason,
  type MailboxProvider,
  type WarmUpDay,
} from '../delivery/index.ts';
import type { Engine } from '../engine.ts';
import { hoursGain, type HoursGain } from '../measurement/index.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import { sendsByHour, waitingMails, type SendHour, type WaitingMails } from './sending.store.ts';

export interface SendingPage {
  store: StoreFacts;
  /** slowed: a quarter of the busiest day; stopped: nothing goes until goOnSending */
  state: 'normal' | 'slowed' | 'stopped';
  /** Why slowed or stopped, with the figures that it was judged by; null: normal */
  reason: HealthReason | null;
  since: Date | null;
  /** Complaints and hard bounces about the mails of the last seven days, or since somebody let the store go on */
  lately: { from: Date; sent: number; complaints: number; bounces: number };
  /** Nothing goes before `until`; null: nothing holds mails back */
  held: { until: Date; reason: HeldReason } | null;
  /** The plan of a new sending domain; null: there is none, or it is over */
  warmUp: {
    domain: string;
    /** Day of the plan, from 1 */
    day: number;
    /** Mails that may go today in all, those that went and those that may still go */
    allowed: number;
    sent: number;
    left: number;
    /** From today on, where every day is used in full */
    plan: WarmUpDay[];
  } | null;
  pace: {
    /** Requests a second to the e-mail provider, over all stores; null: as fast as we can. */
    provider: { name: string; requestsPerSecond: number | null; blockedUntil: Date | null };
    /** Mails a second to providers of mailboxes that asked for patience */
    mailboxes: { mailbox: MailboxProvider; mailsPerSecond: number }[];
    /** What the merchant has set; null: no limit */
    hourlyLimit: number | null;
  };
  /** What picking each person's hour has brought over all campaigns, against a random hour; null before the first look */
  hoursGain: HoursGain | null;
  waiting: WaitingMails;
  /** Mails that went in each of the last 48 hours, by mailbox provider, oldest first; hours without any are left out */
  hours: SendHour[];
}

export async function readSending(
  engine: Pick<Engine, 'database' | 'clock' | 'email'>,
  storeId: string,
): Promise<SendingPage> {
  return engine.database.inStore(storeId, async (tx) => {
    const now = engine.clock.now();
    const store = await loadStore(tx);
    const state = await sendingState(tx, { hold: false });
    const from = healthFrom(state, now);
    const warmUp = await warmUpOf(tx, store, now);
    const today = warmUp?.plan[0];
    const provider = await readProviderPace(tx, engine.email.name);
    const paces = await mailboxPaces(tx, { hold: false });
    return {
      store: factsOf(store, now),
      state: state.health.state,
      reason: state.health.reason,
      since: state.since,
      lately: { from, ...(await troublesSince(tx, from, now)) },
      held:
        state.heldUntil && state.heldReason && state.heldUntil > now
          ? { until: state.heldUntil, reason: state.heldReason }
          : null,
      warmUp:
        warmUp && today
          ? {
              domain: warmUp.domain,
              ...today,
              sent: warmUp.sent,
              left: Math.max(0, today.allowed - warmUp.sent),
              plan: warmUp.plan,
            }
          : null,
      pace: {
        provider: {
          name: engine.email.name,
          requestsPerSecond: provider.rate && paceAt(provider.rate, now),
          blockedUntil: provider.blockedUntil && provider.blockedUntil > now ? provider.blockedUntil : null,
        },
        mailboxes: [...paces].flatMap(([mailbox, rate]) => {
          const mailsPerSecond = paceAt(rate, now);
          return mailsPerSecond === null ? [] : [{ mailbox: mailbox as MailboxProvider, mailsPerSecond }];
        }),
        hourlyLimit: store.settings.hourlyLimit,
      },
      hoursGain: await hoursGain(tx, store, now),
      waiting: await waitingMails(tx, now),
      hours: await sendsByHour(tx, new Date(now.getTime() - 48 * 3_600_000)),
    };
  });
}
