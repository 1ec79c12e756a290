/** A person's orders as dots on a line, with the day the next one was due and the band it usually falls in. */
import type { CustomerPage } from '@rekindle/core';
import type { Format } from './format.server.ts';

export interface RhythmView {
  /** Places in 0..100 of the line */
  dots: { place: number; title: string; kind: 'sale' | 'return' }[];
  now: number;
  due: { place: number; label: string } | null;
  band: { from: number; to: number } | null;
  ticks: { place: number; label: string }[];
  finding: string;
}

export function rhythmView(format: Format, { orders, score, store }: CustomerPage): RhythmView | null {
  const first = orders.at(-1)?.at;
  if (!first) return null;
  const due = score?.nextOrderAt ?? usuallyBy(orders[0]?.at, score?.usualIntervalDays);
  const words = score?.nextOrderAt ? 'Expected' : 'Was due';
  const low = score?.nextOrderLow ?? null;
  const high = score?.nextOrderHigh ?? null;
  const from = first.getTime();
  const latest = Math.max(store.now.getTime(), due?.getTime() ?? 0);
  // A band that ends years from now would press the past together: it is cut where the picture ends.
  const span = (latest - from) * 1.06 + 86_400_000;
  const until = Math.min(from + span * 1.25, Math.max(from + span, high?.getTime() ?? 0));
  const place = (at: Date) => Math.min(100, Math.max(0, ((at.getTime() - from) / (until - from)) * 100));
  const sales = orders.filter((order) => order.kind === 'sale').length;
  return {
    dots: orders.map((order) => ({
      place: place(order.at),
      kind: order.kind === 'return' ? 'return' : 'sale',
      title: `${format.fullDay(order.at)}: ${format.money(order.amount)}`,
    })),
    now: place(store.now),
    due: due ? { place: place(due), label: `${words} ${format.day(due)}` } : null,
    band: low && high ? { from: place(low), to: place(high) } : null,
    ticks: ticksOf(format, from, until),
    finding: `${format.plural(sales, 'order', 'orders')} from ${format.fullDay(first)} to ${format.fullDay(orders[0]?.at ?? first)}.${due ? ` The next: ${words.toLowerCase()} ${format.fullDay(due)}${low && high ? `, between ${format.fullDay(low)} and ${format.fullDay(high)}` : ''}.` : ''}`,
  };
}

function ticksOf(format: Format, from: number, until: number): { place: number; label: string }[] {
  return [0, 1 / 3, 2 / 3].map((part) => ({
    place: part * 100,
    label: format.fullDay(new Date(from + (until - from) * part)),
  }));
}

/** The day by which the next order usually comes, for those whom no model expects any more. */
function usuallyBy(last: Date | undefined, days: number | null | undefined): Date | null {
  return last && days ? new Date(last.getTime() + days * 86_400_000) : null;
}
