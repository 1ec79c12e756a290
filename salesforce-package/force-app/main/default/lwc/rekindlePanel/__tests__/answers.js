/** Answers of /api/v1/panel for the tests, in the shape that Rekindle gives. */
export const ANNA = {
  state: 'scored',
  store: { name: 'Lindgren Tea', simulated: false, language: 'en' },
  customer: { id: '7f0c1c9e-5b1c-4d5c-9f25-0d6e1f0f0001', name: 'Anna Petrova' },
  headline: 'About 34 % likely to come back by herself within 90 days.',
  chanceToReturn: 0.34,
  lifeStage: { code: 'slipping', words: 'Slipping away' },
  value: 'Worth about € 310 in a normal year, € 190 of it at risk.',
  nextOrder: 'Her next order was expected on 14 October.',
  missing: null,
  reasons: [
    '71 days since her last order; usually 38.',
    'Her last two baskets were smaller.',
    'She opened none of the last four mails.',
  ],
  nextAction: { code: 'write', words: 'Write to her about the autumn teas; she bought them three times.' },
  touches: [
    { at: '2026-11-03T09:12:00.000Z', kind: 'opened', words: 'Opened “Back in stock”', on: '3 November' },
    { at: '2026-09-14T15:40:00.000Z', kind: 'order', words: 'Ordered for € 42.50', on: '14 September' },
  ],
  consent: { mayMail: true, words: 'May be mailed until 3 March 2027.', until: '2027-03-03' },
  heldBack: null,
  scoredAt: '2026-11-24T05:00:00.000Z',
  scoreVersion: 7,
};

export const HELD_BACK = { ...ANNA, heldBack: 'Held back because a deal is open.' };

export const STOPPED = {
  ...ANNA,
  consent: { mayMail: false, words: 'Do not mail: asked for on 24 November 2026.', until: null },
  nextAction: { code: 'none', words: 'Nothing to do.' },
};

export const TOO_LITTLE = {
  ...ANNA,
  state: 'not_enough_data',
  headline: 'Not enough known yet.',
  chanceToReturn: null,
  lifeStage: null,
  value: null,
  nextOrder: null,
  missing: 'One order more, or about 9 more days.',
  reasons: [],
  touches: [],
  scoredAt: null,
  scoreVersion: null,
};

export const UNKNOWN = {
  ...TOO_LITTLE,
  state: 'unknown',
  customer: null,
  headline: 'Rekindle does not know this person yet.',
  missing: null,
  nextAction: { code: 'none', words: 'Nothing to do until the next sync.' },
  consent: { mayMail: false, words: 'Not mailed: not known yet.', until: null },
};
