/**
 * What a journey is: its steps in order, and the rules of leaving and of coming again. Pure; stored as JSON in
 * journeys.definition. A journey is a line and not a graph: a check that fails ends it, so that what a person got can be told
 * in one sentence and every edge has one number.
 */
import { z } from 'zod';
import { MAIL_GOALS } from '../ports.ts';

const key = z.string().regex(/^[a-z0-9-]{1,40}$/);

const wait = z.strictObject({ key, kind: z.literal('wait'), days: z.number().int().min(1).max(180) });
const mail = z.strictObject({ key, kind: z.literal('mail'), goal: z.enum(MAIL_GOALS) });
/** Goes on only with those who did none of this since they came in. Whoever ordered has left already. */
const check = z.strictObject({ key, kind: z.literal('check'), unless: z.array(z.enum(['clicked'])).min(1) });

const step = z.discriminatedUnion('kind', [wait, mail, check]);
export type JourneyStep = z.infer<typeof step>;
export type MailStep = z.infer<typeof mail>;

export const journeyDefinition = z
  .strictObject({
    /** Whose members come in */
    segment: z.string().min(1),
    /** Whoever ordered a moment ago comes in too: the journey is for them */
    afterOrder: z.boolean().default(false),
    steps: z.array(step).min(1).max(20),
    /** Whether leaving the segment ends it. An order, an answer and an unsubscribing always do. */
    leaveWithSegment: z.boolean().default(false),
    /** Nobody comes in again within so many days of the last time */
    reentryDays: z.number().int().min(1).max(730),
    /** Days from her own entry in which a person's orders count */
    measureDays: z.number().int().min(7).max(365),
    /** Days in which a mail that is due finds its hour */
    sendDays: z.number().int().min(1).max(7).default(3),
  })
  .refine(({ steps }) => new Set(steps.map((one) => one.key)).size === steps.length, 'Two steps have the same name.')
  .refine(({ steps }) => steps.some(({ kind }) => kind === 'mail'), 'A journey without a mail does nothing.')
  // Else a person's orders would count for two entries at once.
  .refine(({ reentryDays, measureDays }) => reentryDays >= measureDays, 'Nobody may come again while she is measured.');
export type JourneyDefinition = z.infer<typeof journeyDefinition>;

export const END_REASONS = [
  'erased',
  'ordered',
  'replied',
  'unsubscribed',
  'left_segment',
  'unreachable',
  'clicked',
  'stopped',
] as const;
export type EndReason = (typeof END_REASONS)[number];

export function mailSteps({ steps }: Pick<JourneyDefinition, 'steps'>): MailStep[] {
  return steps.filter((one) => one.kind === 'mail');
}

/** The step after this one; undefined: it was the last. */
export function stepAfter({ steps }: Pick<JourneyDefinition, 'steps'>, key: string): JourneyStep | undefined {
  return steps[steps.findIndex((one) => one.key === key) + 1];
}

/** When a person who comes to this step at `now` is done with it; null: the step waits for its mail. */
export function dueAt(step: JourneyStep, now: Date): Date | null {
  if (step.kind === 'mail') return null;
  return step.kind === 'wait' ? new Date(now.getTime() + step.days * 86_400_000) : now;
}

/**
 * What a person's draw in one of her entries hangs on: the first as in a campaign, later ones each a draw of their own, so
 * that being held back once says nothing about the next time.
 */
export function drawName(campaignKey: string, occurrence: number): string {
  return occurrence === 1 ? campaignKey : `${campaignKey}/${String(occurrence)}`;
}

/** What the hour of one mail is drawn from: each step finds its own. */
export function hourName(campaignKey: string, step: string, occurrence: number): string {
  return `${drawName(campaignKey, occurrence)}/${step}`;
}
