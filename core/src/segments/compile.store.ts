/**
 * A rule as SQL over one store's customers. Every value is a parameter; names of columns come from the tables below.
 *
 * `… IS TRUE` at each condition makes "not known" mean "does not hold", and lets PostgreSQL turn the outer joins into inner
 * ones where a condition needs the row.
 */
import { sql, type RawBuilder } from 'kysely';
import { partsOf, type Condition, type NumberField, type RankField, type Rule } from './rule.ts';

/** Whose customers, by which scores. */
export interface RuleScope {
  storeId: string;
  scoreVersion: number;
  /** When these scores were made: days are counted to here. Null where there are none yet. */
  asOf: Date | null;
}

/** Tables a rule speaks of: c customers, t customer_totals, s scores (of the version that counts). */
export function fromCustomers(scope: RuleScope): RawBuilder<unknown> {
  return sql`customers c
    LEFT JOIN customer_totals t ON t.store_id = c.store_id AND t.customer_id = c.id
    LEFT JOIN scores s ON s.store_id = c.store_id AND s.version = ${scope.scoreVersion}::int AND s.customer_id = c.id`;
}

/** The rule as one boolean, never null. */
export function compileRule(rule: Rule, scope: RuleScope): RawBuilder<boolean> {
  const parts = partsOf(rule);
  if (!parts) return sql`((${condition(rule as Condition, scope)}) IS TRUE)`;
  const inside = parts.rules.map((one) => compileRule(one, scope));
  if (parts.how === 'all') return sql`(${sql.join(inside, sql` AND `)})`;
  const some: RawBuilder<boolean> = sql`(${sql.join(inside, sql` OR `)})`;
  return parts.how === 'any' ? some : sql`(NOT ${some})`;
}

/** Days from an instant to the scoring, as a float. Epochs are exact to the millisecond, intervals are not always. */
export function daysBefore(column: RawBuilder<unknown>, scope: RuleScope): RawBuilder<number> {
  return sql`((extract(epoch FROM ${scope.asOf}::timestamptz) - extract(epoch FROM ${column}))::float8 / 86400)`;
}

export function numberColumn(field: NumberField, scope: RuleScope): RawBuilder<number> {
  switch (field) {
    case 'purchase_days':
    case 'orders':
    case 'revenue':
      return sql`t.${sql.ref(field)}`;
    case 'days_since_first':
      return daysBefore(sql`t.first_order_at`, scope);
    case 'last_gap_days':
      // Purchases within a day of each other are one.
      return sql`(SELECT (extract(epoch FROM t.last_order_at) - extract(epoch FROM max(g.ordered_at)))::float8 / 86400 FROM orders g
        WHERE g.store_id = c.store_id AND g.customer_id = c.id AND g.kind = 'sale' AND g.ordered_at < t.last_order_at - interval '1 day')`;
    default:
      return sql`s.${sql.ref(field)}`;
  }
}

function condition(one: Condition, scope: RuleScope): RawBuilder<unknown> {
  switch (one.op) {
    case 'at_least':
      return sql`${numberColumn(one.field, scope)} >= ${one.value}::float8`;
    case 'at_most':
      return sql`${numberColumn(one.field, scope)} <= ${one.value}::float8`;
    case 'between':
      return sql`${numberColumn(one.field, scope)} BETWEEN ${one.value[0]}::float8 AND ${one.value[1]}::float8`;
    case 'top':
      return sql`${numberColumn(one.field, scope)} >= (${threshold(one.field, one.value, scope)})`;
    case 'is':
      return sql`(c.${sql.ref(one.field === 'has_email' ? 'email' : 'phone')} IS NOT NULL) = ${one.value}::boolean`;
    case 'in':
      return isIn(one, scope);
  }
}

function isIn(one: Extract<Condition, { op: 'in' }>, scope: RuleScope): RawBuilder<unknown> {
  switch (one.field) {
    case 'life_stage':
      return sql`s.life_stage = ANY (${one.value}::text[])`;
    case 'country':
      return sql`c.country = ANY (${one.value}::bpchar[])`;
    case 'language':
      return sql`lower(split_part(c.language, '-', 1)) = ANY (${one.value}::text[])`;
    case 'bought_product': {
      const recently =
        one.withinDays === undefined
          ? sql`true`
          : sql`${daysBefore(sql`o.ordered_at`, scope)} <= ${one.withinDays}::float8`;
      return sql`c.id IN (SELECT o.customer_id FROM order_lines l JOIN orders o ON o.store_id = l.store_id AND o.id = l.order_id
        WHERE l.store_id = ${scope.storeId}::uuid AND l.product_ids && ${one.value}::uuid[] AND o.kind = 'sale' AND ${recently})`;
    }
  }
}

/** The figure that the best share has at least: one pass over the store, done once a statement. See thresholdOf. */
export function threshold(field: RankField, share: number, scope: RuleScope): RawBuilder<number | null> {
  const figure = sql.ref(field);
  const from =
    field === 'revenue' || field === 'purchase_days'
      ? sql`customer_totals WHERE store_id = ${scope.storeId}::uuid`
      : sql`scores WHERE store_id = ${scope.storeId}::uuid AND version = ${scope.scoreVersion}::int`;
  return sql`SELECT percentile_disc(1 - ${share}::float8) WITHIN GROUP (ORDER BY ${figure}) FROM ${from}`;
}
