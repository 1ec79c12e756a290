/** What a store may send in a day, and why not more: the plan of its new domain, or the brake that its own mails have pulled. */
import { DateTime } from 'luxon';
import type { Store } from '../../accounts/index.ts';
import type { StoreTransaction } from '../../database/connect.ts';
import { HEALTH_DAYS, slowedDay, type Health } from './health.ts';
import { sentByDay, underWay } from './pace.store.ts';
import { MEMORY_DAYS, warmUpDay, warmUpPlan, type WarmUpDay } from './warm-up.ts';

export interface Allowance {
  reason: 'warm_up' | 'slowed';
  /** Mails that may go today in all, those that have gone included */
  allowed: number;
  /** Gone today or under way */
  sent: number;
  /** The end of the store's day */
  until: Date;
}

/** Null: as many as there are. Where two limits hold, the smaller one. */
export async function dailyAllowance(
  tx: StoreTransaction,
  store: Store,
  health: Health,
  now: Date,
): Promise<Allowance | null> {
  const warming = store.settings.warmUp;
  if (!warming && health.state !== 'slowed') return null;
  const { until, today, days } = await recentDays(tx, store, now);
  const sent = today + (await underWay(tx));
  const limits: Allowance[] = [];
  const plan = warming ? warmUpDay(busiest(days, MEMORY_DAYS)) : null;
  if (plan) limits.push({ reason: 'warm_up', allowed: plan.allowed, sent, until });
  if (health.state === 'slowed')
    limits.push({ reason: 'slowed', allowed: slowedDay(busiest(days, HEALTH_DAYS)), sent, until });
  return limits.toSorted((one, other) => one.allowed - other.allowed)[0] ?? null;
}

export interface WarmUp {
  domain: string;
  /** The plan from today on, where every day is used in full */
  plan: WarmUpDay[];
  sent: number;
}

/** The plan of a store's domain as a merchant is shown it; null: there is none, or it is over. */
export async function warmUpOf(tx: StoreTransaction, store: Store, now: Date): Promise<WarmUp | null> {
  if (!store.settings.warmUp) return null;
  const { today, days } = await recentDays(tx, store, now);
  const plan = warmUpPlan(busiest(days, MEMORY_DAYS), 14);
  return plan.length === 0 ? null : { domain: domainOf(store), plan, sent: today + (await underWay(tx)) };
}

/** The domain that mails come from. */
export function domainOf({ sender }: Pick<Store, 'sender'>): string {
  return sender.email.slice(sender.email.lastIndexOf('@') + 1).toLowerCase();
}

interface Days {
  until: Date;
  today: number;
  /** Mails of the days before, newest first, from yesterday */
  days: number[];
}

async function recentDays(tx: StoreTransaction, store: Store, now: Date): Promise<Days> {
  const start = DateTime.fromJSDate(now, { zone: store.timeZone }).startOf('day');
  const rows = await sentByDay(tx, {
    domain: domainOf(store),
    from: start.minus({ days: MEMORY_DAYS }).toJSDate(),
    timeZone: store.timeZone,
  });
  const byDay = new Map(rows.map(({ day, sent }) => [day, sent]));
  const on = (day: DateTime): number => byDay.get(day.toFormat('yyyy-MM-dd')) ?? 0;
  return {
    until: start.plus({ days: 1 }).toJSDate(),
    today: on(start),
    days: Array.from({ length: MEMORY_DAYS }, (_, i) => on(start.minus({ days: i + 1 }))),
  };
}

function busiest(days: number[], within: number): number {
  return Math.max(0, ...days.slice(0, within));
}
