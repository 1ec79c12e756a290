/** Write-backs as the engine makes them: whole payloads, since a connector refuses anything less. */
import type {
  ConsentPayload,
  OutcomePayload,
  ScorePayload,
  TouchPayload,
  WriteBack,
  WriteBackKind,
} from '@rekindle/core';

/** The ids that the write-backs are about. */
export interface WriteBackSubjects {
  /** The row of the outbox */
  id: number;
  subjectId: string;
  /** Of the person on the platform, for a touch */
  personId: string;
  /** Of the campaign in Rekindle, for a touch */
  campaignId: string;
}

/** A write-back of this kind, the same at every call. */
export function sampleWriteBack(kind: WriteBackKind, about: WriteBackSubjects): WriteBack {
  return { id: about.id, kind, subjectId: about.subjectId, payload: PAYLOADS[kind](about) };
}

const PAYLOADS: Record<WriteBackKind, (about: WriteBackSubjects) => Record<string, unknown>> = {
  score: () => score,
  outcome: () => outcome,
  touch: touchOf,
  consent: () => consent,
};

const score: ScorePayload = {
  state: 'scored',
  lifeStage: 'lapsed',
  lifeStageWords: 'Lapsed',
  chanceToReturn: 0.342,
  expectedValue90: { amount: 1250, currency: 'EUR' },
  expectedValue365: { amount: 4705, currency: 'EUR' },
  valueAtRisk: { amount: 9100, currency: 'EUR' },
  nextOrderOn: '2026-04-19',
  reasons: ['Usually comes back after 31 days; it has been 80.', 'Bought five times.'],
  nextAction: { code: 'write', words: 'Write now: the usual time has passed.' },
  scoreVersion: 3,
};

const outcome: OutcomePayload = {
  name: 'Come back in spring',
  state: 'measured',
  treated: 900,
  heldBack: 100,
  verdict: 'won',
  verdictWords: 'It brought more than it would have sold by itself.',
  incrementalRevenue: { amount: 412_000, low: 120_000, high: 704_000, confidence: 0.95, currency: 'EUR' },
  sends: { accepted: 900, opened: 400, clicked: 120, unsubscribed: 4, complained: 0, failed: 6 },
  ordersAfter: 77,
  startedOn: '2026-03-03',
};

function touchOf({ personId, campaignId, subjectId }: WriteBackSubjects): TouchPayload {
  return {
    externalId: personId,
    campaignId,
    campaignName: outcome.name,
    messageId: subjectId,
    outcome: 'clicked',
    words: 'Clicked in the mail “We kept your size”.',
    subject: 'We kept your size',
    sentAt: '2026-03-03T09:00:00.000Z',
    at: '2026-03-03T18:30:00.000Z',
    orderValue: null,
  };
}

const consent: ConsentPayload = {
  channel: 'email',
  state: 'unsubscribed',
  basis: 'none',
  at: '2026-03-05T08:00:00.000Z',
};
