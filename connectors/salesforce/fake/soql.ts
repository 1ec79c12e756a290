/** SOQL as far as the connector speaks it: parsed by a parser of the language, judged against the description, and run. */
import { parseQuery, type Query, type ValueCondition, type WhereClause } from '@jetstreamapp/soql-parser-js';
import { fieldOf, type Field, type ObjectFields } from './fields.ts';
import { guarded } from './ids.ts';
import type { Org, Record_, Value } from './org.ts';
import { Problem } from './problem.ts';

export interface Result {
  object: ObjectFields;
  fields: Field[];
  rows: Record_[];
}

type Test = (record: Record_) => boolean;

/** Runs a query; with `deleted` over what lies in the bin too. Throws what Salesforce answers. */
export function runQuery(org: Org, soql: string, deleted: boolean): Result {
  const query = parse(soql);
  const object = org.object(query.sObject ?? '');
  const fields = (query.fields ?? []).map((field) => {
    if (field.type !== 'Field') throw malformed(`the fake does not know ${field.type} in a query`);
    return known(object, field.field);
  });
  const test = query.where ? conditions(object, query.where) : () => true;
  let rows = org.all(object.name).filter((record) => (deleted || record['IsDeleted'] !== true) && test(record));
  for (const order of [query.orderBy ?? []].flat().toReversed()) {
    if (!('field' in order)) throw malformed('the fake sorts by fields only');
    const { name } = filterable(known(object, order.field));
    const sign = order.order === 'DESC' ? -1 : 1;
    rows = rows.toSorted((a, b) => sign * compare(a[name] ?? null, b[name] ?? null));
  }
  if (query.limit !== undefined) rows = rows.slice(0, query.limit);
  return { object, fields, rows };
}

function parse(soql: string): Query {
  let query: Query;
  try {
    query = parseQuery(soql);
  } catch (error) {
    throw malformed(error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');
  }
  for (const word of ['groupBy', 'having', 'offset', 'usingScope', 'withDataCategory', 'for', 'update'] as const)
    if (query[word] !== undefined) throw malformed(`the fake does not know ${word}`);
  return query;
}

function malformed(message: string): Problem {
  return new Problem('MALFORMED_QUERY', message);
}

function known(object: ObjectFields, name: string): Field {
  const field = fieldOf(object, name);
  if (!field)
    throw new Problem(
      'INVALID_FIELD',
      `No such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`,
    );
  return field;
}

function filterable(field: Field): Field {
  if (!field.filterable)
    throw new Problem('INVALID_FIELD', `field '${field.name}' can not be filtered in a query call`);
  return field;
}

/** The parser gives a list of conditions with parentheses as counts; this makes a tree of it, as SOQL reads it. */
function conditions(object: ObjectFields, where: WhereClause): Test {
  const words: (Test | 'AND' | 'OR' | '(' | ')')[] = [];
  for (let at: WhereClause | undefined = where; at !== undefined;) {
    const { left } = at;
    if (left === null || !('field' in left) || !('value' in left))
      throw malformed('the fake does not know this condition');
    for (let i = 0; i < (left.openParen ?? 0); i++) words.push('(');
    words.push(condition(object, left));
    for (let i = 0; i < (left.closeParen ?? 0); i++) words.push(')');
    if (!('operator' in at)) break;
    if (at.operator === 'NOT') throw malformed('the fake does not know NOT');
    words.push(at.operator);
    at = at.right;
  }
  const test = expression();
  if (words.length > 0) throw malformed("unexpected token: ')'");
  return test;

  function expression(): Test {
    const parts = [term()];
    const operator = words[0];
    while (words[0] === 'AND' || words[0] === 'OR') {
      // As in Salesforce: AND and OR side by side need parentheses.
      if (words[0] !== operator) throw malformed(`unexpected token: '${words[0]}'`);
      words.shift();
      parts.push(term());
    }
    return operator === 'OR'
      ? (record) => parts.some((part) => part(record))
      : (record) => parts.every((part) => part(record));
  }

  function term(): Test {
    const word = words.shift();
    if (typeof word === 'function') return word;
    if (word !== '(') throw malformed('a condition is missing');
    const inner = expression();
    if (words.shift() !== ')') throw malformed("expecting a right parentheses, found '<EOF>'");
    return inner;
  }
}

const LITERALS: Record<string, string[]> = {
  STRING: ['id', 'reference', 'string', 'email', 'phone', 'picklist'],
  INTEGER: ['currency', 'percent', 'double'],
  DECIMAL: ['currency', 'percent', 'double'],
  BOOLEAN: ['boolean'],
  DATE: ['date'],
  DATETIME: ['datetime'],
};

function condition(object: ObjectFields, told: ValueCondition): Test {
  const field = filterable(known(object, told.field));
  const literals = [told.literalType ?? 'NULL'].flat();
  for (const literal of literals)
    if (literal !== 'NULL' && LITERALS[literal]?.includes(field.type) !== true)
      throw new Problem(
        'INVALID_FIELD',
        `value of filter criterion for field '${field.name}' must be of type ${field.type} and ${field.type === 'string' ? 'should' : 'should not'} be enclosed in quotes`,
      );
  const values = [told.value].flat().map((word, i) => valueOf(field, word, literals[i] ?? literals[0] ?? 'NULL'));
  const { name } = field;
  const one = values[0] ?? null;
  const at = (record: Record_): Value => record[name] ?? null;
  switch (told.operator) {
    case '=':
      return (record) => equal(at(record), one);
    case '!=':
      return (record) => !equal(at(record), one);
    case '<':
      return (record) => at(record) !== null && compare(at(record), one) < 0;
    case '<=':
      return (record) => at(record) !== null && compare(at(record), one) <= 0;
    case '>':
      return (record) => at(record) !== null && compare(at(record), one) > 0;
    case '>=':
      return (record) => at(record) !== null && compare(at(record), one) >= 0;
    case 'IN':
      return (record) => values.some((value) => equal(at(record), value));
    case 'NOT IN':
      return (record) => !values.some((value) => equal(at(record), value));
    case 'LIKE':
    case 'INCLUDES':
    case 'EXCLUDES':
      throw malformed(`the fake does not know ${told.operator}`);
  }
}

function valueOf(field: Field, word: string, literal: string): Value {
  if (literal === 'NULL') return null;
  if (literal === 'BOOLEAN') return word.toLowerCase() === 'true';
  if (literal === 'INTEGER' || literal === 'DECIMAL') return Number(word);
  if (literal === 'DATETIME') return new Date(word).toISOString();
  if (literal !== 'STRING') return word;
  const text = word.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  if (field.type !== 'id' && field.type !== 'reference') return text;
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text))
    throw new Problem('INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${text}`);
  return guarded(text);
}

/** Texts compare without case; ids do not. */
function equal(a: Value, b: Value): boolean {
  return typeof a === 'string' && typeof b === 'string' && a.length !== 18
    ? a.toLowerCase() === b.toLowerCase()
    : a === b;
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
