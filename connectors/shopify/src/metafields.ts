/**
 * A score as metafields of the customer, in the app's own namespace: merchants see them on the customer's page and may build
 * segments from them; nobody else may write them. Three customers fit into one call (25 metafields, all or none).
 */
import { z } from 'zod';
import { currencyDigits, type ScorePayload } from '@rekindle/core';
import type { ShopifyClient } from './client.ts';
import { DEFINE, DEFINITIONS, DELETE_METAFIELDS, SET_METAFIELDS } from './operations.ts';
import { globalId, userErrors, type UserErrors } from './schema.ts';

const NAMESPACE = '$app';
/** https://shopify.dev/docs/api/admin-graphql/latest/mutations/metafieldsSet */
const MOST = 25;

interface Field {
  key: string;
  name: string;
  type: string;
  filterable?: boolean;
  /** null: nothing is known; the metafield is taken away */
  value(score: ScorePayload): string | null;
}

const FIELDS: readonly Field[] = [
  {
    key: 'life_stage',
    name: 'Life stage',
    type: 'single_line_text_field',
    filterable: true,
    value: (score) => score.lifeStageWords,
  },
  {
    key: 'chance_to_return',
    name: 'Chance to return',
    type: 'number_decimal',
    filterable: true,
    value: (score) => score.chanceToReturn?.toFixed(4) ?? null,
  },
  {
    key: 'expected_value_90',
    name: 'Expected in 90 days',
    type: 'money',
    value: (score) => moneyOf(score.expectedValue90),
  },
  {
    key: 'expected_value_365',
    name: 'Expected in a year',
    type: 'money',
    value: (score) => moneyOf(score.expectedValue365),
  },
  { key: 'value_at_risk', name: 'Value at risk', type: 'money', value: (score) => moneyOf(score.valueAtRisk) },
  {
    key: 'next_order_on',
    name: 'Next order expected',
    type: 'date',
    filterable: true,
    value: (score) => score.nextOrderOn,
  },
  {
    key: 'reasons',
    name: 'Reasons',
    type: 'list.single_line_text_field',
    value: (score) => (score.reasons.length === 0 ? null : JSON.stringify(score.reasons)),
  },
  { key: 'next_action', name: 'Next action', type: 'single_line_text_field', value: (score) => score.nextAction.words },
];

/** Customers of one call */
export const CUSTOMERS_A_CALL = Math.floor(MOST / FIELDS.length);

const definitions = z.object({
  metafieldDefinitions: z.object({ nodes: z.array(z.object({ key: z.string() })) }),
});
const defined = z.object({ metafieldDefinitionCreate: z.object({ userErrors }) });
const set = z.object({ metafieldsSet: z.object({ userErrors }) });
const deleted = z.object({ metafieldsDelete: z.object({ userErrors }) });

/** Declares what the metafields are, where that was not done yet. Gives what Shopify did not like. */
export async function defineScore(client: ShopifyClient): Promise<UserErrors> {
  const { metafieldDefinitions } = await client.run(DEFINITIONS, {}, definitions);
  const there = new Set(metafieldDefinitions.nodes.map((one) => one.key));
  const errors: UserErrors = [];
  for (const { key, name, type, filterable } of FIELDS.filter((field) => !there.has(field.key))) {
    const definition = {
      namespace: NAMESPACE,
      key,
      name: `Rekindle: ${name}`,
      type,
      ownerType: 'CUSTOMER',
      pin: true,
      access: { admin: 'MERCHANT_READ' },
      ...(filterable === true && { capabilities: { adminFilterable: { enabled: true } } }),
    };
    const answer = await client.run(DEFINE, { definition }, defined);
    // TAKEN: another worker was quicker.
    errors.push(...answer.metafieldDefinitionCreate.userErrors.filter((error) => error.code !== 'TAKEN'));
  }
  return errors;
}

/** Puts these people's scores there; what is not known any more is taken away. Gives what Shopify did not like. */
export async function setScores(
  client: ShopifyClient,
  scores: readonly { customerId: string; score: ScorePayload }[],
): Promise<UserErrors> {
  const all = scores.flatMap(({ customerId, score }) =>
    FIELDS.map((field) => ({
      ownerId: globalId('Customer', customerId),
      namespace: NAMESPACE,
      key: field.key,
      type: field.type,
      value: field.value(score),
    })),
  );
  const metafields = all.filter((one) => one.value !== null);
  const answer = await client.run(SET_METAFIELDS, { metafields }, set);
  const { userErrors: errors } = answer.metafieldsSet;
  const gone = all
    .filter((one) => one.value === null)
    .map(({ ownerId, namespace, key }) => ({ ownerId, namespace, key }));
  if (errors.length > 0 || gone.length === 0) return errors;
  return (await client.run(DELETE_METAFIELDS, { metafields: gone }, deleted)).metafieldsDelete.userErrors;
}

function moneyOf(value: { amount: number; currency: string } | null): string | null {
  if (value === null) return null;
  return JSON.stringify({ amount: decimal(value.amount, value.currency), currency_code: value.currency });
}

/** 1250 EUR → "12.50" */
export function decimal(minor: number, currency: string): string {
  const digits = currencyDigits(currency);
  const whole = Math.abs(minor)
    .toString()
    .padStart(digits + 1, '0');
  const cut = whole.length - digits;
  return `${minor < 0 ? '-' : ''}${whole.slice(0, cut)}${digits === 0 ? '' : `.${whole.slice(cut)}`}`;
}
