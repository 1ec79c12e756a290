/**
 * The segment language: JSON that says whom we mean. A rule is a condition, or `all`, `any` or `not` of rules (`not`: none
 * of them holds). A condition on something we do not know of a person does not hold; so it holds under `not`.
 *
 * Rules come from people and from the web: they are data, parsed here, and reach SQL only as parameters.
 */
import { z } from 'zod';
import { LIFE_STAGES } from '../scoring/index.ts';

/** Numbers. Money is in minor units of the store's currency; days are of 24 hours and count to the last scoring. */
export const NUMBER_FIELDS = [
  'days_since_last',
  'days_since_first',
  'purchase_days',
  'orders',
  'revenue',
  'usual_interval_days',
  'last_gap_days',
  'p_alive',
  'p_return_90',
  'expected_orders_90',
  'expected_value_90',
  'expected_value_365',
  'value_at_risk',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

export const TEXT_FIELDS = ['life_stage', 'country', 'language'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** Where "the best fifth" makes sense: the order of all customers by this figure. */
export const RANK_FIELDS = ['revenue', 'purchase_days', 'expected_value_365', 'value_at_risk'] as const;
export type RankField = (typeof RANK_FIELDS)[number];

const number = z.number().finite();
const field = z.enum(NUMBER_FIELDS);

const atLeast = z.strictObject({ field, op: z.literal('at_least'), value: number });
const atMost = z.strictObject({ field, op: z.literal('at_most'), value: number });
/** Both ends belong to it. */
const between = z.strictObject({ field, op: z.literal('between'), value: z.tuple([number, number]) });
/** Among the best share (0..1] of all who have the figure; everyone who ties with the last of them is in. */
const top = z.strictObject({ field: z.enum(RANK_FIELDS), op: z.literal('top'), value: number.gt(0).max(1) });
const stageIn = z.strictObject({
  field: z.literal('life_stage'),
  op: z.literal('in'),
  value: z.array(z.enum(LIFE_STAGES)).min(1),
});
const countryIn = z.strictObject({
  field: z.literal('country'),
  op: z.literal('in'),
  value: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .max(250),
});
/** By primary language: "es" means "es-MX" too. */
const languageIn = z.strictObject({
  field: z.literal('language'),
  op: z.literal('in'),
  value: z
    .array(z.string().regex(/^[a-z]{2,3}$/))
    .min(1)
    .max(100),
});
const flag = z.strictObject({ field: z.enum(['has_email', 'has_phone']), op: z.literal('is'), value: z.boolean() });
/** Bought any of these products (our ids), in the last `withinDays` days before the scoring where that is said. */
const bought = z.strictObject({
  field: z.literal('bought_product'),
  op: z.literal('in'),
  value: z.array(z.uuid()).min(1).max(500),
  withinDays: z.number().int().min(1).max(3650).optional(),
});

const condition = z.union([atLeast, atMost, between, top, stageIn, countryIn, languageIn, flag, bought]);
export type Condition = z.infer<typeof condition>;

export type Rule = Condition | { all: Rule[] } | { any: Rule[] } | { not: Rule[] };

const rules = z.lazy(() => z.array(tree).min(1).max(50));
const tree: z.ZodType<Rule> = z.lazy(() =>
  z.union([condition, z.strictObject({ all: rules }), z.strictObject({ any: rules }), z.strictObject({ not: rules })]),
);

const MAXIMUM_DEPTH = 8;
const MAXIMUM_CONDITIONS = 200;

/** Parses a rule; refuses what nobody can mean: deeper than 8, longer than 200 conditions. */
export const segmentRule: z.ZodType<Rule> = z
  .unknown()
  .refine((input) => depth(input, 0) <= MAXIMUM_DEPTH, `A rule may be ${String(MAXIMUM_DEPTH)} levels deep at most.`)
  .pipe(tree)
  .refine(
    (rule) => conditions(rule).length <= MAXIMUM_CONDITIONS,
    `A rule may have ${String(MAXIMUM_CONDITIONS)} conditions at most.`,
  );

/** All conditions of a rule, in the order they stand there. */
export function conditions(rule: Rule): Condition[] {
  const parts = partsOf(rule);
  return parts ? parts.rules.flatMap(conditions) : [rule as Condition];
}

/** How a rule is put together; undefined for a single condition. */
export function partsOf(rule: Rule): { how: 'all' | 'any' | 'not'; rules: Rule[] } | undefined {
  if ('all' in rule) return { how: 'all', rules: rule.all };
  if ('any' in rule) return { how: 'any', rules: rule.any };
  if ('not' in rule) return { how: 'not', rules: rule.not };
  return undefined;
}

function depth(input: unknown, above: number): number {
  if (above > MAXIMUM_DEPTH || typeof input !== 'object' || input === null) return above;
  const lists = Object.values(input).filter((value) => Array.isArray(value)) as unknown[][];
  return Math.max(above, ...lists.flat().map((one) => depth(one, typeof one === 'object' ? above + 1 : above)));
}
