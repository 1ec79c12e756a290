import { emailProviderContract, type EmailProviderSubject, type Misbehaviour } from '@rekindle/connector-contract';
import { fakeClock } from '@rekindle/core/testing';
import { startSmtpFake, type Fault } from './fake/index.ts';
import { smtp } from './src/index.ts';

const FAULTS: Record<Misbehaviour, Fault> = {
  later: 'busy',
  lost_after_taking: 'drop_after',
  lost_before_taking: 'drop_before',
  silent: 'hang',
};

emailProviderContract('SMTP', async (): Promise<EmailProviderSubject> => {
  const clock = fakeClock('2026-03-01T10:00:00Z');
  const fake = await startSmtpFake({ clock });
  return {
    provider: smtp({ url: fake.url, timeoutMs: 1000, dkimSelector: 'rekindle', spf: 'include:relay.example' }),
    now: clock.now(),
    accepted: (id) => fake.accepted.get(id) ?? 0,
    received: fake.mail,
    misbehave: (how) => fake.queueFaults(FAULTS[how]),
    close: fake.close,
  };
});
