/**
 * Whether a text is a value of a metafield's type, and of the schema's scalars.
 * https://shopify.dev/docs/apps/build/custom-data/metafields/list-of-data-types
 */
import { GraphQLError, GraphQLScalarType, type GraphQLSchema } from 'graphql';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const NUMBER = /^-?\d+(\.\d{1,9})?$/;

export function isValueOf(type: string, value: string, currency: string): boolean {
  switch (type) {
    case 'single_line_text_field':
      return value !== '' && !/[\r\n]/.test(value);
    case 'number_integer':
      return /^-?\d+$/.test(value);
    case 'number_decimal':
      return NUMBER.test(value);
    case 'date':
      return DATE.test(value);
    case 'money':
      return isMoney(value, currency);
    case 'list.single_line_text_field':
      return isTexts(value);
    default:
      return false;
  }
}

function isMoney(value: string, currency: string): boolean {
  const money = json(value) as { amount?: unknown; currency_code?: unknown } | null | undefined;
  return typeof money?.amount === 'string' && NUMBER.test(money.amount) && money.currency_code === currency;
}

function isTexts(value: string): boolean {
  const list = json(value);
  return (
    Array.isArray(list) &&
    list.length > 0 &&
    list.every((one) => typeof one === 'string' && isValueOf('single_line_text_field', one, ''))
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const SCALARS: Record<string, (value: string) => boolean> = {
  DateTime: (value) => TIME.test(value) && !Number.isNaN(Date.parse(value)),
  Date: (value) => DATE.test(value),
  Decimal: (value) => NUMBER.test(value),
  Money: (value) => NUMBER.test(value),
  URL: (value) => URL.canParse(value),
  UtcOffset: (value) => /^[+-]\d\d:\d\d$/.test(value),
  UnsignedInt64: (value) => /^\d+$/.test(value),
};

/** A schema that was read from its description takes anything for its own scalars; these are held to their form. */
export function guardScalars(schema: GraphQLSchema): void {
  for (const [name, holds] of Object.entries(SCALARS)) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLScalarType)) continue;
    const checked = (value: unknown): unknown => {
      if (typeof value === 'string' ? holds(value) : typeof value === 'number' && name === 'Decimal') return value;
      throw new GraphQLError(`this is no ${name}`);
    };
    type.parseValue = checked;
    type.parseLiteral = (node) => checked('value' in node ? node.value : undefined);
  }
}
