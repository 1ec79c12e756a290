/** Do mails arrive? What mailboxes and people said of them, by who runs the mailbox, against the bounds. Reads only. */
import { loadStore } from '../accounts/index.ts';
import { MAILBOX_PROVIDERS, mailboxOf, type MailboxProvider } from '../delivery/index.ts';
import type { Engine } from '../engine.ts';
import { factsOf, type StoreFacts } from './facts.ts';
import { remember } from './remember.ts';
import { mailsByDay, sentByDomain, troublesByDomain, type DayOfMails } from './reputation.store.ts';

/**
 * Shares of mails. Complaints: under the first Gmail and Yahoo are content, from the second on they refuse ("Email sender
 * guidelines", support.google.com/a/answer/81126). Hard bounces: what Amazon SES asks for, and where it puts an account under
 * review ("Sending review process FAQs", docs.aws.amazon.com/ses).
 */
export const BOUNDS = {
  complaints: { good: 0.001, bad: 0.003 },
  bounces: { good: 0.02, bad: 0.05 },
} as const;

/** Fewer say nothing: one complaint of a hundred mails is no share. */
export const LEAST = { complaints: 3, bounces: 10 } as const;

export const SPANS = [7, 30, 90] as const;
export type SpanDays = (typeof SPANS)[number];

export interface Received {
  sent: number;
  complaints: number;
  hardBounces: number;
  softBounces: number;
  deferrals: number;
  unsubscribes: number;
}

/** few: above a bound, by so few mails that chance does it */
export type Standing = 'good' | 'few' | 'high' | 'too_high';

export interface ReputationPage {
  store: StoreFacts;
  days: SpanDays;
  all: Received;
  /** Those that got mails, in the order of MAILBOX_PROVIDERS */
  mailboxes: (Received & { mailbox: MailboxProvider })[];
  /** Bounces by the class of their code (RFC 3463), most frequent first; null: none was given */
  codes: { code: string | null; permanent: boolean; mails: number }[];
  trend: DayOfMails[];
}

const DAY = 86_400_000;
/** Counted anew after so long: a look over 90 days goes through every mail of them. */
const FRESH_MS = 300_000;

export async function readReputation(engine: Engine, storeId: string, days: SpanDays): Promise<ReputationPage> {
  const now = engine.clock.now();
  const version = Math.floor(now.getTime() / FRESH_MS);
  const store = await engine.database.inStore(storeId, loadStore);
  const counted = await remember(engine.database, { storeId, what: `reputation ${String(days)}`, version }, () =>
    engine.database.inStore(storeId, async (tx) => {
      const from = new Date(now.getTime() - days * DAY);
      return {
        sent: await sentByDomain(tx, from),
        troubles: await troublesByDomain(tx, from),
        trend: await mailsByDay(tx, from, store.timeZone),
      };
    }),
  );
  const by = new Map<MailboxProvider, Received>();
  const at = (domain: string): Received => {
    const mailbox = mailboxOf(`@${domain}`);
    const received = by.get(mailbox) ?? nothing();
    by.set(mailbox, received);
    return received;
  };
  for (const { domain, sent } of counted.sent) at(domain).sent += sent;
  for (const { domain, kind, permanent, mails } of counted.troubles) at(domain)[columnOf(kind, permanent)] += mails;
  const mailboxes = MAILBOX_PROVIDERS.flatMap((mailbox) => {
    const received = by.get(mailbox);
    return received && received.sent > 0 ? [{ mailbox, ...received }] : [];
  });
  return {
    store: factsOf(store, now),
    days,
    all: mailboxes.reduce<Received>((sum, one) => add(sum, one), nothing()),
    mailboxes,
    codes: codesOf(counted.troubles),
    trend: counted.trend,
  };
}

/** How a count of complaints or hard bounces stands. Pure. */
export function standingOf(what: keyof typeof BOUNDS, count: number, sent: number): Standing {
  const { good, bad } = BOUNDS[what];
  if (count === 0 || count < good * sent) return 'good';
  if (count < LEAST[what]) return 'few';
  return count < bad * sent ? 'high' : 'too_high';
}

const nothing = (): Received => ({
  sent: 0,
  complaints: 0,
  hardBounces: 0,
  softBounces: 0,
  deferrals: 0,
  unsubscribes: 0,
});

function columnOf(kind: string, permanent: boolean): Exclude<keyof Received, 'sent'> {
  if (kind === 'bounce') return permanent ? 'hardBounces' : 'softBounces';
  if (kind === 'complaint') return 'complaints';
  return kind === 'deferred' ? 'deferrals' : 'unsubscribes';
}

function add(one: Received, other: Received): Received {
  return {
    sent: one.sent + other.sent,
    complaints: one.complaints + other.complaints,
    hardBounces: one.hardBounces + other.hardBounces,
    softBounces: one.softBounces + other.softBounces,
    deferrals: one.deferrals + other.deferrals,
    unsubscribes: one.unsubscribes + other.unsubscribes,
  };
}

function codesOf(troubles: { kind: string; permanent: boolean; code: string | null; mails: number }[]) {
  const sums = new Map<string, { code: string | null; permanent: boolean; mails: number }>();
  for (const { kind, permanent, code, mails } of troubles) {
    if (kind !== 'bounce') continue;
    const key = `${String(permanent)} ${code ?? ''}`;
    sums.set(key, { code, permanent, mails: mails + (sums.get(key)?.mails ?? 0) });
  }
  return [...sums.values()].toSorted((one, other) => other.mails - one.mails);
}
