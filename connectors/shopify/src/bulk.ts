/**
 * Bulk operations: Shopify runs a query over everything and puts the result into a file. One that is under way, or has just
 * ended, for the very same query is taken up instead of starting another: a pull that was killed between starting it and keeping
 * its id finds it so. https://shopify.dev/docs/api/usage/bulk-operations/queries
 */
import { z } from 'zod';
import { fail } from '@rekindle/core';
import type { ShopifyClient } from './client.ts';
import { LIST_BULK, READ_BULK, START_BULK } from './operations.ts';
import { bulkOperation, userErrors, type BulkOperation } from './schema.ts';

export interface Started {
  operation: BulkOperation;
  /** It was there already */
  found: boolean;
}

const listed = z.object({
  bulkOperations: z.object({ nodes: z.array(bulkOperation.extend({ query: z.string() })) }),
});
const started = z.object({
  bulkOperationRunQuery: z.object({ bulkOperation: bulkOperation.nullable(), userErrors }),
});

/** A result that is older is not taken up: people of it may have been erased since. */
const FRESH_MS = 3_600_000;
const UNDER_WAY = new Set(['CREATED', 'RUNNING']);
/** Other operations of the app hold all five places. */
const FULL = new Set(['OPERATION_IN_PROGRESS', 'LIMIT_REACHED']);

export async function startOrFind(client: ShopifyClient, query: string): Promise<Started> {
  const { bulkOperations } = await client.run(LIST_BULK, { filter: 'operation_type:query' }, listed);
  const newest = bulkOperations.nodes.find((one) => plain(one.query) === plain(query));
  if (newest && isUsable(newest, client.clock.now().getTime())) return { operation: newest, found: true };
  const answer = await client.run(START_BULK, { query }, started, { repeat: false });
  const { bulkOperation: operation, userErrors: errors } = answer.bulkOperationRunQuery;
  if (operation) return { operation, found: false };
  const codes = errors.map((error) => error.code ?? 'UNKNOWN');
  if (codes.some((code) => FULL.has(code)))
    throw fail('rate_limited', 'Shopify runs as many exports for the app as it allows; it is tried later.');
  throw fail('connector_refused', `Shopify refused to export (${codes.join(', ')}).`);
}

export async function readOperation(client: ShopifyClient, id: string): Promise<BulkOperation | undefined> {
  const answer = await client.run(READ_BULK, { id }, z.object({ bulkOperation: bulkOperation.nullable() }));
  return answer.bulkOperation ?? undefined;
}

/** Whether its result will never come, and why. */
export function failureOf(operation: BulkOperation | undefined): Error | undefined {
  if (operation?.errorCode === 'ACCESS_DENIED')
    return fail(
      'connector_refused',
      'The app lacks an access scope for the export: open it in the shop’s Shopify admin and accept what it asks for.',
    );
  if (operation && (operation.status === 'COMPLETED' || UNDER_WAY.has(operation.status))) return undefined;
  const code = operation?.errorCode ?? operation?.status ?? 'gone';
  return fail('connector_unavailable', `Shopify gave its export up (${code}); another is started.`);
}

function isUsable(operation: BulkOperation, now: number): boolean {
  if (UNDER_WAY.has(operation.status)) return true;
  return operation.status === 'COMPLETED' && now - Date.parse(operation.createdAt) < FRESH_MS;
}

function plain(query: string): string {
  return query.replaceAll(/\s+/g, ' ').trim();
}
