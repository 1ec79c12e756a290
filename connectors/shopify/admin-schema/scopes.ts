/** Which access scopes an operation needs, by the table that Shopify ships with its schema. */
import { getNamedType, TypeInfo, visit, visitWithTypeInfo, type DocumentNode, type GraphQLSchema } from 'graphql';
import { z } from 'zod';

const tableSchema = z.object({
  items: z.array(
    z.object({
      typeName: z.string(),
      fieldName: z.string().optional(),
      requiredAccess: z.string().optional(),
      offlineScopes: z.array(z.string()),
    }),
  ),
});

/** One of these is needed. */
export type Access = readonly string[];
/** `Type` or `Type.field` → all of these are needed */
export type AccessTable = ReadonlyMap<string, readonly Access[]>;

export function accessTable(given: unknown): AccessTable {
  return new Map(
    tableSchema.parse(given).items.flatMap(({ typeName, fieldName, requiredAccess = '', offlineScopes }) => {
      if (offlineScopes.length === 0) return [];
      const key = fieldName === undefined ? typeName : `${typeName}.${fieldName}`;
      // "`read_orders` access scope or `read_marketplace_orders` access scope."
      const isChoice = / or `?(read|write)_/.test(requiredAccess);
      return [[key, isChoice ? [offlineScopes] : offlineScopes.map((scope) => [scope])] as const];
    }),
  );
}

/** The table says nothing of these: their documentation asks for access to what the metafields belong to, here customers. */
const BY_OWNER: Record<string, Access> = {
  'Mutation.metafieldsSet': ['write_customers'],
  'Mutation.metafieldsDelete': ['write_customers'],
  'Mutation.metafieldDefinitionCreate': ['write_customers'],
  'QueryRoot.metafieldDefinitions': ['read_customers'],
};

/** Everything that a document needs. */
export function scopesOf(document: DocumentNode, schema: GraphQLSchema, table: AccessTable): Access[] {
  const needed = new Map<string, Access>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field() {
        const [parent, field, type] = [info.getParentType(), info.getFieldDef(), info.getType()];
        if (!parent || !field) return;
        const key = `${parent.name}.${field.name}`;
        const all = [...(table.get(key) ?? []), ...(type ? (table.get(getNamedType(type).name) ?? []) : [])];
        const owner = BY_OWNER[key];
        for (const access of owner ? [...all, owner] : all) needed.set(access.join(' '), access);
      },
    }),
  );
  return [...needed.values()];
}

/** What is needed and not granted. Whoever may write may read. */
export function missingScopes(needed: readonly Access[], granted: readonly string[]): Access[] {
  const has = new Set(granted.flatMap((scope) => [scope, scope.replace(/^write_/, 'read_')]));
  return needed.filter((access) => !access.some((scope) => has.has(scope)));
}
