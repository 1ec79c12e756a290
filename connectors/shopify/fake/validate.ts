/** What a query breaks before anything of it is done: Shopify's schema, its deprecations, the token's scopes. */
import {
  getNamedType,
  getOperationAST,
  GraphQLError,
  isInputObjectType,
  isListType,
  isNonNullType,
  NoDeprecatedCustomRule,
  specifiedRules,
  typeFromAST,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLInputType,
} from 'graphql';
import { missingScopes, scopesOf, type AdminSchema } from '../admin-schema/index.ts';
import type { Context } from './context.ts';

export const resolveField: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const value = (source as Record<string, unknown> | null)?.[info.fieldName];
  if (value === undefined)
    throw new GraphQLError(`the stand-in for Shopify does not have ${info.parentType.name}.${info.fieldName}`);
  return typeof value === 'function' ? (value as (...given: unknown[]) => unknown)(args, context) : value;
};

/** What the document breaks, in Shopify's words where they are known. */
export function refusals(document: DocumentNode, admin: AdminSchema, scopes: readonly string[]): GraphQLError[] {
  const errors = validate(admin.schema, document, [...specifiedRules, NoDeprecatedCustomRule]);
  if (errors.length > 0) return [...errors];
  return missingScopes(scopesOf(document, admin.schema, admin.access), scopes).map(
    (access) =>
      new GraphQLError(`Access denied. Required access: ${access.join(' or ')} access scope.`, {
        extensions: { code: 'ACCESS_DENIED', requiredAccess: access.join(' or ') },
      }),
  );
}

/** graphql-js looks for deprecated input fields in the document only; most of ours come as variables. */
export function deprecatedInputs(
  document: DocumentNode,
  { schema }: AdminSchema,
  variables: Record<string, unknown>,
): GraphQLError[] {
  const errors: GraphQLError[] = [];
  function look(type: GraphQLInputType, value: unknown, at: string): void {
    if (isNonNullType(type)) return look(type.ofType, value, at);
    if (isListType(type)) {
      for (const one of Array.isArray(value) ? value : [value]) look(type.ofType, one, at);
      return;
    }
    const named = getNamedType(type);
    if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const field = named.getFields()[name];
      if (!field) continue;
      if (typeof field.deprecationReason === 'string') errors.push(new GraphQLError(`${at}.${name} is deprecated`));
      look(field.type, inner, `${at}.${name}`);
    }
  }
  for (const { variable, type } of getOperationAST(document)?.variableDefinitions ?? []) {
    const known = typeFromAST(schema, type) as GraphQLInputType | undefined;
    if (known) look(known, variables[variable.name.value], variable.name.value);
  }
  return errors;
}
