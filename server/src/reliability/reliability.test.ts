import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@rekindle/core/testing';
import { TRIALS } from './index.ts';

let base: TestDatabase;
beforeAll(async () => {
  base = await createTestDatabase(inject('testServer'));
});
afterAll(() => base.drop());

/** Few enough for every run of the tests; the command does it by the thousand. */
test.each([
  ['kill-worker', 2],
  ['provider-faults', 200],
  ['unsubscribe-race', 60],
  ['pause-worker', 2],
  ['postgres-restart', 2],
  ['webhook-chaos', 40],
  ['fuzz', 1500],
  ['fairness', 4000],
  ['simulation', 6],
  ['restore', 1],
])(
  '%s: nothing is lost, sent twice or sent against a refusal, and the harness would have told',
  async (name, trials) => {
    const report = await TRIALS[name]?.run({ database: base.database, trials, seed: 1 });
    expect(report).toMatchObject({ lost: 0, duplicated: 0, leaked: 0, positiveControlCaught: true });
    expect(report?.more['unrecorded']).toBe(0);
    // It did hit what it aims at. How often a kill lands in mid-send is the machine's doing; the long runs count that.
    expect(report?.trials).toBeGreaterThan(0);
  },
  300_000,
);
