/**
 * Executes queries and mutations against Shopify's own schema: what it does not know, what is deprecated and what the token may
 * not is refused before anything is done.
 */
import { execute, getOperationAST, GraphQLError, parse, type DocumentNode, type ExecutionResult } from 'graphql';
import type { Context } from './context.ts';
import { charge, costOfQuery, MOST_COST, type CostReport } from './cost.ts';
import { mutationRoot } from './mutations.ts';
import { queryRoot } from './queries.ts';
import { deprecatedInputs, refusals, resolveField } from './validate.ts';

export interface Answer extends ExecutionResult {
  extensions?: { cost: CostReport };
}

/** One request to graphql.json. `isThrottled`: as if the bucket were empty. */
export async function answer(
  base: Omit<Context, 'whole' | 'slice'>,
  request: { query: string; variables: Record<string, unknown> },
  isThrottled: boolean,
): Promise<Answer> {
  const { world, shop, admin, scopes } = base;
  let document: DocumentNode;
  try {
    document = parse(request.query);
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
  const errors = [...refusals(document, admin, scopes), ...deprecatedInputs(document, admin, request.variables)];
  if (errors.length > 0) return { errors };
  const requested = costOfQuery(document, admin.schema, request.variables);
  if (requested > MOST_COST)
    return { errors: [new GraphQLError('Query cost is too high', { extensions: { code: 'MAX_COST_EXCEEDED' } })] };
  const { taken, cost } = charge(world, shop, isThrottled ? Number.POSITIVE_INFINITY : requested);
  const extensions = { cost: { ...cost, requestedQueryCost: requested } };
  if (!taken) {
    if (isThrottled) extensions.cost.throttleStatus.currentlyAvailable = 0;
    return { errors: [new GraphQLError('Throttled', { extensions: { code: 'THROTTLED' } })], extensions };
  }
  const isMutation = getOperationAST(document)?.operation === 'mutation';
  const result = await execute({
    schema: admin.schema,
    document,
    variableValues: request.variables,
    rootValue: isMutation ? mutationRoot(world, shop) : queryRoot(shop),
    contextValue: { ...base, whole: false, slice: (all) => all } satisfies Context,
    fieldResolver: resolveField,
  });
  return { ...result, extensions };
}
