import { emailProviderContract, type EmailProviderSubject, type Misbehaviour } from '@rekindle/connector-contract';
import { fakeClock } from '@rekindle/core/testing';
import { startSendGridFake, type Fault } from './fake/index.ts';
import { sendGrid } from './src/index.ts';

const FAULTS: Record<Misbehaviour, Fault> = {
  later: 'too_many',
  lost_after_taking: 'reset_after',
  lost_before_taking: 'reset_before',
  silent: 'hang',
};

emailProviderContract('SendGrid', async (): Promise<EmailProviderSubject> => {
  const clock = fakeClock('2026-03-01T10:00:00Z');
  const fake = await startSendGridFake({ clock });
  return {
    provider: sendGrid({ apiKey: fake.apiKey, baseUrl: fake.url, webhookKey: fake.publicKey, timeoutMs: 1000 }),
    now: clock.now(),
    accepted: (id) => fake.accepted.get(id) ?? 0,
    received: fake.mail,
    misbehave: (how) => fake.queueFaults(FAULTS[how]),
    webhooks: (events) => [fake.signed(events)],
    close: fake.close,
  };
});
