/**
 * Why was each mail sent? Lives through a campaign of the simulated shop and explains every message and everybody whom the
 * draw placed: all of it must come out again.
 */
import { explain, keysFrom, readConfig, wallClock } from '@rekindle/core';
import { expect, inject, test } from 'vitest';
import { withScratchDatabase } from '../server/src/demo/scratch.ts';
import { runSimulated } from '../server/src/demo/simulated.ts';

const SECRET = 'a secret of thirty-two characters';

test('every decision of a simulated campaign comes out again', { timeout: 300_000 }, async () => {
  await withScratchDatabase({ databaseUrl: inject('testServer').ownerUrl, secret: SECRET }, async (database) => {
    const { storeId, campaigns } = await runSimulated({
      database,
      config: { ...readConfig({}), APP_SECRET: SECRET },
      seed: '1',
      people: 900,
      asOf: new Date('2026-03-02T07:00:00Z'),
      looks: 2,
    });
    const engine = { database, clock: wallClock, keys: keysFrom(SECRET) };
    const people = await database.inStore(storeId, (tx) =>
      tx.rows<{ campaign_id: string; customer_id: string; arm: string }>(
        'SELECT campaign_id, customer_id, arm FROM holdouts ORDER BY campaign_id, customer_id',
      ),
    );
    expect(campaigns).toHaveLength(1);
    expect(new Set(people.map(({ arm }) => arm))).toContain('holdout');
    const states = new Map<string, number>();
    const broken: string[] = [];
    for (const one of people) {
      const told = await explain(engine, storeId, { campaignId: one.campaign_id, customerId: one.customer_id });
      const name = told.message ? `${told.state ?? ''} ${told.reason ?? ''}`.trim() : one.arm;
      states.set(name, (states.get(name) ?? 0) + 1);
      for (const step of told.steps)
        if (!step.same) broken.push(`${one.customer_id} ${name}: ${step.step}, ${step.because ?? ''}`);
      expect(told.reproduced).toBe(told.steps.every(({ same }) => same));
      expect(JSON.stringify(told)).not.toMatch(/@|customers\.example/);
    }
    expect(broken).toEqual([]);
    expect(states.get('accepted')).toBeGreaterThan(50);
  });
});
