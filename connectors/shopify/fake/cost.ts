/**
 * What a query costs: an object 1, a list of it as much as it may hold times what one costs, a mutation 10. Shopify's real sums
 * are kinder to large pages; whoever fits into these fits into those. https://shopify.dev/docs/api/usage/limits
 */
import {
  getNamedType,
  isCompositeType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';
import type { ShopState, World } from './state.ts';

export const BUCKET = { maximumAvailable: 2000, restoreRate: 100 };
/** One query may not ask for more. */
export const MOST_COST = 1000;

export function costOfQuery(document: DocumentNode, schema: GraphQLSchema, variables: Record<string, unknown>): number {
  const info = new TypeInfo(schema);
  // Of each field that is open: by how much what stands below it counts.
  const factors: number[] = [1];
  let cost = 0;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(node) {
          const [type, parent] = [info.getType(), info.getParentType()];
          const factor = factors.at(-1) ?? 1;
          const named = type ? getNamedType(type) : undefined;
          if (parent?.name === 'Mutation') cost += 10;
          else if (named && isCompositeType(named) && !/Connection$|Edge$|^PageInfo$/.test(named.name)) cost += factor;
          factors.push(named?.name.endsWith('Connection') === true ? factor * sizeOf(node, variables) : factor);
        },
        leave: () => void factors.pop(),
      },
    }),
  );
  return cost;
}

function sizeOf(field: FieldNode, variables: Record<string, unknown>): number {
  const value = field.arguments?.find((one) => one.name.value === 'first' || one.name.value === 'last')?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  if (value?.kind === Kind.VARIABLE) return Number(variables[value.name.value] ?? 1);
  return 1;
}

export interface CostReport {
  requestedQueryCost: number;
  actualQueryCost: number | null;
  throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
}

/** Takes the points out of the shop's bucket, if they are in it. */
export function charge(world: World, shop: ShopState, requested: number): { taken: boolean; cost: CostReport } {
  const now = world.hostClock.now().getTime();
  const restored = Math.max(0, ((now - shop.bucket.at) / 1000) * BUCKET.restoreRate);
  const left = Math.min(BUCKET.maximumAvailable, shop.bucket.left + restored);
  const taken = requested <= left;
  shop.bucket = { left: taken ? left - requested : left, at: now };
  const currentlyAvailable = Math.floor(shop.bucket.left);
  return {
    taken,
    cost: {
      requestedQueryCost: requested,
      actualQueryCost: taken ? requested : null,
      throttleStatus: { ...BUCKET, currentlyAvailable },
    },
  };
}
