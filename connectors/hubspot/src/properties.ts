/** The properties that Rekindle adds to contacts: made once, left alone where they are. */
import type { PropertyCreate } from '@hubspot/api-client/lib/codegen/crm/properties/index.js';
import { RekindleError } from '@rekindle/core';
import type { Ask } from './ask.ts';

const GROUP = { name: 'rekindle', label: 'Rekindle' };

type Kind = 'text' | 'long' | 'number' | 'date';

const TYPES: Record<Kind, [type: string, fieldType: string]> = {
  text: ['string', 'text'],
  long: ['string', 'textarea'],
  number: ['number', 'number'],
  date: ['date', 'date'],
};

export const PROPERTIES = [
  { name: 'rekindle_life_stage', label: 'Life stage', kind: 'text' },
  { name: 'rekindle_life_stage_code', label: 'Life stage (code)', kind: 'text' },
  { name: 'rekindle_chance_to_return', label: 'Chance to return by herself within 90 days (0 to 1)', kind: 'number' },
  { name: 'rekindle_expected_value_90', label: 'Expected value, 90 days', kind: 'number' },
  { name: 'rekindle_expected_value_365', label: 'Expected value, a year', kind: 'number' },
  { name: 'rekindle_value_at_risk', label: 'Value at risk', kind: 'number' },
  { name: 'rekindle_currency', label: 'Currency of the values', kind: 'text' },
  { name: 'rekindle_next_order_on', label: 'Next order expected on', kind: 'date' },
  { name: 'rekindle_reasons', label: 'Reasons', kind: 'long' },
  { name: 'rekindle_next_action', label: 'Next action', kind: 'text' },
  { name: 'rekindle_next_action_code', label: 'Next action (code)', kind: 'text' },
  { name: 'rekindle_score_version', label: 'Version of the score', kind: 'number' },
] as const satisfies { name: string; label: string; kind: Kind }[];

/** Makes the group and whichever properties are missing. Two processes at once do no harm. */
export async function ensureProperties(ask: Ask): Promise<void> {
  const existing = await ask('reading properties', ({ crm }) => crm.properties.coreApi.getAll('contacts', false));
  const there = new Set(existing.results.map(({ name }) => name));
  const missing = PROPERTIES.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return;
  await unlessThere(
    ask('making a group of properties', ({ crm }) => crm.properties.groupsApi.create('contacts', GROUP)),
  );
  await unlessThere(
    ask('making properties', ({ crm }) =>
      crm.properties.batchApi.create('contacts', { inputs: missing.map((one) => toCreate(one)) }),
    ),
  );
}

function toCreate({ name, label, kind }: (typeof PROPERTIES)[number]): PropertyCreate {
  const [type, fieldType] = TYPES[kind];
  return {
    name,
    label,
    groupName: GROUP.name,
    // The client names both by enumerations whose values are these very words.
    type: type as PropertyCreate['type'],
    fieldType: fieldType as PropertyCreate['fieldType'],
    description: 'Kept by Rekindle; what is written here by hand is written over.',
    formField: false,
  };
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof RekindleError && error.detail['status'] === 409)) throw error;
  }
}
