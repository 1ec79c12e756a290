/**
 * What was known at an instant of the past. A platform tells of things when it is pulled: what happened after its last pull
 * before an instant was not known then, however early it is dated. Pure.
 */
import { mayMail, type Permission } from '../consent/index.ts';
import { dayCounter, type PersonTotals } from '../scoring/index.ts';
import type { Dossier, KeptConsent, KeptOrder } from './dossier.ts';

type Known = Pick<Dossier, 'imports' | 'orders' | 'consents' | 'customer' | 'suppression'>;

/** Up to when this source had told, at `at`. One that is never pulled tells at once. */
export function toldUntil(imports: Dossier['imports'], source: string, at: Date): Date {
  const last = imports.findLast((one) => one.platform === source && one.at <= at);
  return last?.at ?? at;
}

export function ordersKnown({ imports, orders }: Known, at: Date): KeptOrder[] {
  return orders.filter((order) => order.at <= toldUntil(imports, order.platform, at));
}

/** The newest word of the person on marketing mail. */
export function consentKnown({ imports, consents }: Known, at: Date): KeptConsent | undefined {
  return consents.findLast((consent) => consent.at <= toldUntil(imports, consent.source, at));
}

export function lastSaleKnown(known: Known, at: Date): Date | null {
  return ordersKnown(known, at).findLast(({ kind }) => kind === 'sale')?.at ?? null;
}

export function isSuppressed({ suppression }: Known, at: Date): boolean {
  return suppression !== undefined && suppression.at <= at;
}

/** core/consent's answer with what was known at `at`; the country is the one that is known today. */
export function permissionAt(known: Known, at: Date): Permission {
  return mayMail({
    country: known.customer?.country ?? null,
    consent: consentKnown(known, at),
    lastSaleAt: lastSaleKnown(known, at),
    now: at,
  });
}

export interface Totals extends PersonTotals {
  orders: number;
  firstAt: Date;
  lastAt: Date;
}

/** What buying looked like, from the orders themselves, by the rule of ingest's totals; undefined without a sale. */
export function totalsOf(orders: KeptOrder[], timeZone: string): Totals | undefined {
  const dayOf = dayCounter(timeZone);
  const sales = orders.filter(({ kind }) => kind === 'sale');
  const [first, last] = [sales[0], sales.at(-1)];
  if (!first || !last) return undefined;
  const sum = (some: KeptOrder[]): number => some.reduce((total, { amount }) => total + amount, 0);
  const firstDay = dayOf(first.at);
  return {
    purchaseDays: new Set(sales.map(({ at }) => dayOf(at))).size,
    orders: sales.length,
    firstDay,
    lastDay: dayOf(last.at),
    revenue: sum(orders),
    repeatRevenue: sum(sales.filter(({ at }) => dayOf(at) !== firstDay)),
    firstAt: first.at,
    lastAt: last.at,
  };
}

const DAY = 86_400_000;

/** Orders and spend of the year before an instant, as planning keeps them beside the draw. */
export function yearBefore(orders: KeptOrder[], at: Date): { preOrders: number; preRevenue: number } {
  const year = orders.filter((order) => order.at <= at && order.at.getTime() > at.getTime() - 365 * DAY);
  return {
    preOrders: year.filter(({ kind }) => kind === 'sale').length,
    preRevenue: year.reduce((total, { amount }) => total + amount, 0),
  };
}
