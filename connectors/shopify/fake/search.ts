/**
 * Shopify's search syntax, as far as we use it: `field:value`, `field:>='value'`, several joined by blanks or AND. What it does
 * not know it refuses, where Shopify would quietly find everything.
 */
import { GraphQLError } from 'graphql';

export type Facts = Record<string, Date | string | number>;

const TERM = /^([a-z_]+):(>=|<=|>|<)?(?:'([^']*)'|"([^"]*)"|(\S+))(?:\s+(?:AND\s+)?|$)/;

export function matcher(query: string | null | undefined): (facts: Facts) => boolean {
  const tests: ((facts: Facts) => boolean)[] = [];
  for (let rest = (query ?? '').trim(); rest !== '';) {
    const found = TERM.exec(rest);
    if (!found) throw new GraphQLError(`the search ${JSON.stringify(query)} is not understood`);
    const [all, field = '', comparator = '=', ...values] = found;
    const value = values.find((one) => one !== undefined) ?? '';
    tests.push((facts) => compare(facts, field, comparator, value));
    rest = rest.slice(all.length);
  }
  return (facts) => tests.every((test) => test(facts));
}

function compare(facts: Facts, field: string, comparator: string, value: string): boolean {
  const fact = facts[field];
  if (fact === undefined) throw new GraphQLError(`nothing can be searched by ${field}`);
  if (typeof fact === 'string') return fact.toLowerCase() === value.toLowerCase();
  const [a, b] = fact instanceof Date ? [fact.getTime(), Date.parse(value)] : [fact, Number(value)];
  if (Number.isNaN(b)) throw new GraphQLError(`${value} is no value of ${field}`);
  switch (comparator) {
    case '>=':
      return a >= b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '<':
      return a < b;
    default:
      return a === b;
  }
}
