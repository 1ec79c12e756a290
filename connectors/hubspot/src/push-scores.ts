/**
 * Scores → properties of contacts, in a group of their own. By id and never by address: an upsert by e-mail would make a person
 * anew whom somebody has just erased.
 */
import type { SimplePublicObjectBatchInput } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import { currencyDigits, type ScorePayload, type WriteBackResult } from '@rekindle/core';
import { refused, together, type PushContext, type Written } from './written.ts';
import { read } from './read.ts';
import { batchErrors } from './schema.ts';
import type { PROPERTIES } from './properties.ts';

const MOST = 100;

export async function pushScores(
  { ask, ensureProperties }: PushContext,
  records: Written<ScorePayload>[],
): Promise<WriteBackResult[]> {
  await ensureProperties();
  return together(records, MOST, async (batch) => {
    const answer = await ask('writing scores', ({ crm }) =>
      crm.contacts.batchApi.update({ inputs: batch.map(toInput) }),
    );
    const { errors = [] } = read(batchErrors, answer);
    const written = new Set(answer.results.map(({ id }) => id));
    return batch.map(({ id, subjectId }): WriteBackResult => {
      if (written.has(subjectId)) return { id, ok: true };
      const error = errors.find(({ context }) => context?.['ids']?.includes(subjectId));
      if (error?.category === 'OBJECT_NOT_FOUND') return refused(id, 'HubSpot has no such contact any more');
      if (error?.category === 'VALIDATION_ERROR') return refused(id, 'HubSpot does not take these values');
      return {
        id,
        ok: false,
        retryable: true,
        error: `HubSpot did not write it (${error?.category ?? 'without a reason'})`,
      };
    });
  });
}

type Properties = Record<(typeof PROPERTIES)[number]['name'], string>;

/** An empty text empties a property. */
function toInput({ subjectId, payload }: Written<ScorePayload>): SimplePublicObjectBatchInput {
  const money = (value: ScorePayload['valueAtRisk']): string =>
    value === null ? '' : String(value.amount / 10 ** currencyDigits(value.currency));
  const { expectedValue90, expectedValue365, valueAtRisk } = payload;
  const properties: Properties = {
    rekindle_life_stage: payload.lifeStageWords,
    rekindle_life_stage_code: payload.lifeStage,
    rekindle_chance_to_return: payload.chanceToReturn === null ? '' : String(payload.chanceToReturn),
    rekindle_expected_value_90: money(expectedValue90),
    rekindle_expected_value_365: money(expectedValue365),
    rekindle_value_at_risk: money(valueAtRisk),
    rekindle_currency: (expectedValue365 ?? expectedValue90 ?? valueAtRisk)?.currency ?? '',
    rekindle_next_order_on: payload.nextOrderOn ?? '',
    rekindle_reasons: payload.reasons.join('\n'),
    rekindle_next_action: payload.nextAction.words,
    rekindle_next_action_code: payload.nextAction.code,
    rekindle_score_version: String(payload.scoreVersion),
  };
  return { id: subjectId, properties };
}
