import { emailProviderContract, type EmailProviderSubject, type Misbehaviour } from '@rekindle/connector-contract';
import { fakeClock } from '@rekindle/core/testing';
import { startResendFake, type Fault } from './fake/index.ts';
import { resend } from './src/index.ts';

const FAULTS: Record<Misbehaviour, Fault> = {
  later: 'too_many',
  lost_after_taking: 'reset_after',
  lost_before_taking: 'reset_before',
  silent: 'hang',
};

emailProviderContract('Resend', async (): Promise<EmailProviderSubject> => {
  const clock = fakeClock('2026-03-01T10:00:00Z');
  const fake = await startResendFake({ clock });
  return {
    provider: resend({ apiKey: fake.apiKey, baseUrl: fake.url, webhookKey: fake.webhookKey, timeoutMs: 1000 }),
    now: clock.now(),
    accepted: (id) => fake.accepted.get(id) ?? 0,
    received: fake.mail,
    misbehave: (how) => fake.queueFaults(FAULTS[how]),
    webhooks: (events) => events.map((event) => fake.signed(event)),
    // Who unsubscribes does so on our page; Resend knows nothing of it.
    tells: ['processed', 'delivered', 'deferred', 'open', 'click', 'bounce', 'dropped', 'complaint'],
    close: fake.close,
  };
});
