/** Bulk operations: the query is run over the shop piece by piece while the server goes on answering, into a JSONL file. */
import {
  execute,
  getNullableType,
  GraphQLError,
  isListType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
} from 'graphql';
import type { Context } from './context.ts';
import { queryRoot } from './queries.ts';
import { seconds } from './people.ts';
import type { FakeBulkOperation } from './state.ts';
import { refusals, resolveField } from './validate.ts';
import { operationView, type View } from './views.ts';

/** Operations of an app and shop at once, from 2026-01 on */
const AT_ONCE = 5;
/** Root objects of one piece */
const PIECE = 200;

export function startBulk(context: Context, query: string, grouped: boolean): View {
  const { world, shop } = context;
  const document = parsed(query);
  const errors = document instanceof GraphQLError ? [document] : whyNot(document, context.admin.schema);
  if (document instanceof GraphQLError || errors.length > 0) return invalid(errors);
  const breaches = refusals(document, context.admin, context.scopes);
  // What the token may not is found out when it runs.
  const isDenied = breaches.some((error) => error.extensions['code'] === 'ACCESS_DENIED');
  if (breaches.length > 0 && !isDenied) return invalid(breaches);
  const running = [...shop.operations.values()].filter((one) => one.status === 'CREATED' || one.status === 'RUNNING');
  if (running.length >= AT_ONCE)
    return { bulkOperation: null, userErrors: [{ field: null, message: 'limit reached', code: 'LIMIT_REACHED' }] };
  const operation: FakeBulkOperation = {
    id: world.nextId(),
    query,
    status: 'CREATED',
    errorCode: null,
    createdAt: seconds(world.clock.now()),
    completedAt: null,
    objectCount: 0,
    rootObjectCount: 0,
    looks: world.bulkLooks,
    result: null,
    secret: world.random.uuid(),
  };
  shop.operations.set(operation.id, operation);
  const view = operationView(world, shop, operation);
  if (isDenied) {
    Object.assign(operation, { status: 'FAILED', errorCode: 'ACCESS_DENIED' });
    return { bulkOperation: view, userErrors: [] };
  }
  setImmediate(() => {
    run(context, operation, document, grouped).catch(() => {
      Object.assign(operation, { status: 'FAILED', errorCode: 'INTERNAL_SERVER_ERROR' });
    });
  });
  return { bulkOperation: view, userErrors: [] };
}

function invalid(errors: readonly GraphQLError[]): View {
  return {
    bulkOperation: null,
    userErrors: errors.map(({ message }) => ({ field: ['query'], message, code: 'INVALID' })),
  };
}

async function run(
  context: Context,
  operation: FakeBulkOperation,
  document: DocumentNode,
  grouped: boolean,
): Promise<void> {
  const { world, shop, admin } = context;
  operation.status = 'RUNNING';
  const [roots, children]: [string[], string[]] = [[], []];
  for (let start = 0; ; start += PIECE) {
    const result = await execute({
      schema: admin.schema,
      document,
      rootValue: queryRoot(shop),
      contextValue: { ...context, whole: true, slice: (all) => all.slice(start, start + PIECE) } satisfies Context,
      fieldResolver: resolveField,
    });
    const [root] = Object.values(result.data ?? {});
    if (result.errors || !isConnection(root)) throw new Error('the bulk query failed');
    for (const { node } of root.edges) {
      write(node, undefined, (line, isRoot) => (grouped || isRoot ? roots : children).push(line));
      operation.rootObjectCount++;
    }
    operation.objectCount = roots.length + children.length;
    if (root.edges.length < PIECE) break;
    // Others get their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  operation.result = Buffer.from([...roots, ...children].map((line) => `${line}\n`).join(''));
  Object.assign(operation, { status: 'COMPLETED', completedAt: seconds(world.clock.now()) });
  world.emit(shop, 'bulk_operations/finish', {
    admin_graphql_api_id: `gid://shopify/BulkOperation/${String(operation.id)}`,
    completed_at: operation.completedAt?.toISOString(),
    created_at: operation.createdAt.toISOString(),
    error_code: null,
    status: 'completed',
    type: 'query',
  });
}

interface Edges {
  edges: { node: Record<string, unknown> }[];
}

function isConnection(value: unknown): value is Edges {
  return typeof value === 'object' && value !== null && 'edges' in value;
}

/** An object and, as lines of their own, what its connections hold. */
function write(node: Record<string, unknown>, parent: unknown, put: (line: string, isRoot: boolean) => void): void {
  const own = Object.entries(node).filter(([, value]) => !isConnection(value));
  put(
    JSON.stringify({ ...Object.fromEntries(own), ...(parent !== undefined && { __parentId: parent }) }),
    parent === undefined,
  );
  for (const value of Object.values(node))
    if (isConnection(value)) for (const edge of value.edges) write(edge.node, node['id'], put);
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    return error as GraphQLError;
  }
}

/** Shopify's restrictions on bulk queries: https://shopify.dev/docs/api/usage/bulk-operations/queries#operation-restrictions */
function whyNot(document: DocumentNode, schema: GraphQLSchema): GraphQLError[] {
  const said = new Set<string>();
  const info = new TypeInfo(schema);
  let [connections, depth, lists] = [0, 0, 0];
  visit(
    document,
    visitWithTypeInfo(info, {
      OperationDefinition(node) {
        if (node.operation !== 'query') said.add('Bulk queries must be queries');
        if ((node.variableDefinitions ?? []).length > 0) said.add('Bulk queries cannot have variables');
        if (node.selectionSet.selections.length !== 1) said.add('Bulk queries have one field at the top');
      },
      Field: {
        enter(node) {
          const inner = namesIn(node);
          if (isList(info, node)) lists++;
          if (inner.includes('nodes')) said.add('Bulk queries must use edges { node }');
          if (node.name.value === 'node' && !inner.includes('id'))
            said.add('Bulk queries must ask for the id of each node');
          if (!inner.includes('edges')) return;
          connections++;
          depth++;
          if (depth > 2) said.add('Bulk queries cannot nest connections deeper than 2');
          if (lists > 0) said.add('Bulk queries cannot contain a connection field within a list field');
          if (node.arguments?.some((one) => PAGES.has(one.name.value)) === true)
            said.add('Bulk queries give everything: no pages');
        },
        leave(node) {
          if (isList(info, node)) lists--;
          if (namesIn(node).includes('edges')) depth--;
        },
      },
    }),
  );
  if (connections === 0) said.add('Bulk queries must contain at least one connection');
  if (connections > 5) said.add('Bulk queries cannot contain more than 5 connections');
  return [...said].map((message) => new GraphQLError(message));
}

const PAGES = new Set(['first', 'last', 'after', 'before']);

function namesIn(field: FieldNode): string[] {
  return (field.selectionSet?.selections ?? []).flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []));
}

/** A list that is none of a connection's own */
function isList(info: TypeInfo, field: FieldNode): boolean {
  return field.name.value !== 'edges' && isListType(getNullableType(info.getType()));
}
