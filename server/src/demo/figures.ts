/** The demo's result: the keys that `rekindle demo --json` prints. Amounts are minor units of `currency`. */
import type { Engine } from '@rekindle/core';
import {
  readByLocalHour,
  readByVariant,
  readOrdersAfter,
  readRejected,
  readRevenueEffect,
  readTotals,
  type Decided,
  type Split,
} from './demo.store.ts';

export interface Figures {
  asOf: string;
  until: string;
  customers: number;
  orders: number;
  /** Returns and cancellations: they lower revenue and are no purchases. */
  returns: number;
  rejectedRows: { total: number; byReason: Record<string, number> };
  lapsing: number;
  revenueAtRisk: { amount: number; currency: string };
  audience: number;
  holdout: number;
  messages: number;
  accepted: number;
  inDoubt: number;
  opens: number;
  clicks: number;
  ordersAfter: { treated: number; holdout: number };
  incrementalRevenue: {
    estimate: number;
    interval: [number, number];
    confidence: number;
    verdict: string;
    currency: string;
  } | null;
  messagesByVariant: Split[];
  messagesByLocalHour: Split[];
}

export async function readFigures(
  engine: Engine,
  storeId: string,
  run: { campaigns: string[]; decided: Decided; currency: string; asOf: Date; until: Date },
): Promise<Figures> {
  return engine.database.inStore(storeId, async (tx) => {
    const totals = await readTotals(tx, run.campaigns);
    const effect = await readRevenueEffect(tx, run.campaigns);
    return {
      asOf: run.asOf.toISOString(),
      until: run.until.toISOString(),
      customers: totals.customers,
      orders: totals.orders,
      returns: totals.returns,
      rejectedRows: await readRejected(tx),
      lapsing: run.decided.lapsing,
      revenueAtRisk: { amount: run.decided.valueAtRisk, currency: run.currency },
      audience: totals.audience,
      holdout: totals.holdout,
      messages: totals.messages,
      accepted: totals.accepted,
      inDoubt: totals.inDoubt,
      opens: totals.opens,
      clicks: totals.clicks,
      ordersAfter: await readOrdersAfter(tx, run.campaigns),
      incrementalRevenue: effect
        ? {
            estimate: Math.round(effect.estimate),
            interval: [Math.round(effect.low), Math.round(effect.high)],
            confidence: effect.confidence,
            verdict: effect.verdict,
            currency: run.currency,
          }
        : null,
      messagesByVariant: await readByVariant(tx, run.campaigns),
      messagesByLocalHour: await readByLocalHour(tx, run.campaigns),
    };
  });
}
