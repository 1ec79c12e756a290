import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIFE_STAGES } from './life-stage.ts';
import { NEXT_ACTIONS, nextAction, nextActionSentence, type Situation } from './next-action.ts';

const late: Situation = {
  lifeStage: 'slipping',
  hasEmail: true,
  hasPhone: false,
  suppressed: null,
  refusal: null,
  replied: false,
  paused: false,
  planned: false,
  heldBack: false,
  daysSinceMail: null,
};

test.each<[Partial<Situation>, string]>([
  [{}, 'write late'],
  [{ lifeStage: null }, 'none too_little_known'],
  [{ lifeStage: 'active', refusal: 'no_consent' }, 'none on_time'],
  [{ lifeStage: 'lost' }, 'none gone'],
  [{ replied: true, lifeStage: 'active', planned: true }, 'answer wrote_back'],
  [{ replied: true, refusal: 'unsubscribed', lifeStage: null }, 'answer wrote_back'],
  [{ paused: true, planned: true }, 'wait asked_pause'],
  [{ paused: true, lifeStage: 'active' }, 'none on_time'],
  [{ paused: true, refusal: 'unsubscribed' }, 'none refused'],
  [{ planned: true }, 'wait mail_planned'],
  [{ heldBack: true, daysSinceMail: 3 }, 'wait held_back'],
  [{ daysSinceMail: 14 }, 'wait just_written'],
  [{ daysSinceMail: 15 }, 'write late'],
  [{ daysSinceMail: 15, hasPhone: true }, 'call written_in_vain'],
  [{ daysSinceMail: 90, hasPhone: true }, 'write late'],
  [{ hasEmail: false }, 'check_address no_address'],
  [{ hasEmail: false, hasPhone: true }, 'call no_address'],
  [{ suppressed: 'hard_bounce' }, 'check_address bad_address'],
  [{ suppressed: 'complaint', hasPhone: true }, 'none refused'],
  [{ refusal: 'unsubscribed', hasPhone: true }, 'none refused'],
  [{ refusal: 'consent_expired' }, 'ask_consent no_consent'],
  [{ refusal: 'no_consent', lifeStage: 'lapsed' }, 'ask_consent no_consent'],
])('%j: %s', (difference, expected) => {
  const { code, reason } = nextAction({ ...late, ...difference });
  expect(`${code} ${reason}`).toBe(expected);
});

const situations = fc.record<Situation>({
  lifeStage: fc.constantFrom(null, ...LIFE_STAGES),
  hasEmail: fc.boolean(),
  hasPhone: fc.boolean(),
  suppressed: fc.constantFrom(null, 'unsubscribed', 'hard_bounce', 'manual', 'complaint', 'erased'),
  refusal: fc.constantFrom(null, 'unsubscribed', 'consent_pending', 'no_consent', 'consent_expired'),
  replied: fc.boolean(),
  paused: fc.boolean(),
  planned: fc.boolean(),
  heldBack: fc.boolean(),
  daysSinceMail: fc.option(fc.integer({ min: 0, max: 400 })),
});

test('nobody is advised to write where no mail may go, nor to call somebody who said no', () => {
  fc.assert(
    fc.property(situations, (now) => {
      const { code } = nextAction(now);
      expect(NEXT_ACTIONS).toContain(code);
      if (!now.hasEmail || now.suppressed !== null || now.refusal !== null || now.heldBack || now.paused)
        expect(code).not.toBe('write');
      if (now.refusal === 'unsubscribed') expect(['none', 'wait', ...(now.replied ? ['answer'] : [])]).toContain(code);
    }),
  );
});

test('every advice has its sentence in every language', () => {
  fc.assert(
    fc.property(situations, (now) => {
      for (const language of ['en', 'es'] as const)
        expect(nextActionSentence(nextAction(now), language)).toMatch(/^[A-Z].*\.$/);
    }),
  );
});
