import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function lines(readable = false): { log: ReturnType<typeof createLog>; written: string[] } {
  const written: string[] = [];
  return { log: createLog({ level: 'info', readable, write: (line) => written.push(line) }), written };
}

test('masks secrets and personal data by name, at any depth, in arrays and errors', () => {
  const { log, written } = lines();
  log.info(
    {
      request: { headers: { authorization: 'Bearer s3cret', cookie: 'a=s3cret' } },
      people: [{ firstName: 'Ada', last_name: 'Lovelace', phone: '+34600' }],
      unsubscribeToken: 's3cret',
      err: Object.assign(new Error('no mailbox ada@example.com', { cause: new Error('postgresql://u:s3cret@h/db') }), {
        detail: 'Key (email)=(ada@example.com) already exists.',
      }),
      stage: 'score',
    },
    'mailed ada@example.com',
  );
  expect(written).toHaveLength(1);
  expect(written[0]).not.toMatch(/s3cret|Ada|Lovelace|\+34600|ada@example/);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 'info', stage: 'score', msg: 'mailed [hidden]' });
});

test('is silent below its level and says one short line for a person', () => {
  const { log, written } = lines(true);
  log.info({ stage: 'score', customers: 3 }, 'stage done');
  expect(written[0]).toMatch(/^\d\d:\d\d:\d\d info {2}stage done stage=score customers=3\n$/);
  createLog({ level: 'warn', write: (line) => written.push(line) }).info({}, 'not heard');
  expect(written).toHaveLength(1);
});
