import { describe, expect, test } from 'vitest';
import { whyNoModel } from './why-no-model.ts';

const NOW = new Date('2026-06-01T10:00:00Z');

describe('why no model scores, for a shopkeeper', () => {
  test.each([
    ['store_too_young: 50 days of orders, 120 are needed for a model', /120 days of orders, and so far there are 50/],
    ['store_too_small: 1 customers bought again, 100 are needed for a model', /100 customers .* so far 1 has\./],
    ['no model describes this store (mbg-nbd: degenerate_dropout: the fit says that nobody ever leaves (a/(a+b) = 0.0001); pareto-nbd: not_converged: the search found no maximum inside its bounds)', /Hardly any .* stopped buying/],
    ['no model describes this store (mbg-nbd: seasonal_or_changed: 410 purchases were foretold for the last 14 weeks and there were 120)', /a season, or a change/],
    ['no model describes this store (mbg-nbd: at_edge: r ran to 1000)', /who stays and who leaves/],
    ['no history to hold out', /history is too short/],
  ])('%s', (reason, words) => {
    const { missing, meanwhile } = whyNoModel(reason, NOW, 'en');
    expect(missing).toMatch(words);
    expect(`${missing} ${meanwhile}`).not.toMatch(/nbd|_|\bfit\b|\bmodel\b|dropout|converge|score/i);
    expect(meanwhile).toMatch(/rhythm/);
    const spanish = whyNoModel(reason, NOW, 'es');
    expect(`${spanish.missing} ${spanish.meanwhile}`).toMatch(/^[A-ZÁ].*ritmo propio|propio ritmo/);
    expect(`${spanish.missing} ${spanish.meanwhile}`.match(/\d+/g)).toEqual(`${missing} ${meanwhile}`.match(/\d+/g));
    expect(`${spanish.missing} ${spanish.meanwhile}`).not.toMatch(/\b(the|of|and|days|orders)\b|nbd|_/i);
  }); // prettier-ignore

  test('says when, where days are what is missing', () => {
    const { until } = whyNoModel('store_too_young: 50 days of orders, 120 are needed for a model', NOW, 'en');
    expect(until).toEqual(new Date('2026-08-10T10:00:00Z'));
  });
});
