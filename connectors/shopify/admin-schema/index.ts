/** Shopify's Admin schema, executable, and what access each part of it needs. For the fake and for tests. */
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { readSchemaPackage } from './package.ts';
import { accessTable, type AccessTable } from './scopes.ts';

export { SCHEMA_VERSION } from './package.ts';
export { missingScopes, scopesOf, type Access } from './scopes.ts';

export interface AdminSchema {
  schema: GraphQLSchema;
  access: AccessTable;
}

let loaded: Promise<AdminSchema> | undefined;

/** Loaded once a process. Throws `connector_unavailable` where it is not cached and cannot be fetched. */
export function adminSchema(): Promise<AdminSchema> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<AdminSchema> {
  const json = JSON.parse(await readSchemaPackage()) as { data: IntrospectionQuery; offline_scopes: unknown };
  // Shopify's own rules for names are looser than graphql-js's; what it ships is taken as valid.
  return { schema: buildClientSchema(json.data, { assumeValid: true }), access: accessTable(json.offline_scopes) };
}
