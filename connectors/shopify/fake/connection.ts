/** Relay connections over lists: pages by opaque cursors. */
import { GraphQLError } from 'graphql';

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  reverse?: boolean | null;
}

const MOST = 250;

/** A page of `all`, which stands in its order already. `whole`: a bulk operation asks, which gets everything. */
export function connection<Node>(all: readonly Node[], args: PageArguments, whole = false): Record<string, unknown> {
  const ordered = args.reverse === true ? all.toReversed() : all;
  if (whole) return { edges: ordered.map((node) => ({ node, cursor: '' })) };
  if ((args.last ?? undefined) !== undefined || (args.before ?? undefined) !== undefined)
    throw new GraphQLError('pages are only turned forwards here');
  if (args.first === undefined || args.first === null) throw new GraphQLError('you must provide one of first or last');
  if (args.first < 0 || args.first > MOST) throw new GraphQLError(`first must be between 0 and ${String(MOST)}`);
  const start = args.after === undefined || args.after === null ? 0 : positionOf(args.after) + 1;
  const page = ordered.slice(start, start + args.first);
  const edges = page.map((node, place) => ({ node, cursor: cursorOf(start + place) }));
  return {
    edges,
    nodes: page,
    pageInfo: {
      hasNextPage: start + page.length < ordered.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

const cursorOf = (place: number): string => Buffer.from(`place ${String(place)}`).toString('base64url');

function positionOf(cursor: string): number {
  const place = /^place (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (place === undefined) throw new GraphQLError('the cursor is not one that was given');
  return Number(place);
}
