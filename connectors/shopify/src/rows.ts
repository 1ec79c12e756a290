/** Lines of a bulk operation's file → rows of a batch. An order and its items stand together (groupObjects). */
import type { PullBatch, RejectedRow, SourceCustomer, SourceOrderLine } from '@rekindle/core';
import type { ToldUpTo } from './cursor.ts';
import { toCustomer, toOrderLines, whyLeftOut } from './map.ts';
import type { Kind } from './operations.ts';
import { customerNode, lineNode, orderNode, shortId, type LineNode } from './schema.ts';

/** One object of the file with its children. */
export interface Group {
  /** Line of its first row, from 1 */
  line: number;
  root: unknown;
  children: unknown[];
}

export interface Rows {
  customers: SourceCustomer[];
  orderLines: SourceOrderLine[];
  rejected: RejectedRow[];
}

/** What became of a group, and up to when it is told now: infinity where nothing of it is left to tell. */
export interface Told {
  id: string;
  updatedAt: number;
  upTo: number;
}

export const noRows = (): Rows => ({ customers: [], orderLines: [], rejected: [] });

export function countRows(rows: Rows): number {
  return rows.customers.length + rows.orderLines.length + rows.rejected.length;
}

export function asBatch(rows: Rows): Partial<PullBatch> {
  return {
    ...(rows.customers.length > 0 && { customers: rows.customers }),
    ...(rows.orderLines.length > 0 && { orderLines: rows.orderLines }),
    ...(rows.rejected.length > 0 && { rejected: rows.rejected }),
  };
}

/**
 * Adds a group's rows. `toldUpTo`: what of it was told before, just as it is now. Undefined where the group cannot be read (then it
 * is among the rejected) or lies wholly after `until`.
 */
export function addGroup(rows: Rows, kind: Kind, group: Group, until: number, toldUpTo: ToldUpTo): Told | undefined {
  return kind === 'customers' ? addCustomer(rows, group, until, toldUpTo) : addOrder(rows, group, until, toldUpTo);
}

function addCustomer(rows: Rows, { line, root }: Group, until: number, toldUpTo: ToldUpTo): Told | undefined {
  const parsed = customerNode.safeParse(root);
  if (!parsed.success) {
    rows.rejected.push({ line, reason: 'unreadable', source: 'customers' });
    return undefined;
  }
  const told = touch(parsed.data);
  if (toldUpTo(told.id, told.updatedAt) === Number.POSITIVE_INFINITY) return told;
  if (Date.parse(parsed.data.createdAt) > until) return undefined;
  rows.customers.push(toCustomer(parsed.data));
  return told;
}

function addOrder(rows: Rows, { line, root, children }: Group, until: number, toldUpTo: ToldUpTo): Told | undefined {
  const parsed = orderNode.safeParse(root);
  const items = children.map((child) => lineNode.safeParse(child));
  if (!parsed.success || items.some((item) => !item.success)) {
    rows.rejected.push({ line, reason: 'unreadable', source: 'orders' });
    return undefined;
  }
  const order = parsed.data;
  const told = touch(order);
  const from = toldUpTo(told.id, told.updatedAt);
  if (from === Number.POSITIVE_INFINITY) return told;
  const customerId = order.customer === null ? null : shortId(order.customer.id);
  const reason = whyLeftOut({ test: order.test, status: order.displayFinancialStatus, customerId });
  if (reason !== undefined || customerId === null) {
    // What lies in the future is not left out yet: it may be paid by then.
    if (Date.parse(order.processedAt) > until) return undefined;
    rows.rejected.push({ line, reason: reason ?? 'no_customer', source: 'orders' });
    return told;
  }
  try {
    const all = toOrderLines(
      order,
      items.flatMap((item): LineNode[] => (item.data ? [item.data] : [])),
      customerId,
    );
    const isNow = (one: SourceOrderLine): boolean => one.orderedAt.getTime() <= until;
    rows.orderLines.push(...all.filter((one) => isNow(one) && one.orderedAt.getTime() > from));
    return all.every(isNow) ? told : { ...told, upTo: until };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    rows.rejected.push({ line, reason: 'bad_amount', source: 'orders' });
    return told;
  }
}

function touch(node: { id: string; updatedAt: string }): Told {
  return { id: shortId(node.id), updatedAt: Date.parse(node.updatedAt), upTo: Number.POSITIVE_INFINITY };
}
