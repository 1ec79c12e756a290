import { expect, test } from 'vitest';
import { createShutdown } from './shutdown.ts';

test('stops in the opposite order, once, and past a stop that fails', async () => {
  const order: string[] = [];
  const shutdown = createShutdown();
  shutdown.add(() => void order.push('database'));
  shutdown.add(() => {
    order.push('worker');
    throw new Error('will not');
  });
  shutdown.add(async () => {
    await Promise.resolve();
    order.push('web');
  });
  await Promise.all([shutdown.run(), shutdown.run()]);
  expect(order).toEqual(['web', 'worker', 'database']);
});
