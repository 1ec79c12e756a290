import { expect, inject, test } from 'vitest';
import { readConfig } from '@rekindle/core';
import { createTestDatabase, fakeClock, TEST_SECRET } from '@rekindle/core/testing';
import { openSurroundings } from './surroundings.ts';

test('a demo’s mails stay on the machine, whoever the environment says should send them', async () => {
  const base = await createTestDatabase(inject('testServer'));
  const surroundings = await openSurroundings({
    database: base.database,
    config: readConfig({
      APP_SECRET: TEST_SECRET,
      EMAIL_PROVIDER: 'smtp',
      SMTP_URL: 'smtp://mail.example',
      SENDGRID_API_KEY: 'SG.real',
      SENDGRID_URL: 'https://api.sendgrid.com',
    }),
    seed: '1',
    clock: fakeClock('2026-03-01T10:00:00Z'),
  });
  const sent = await surroundings.engine.email.send({
    batchId: 'b',
    from: { email: 'hello@shop.example', name: 'Shop' },
    template: { subject: 's', html: '<p>h', text: 't' },
    recipients: [{ messageId: 'm', email: 'ana@example.com', gaps: [], headers: {} }],
  });
  expect(sent).toMatchObject({ outcome: 'accepted' });
  expect(surroundings.mails.accepted.get('m')).toBe(1);
  await surroundings.close();
  await base.drop();
});
