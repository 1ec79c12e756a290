/** Every operation against Shopify's own schema, and shopify.app.toml against what the code does. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { adminSchema, missingScopes, SCHEMA_VERSION, scopesOf } from './admin-schema/index.ts';
import { costOfQuery, MOST_COST } from './fake/cost.ts';
import { COMPLIANCE, DEFAULT_SCOPES } from './fake/index.ts';
import { schemaMissing } from './fake/testing.ts';
import { API_VERSION, COMPLIANCE_TOPICS, SUBSCRIBED_TOPICS } from './src/index.ts';
import { bulkQuery, OPERATIONS } from './src/operations.ts';

const missing = await schemaMissing();
const admin = missing === undefined ? await adminSchema() : missing;
const toml = readFileSync(path.join(import.meta.dirname, '../../shopify.app.toml'), 'utf8');

/** Scopes that no operation shows a need of. */
const BESIDES = {
  read_all_orders: 'orders older than 60 days',
  read_customer_events: 'what the web pixel sees',
};

function schema() {
  if (typeof admin === 'string') throw new Error(admin);
  return admin;
}

function listOf(name: string): string[] {
  const text = new RegExp(String.raw`^\s*${name} = \[([^\]]*)\]`, 'm').exec(toml)?.[1] ?? '';
  return [...text.matchAll(/"([^"]+)"/g)].map(([, one = '']) => one).toSorted();
}

function tomlScopes(): string[] {
  return (/^scopes = "([^"]*)"/m.exec(toml)?.[1] ?? '').split(',').toSorted();
}

describe.skipIf(missing !== undefined)(missing ?? 'with Shopify’s schema', () => {
  test.each([...OPERATIONS, bulkQuery('orders', '2026-01-01T00:00:00Z')])('it knows all of %s', (operation) => {
    const document = parse(operation);
    const rules = [...specifiedRules, NoDeprecatedCustomRule];
    expect(validate(schema().schema, document, rules).map(String)).toEqual([]);
    expect(costOfQuery(document, schema().schema, {})).toBeLessThanOrEqual(MOST_COST);
  });

  test('the scopes of shopify.app.toml are those that the operations need, and no more', () => {
    const needed = OPERATIONS.flatMap((operation) => scopesOf(parse(operation), schema().schema, schema().access)).map(
      ([scope = '']) => scope,
    );
    // Whoever may write may read.
    const computed = new Set(
      needed.filter((scope) => !needed.includes(scope.replace(/^read_/, 'write_')) || scope.startsWith('write_')),
    );
    expect(tomlScopes()).toEqual([...computed, ...Object.keys(BESIDES)].toSorted());
    expect(missingScopes([['read_customers'], ['read_gift_cards']], tomlScopes())).toEqual([['read_gift_cards']]);
  });
});

test('the fake grants what shopify.app.toml asks for', () => {
  expect(DEFAULT_SCOPES.toSorted()).toEqual(tomlScopes());
});

test('shopify.app.toml subscribes to what is read, in the version that is spoken', () => {
  expect(listOf('topics')).toEqual(SUBSCRIBED_TOPICS.toSorted());
  expect(listOf('compliance_topics')).toEqual(COMPLIANCE_TOPICS.toSorted());
  expect(COMPLIANCE.toSorted()).toEqual(COMPLIANCE_TOPICS.toSorted());
  expect(/^api_version = "([^"]*)"/m.exec(toml)?.[1]).toBe(API_VERSION);
  expect(SCHEMA_VERSION).toBe(API_VERSION);
});
