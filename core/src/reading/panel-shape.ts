/**
 * What a CRM panel shows of one person: one answer of /api/v1/panel, the same for HubSpot and Salesforce. Every text is ready
 * to be shown, in the store's language; the panels only lay it out.
 */
import { z } from 'zod';

const instant = z.iso.datetime();

export const panel = z.object({
  /** scored; not_enough_data: `missing` says what is missing; unknown: nobody of this id has been pulled yet */
  state: z.enum(['scored', 'not_enough_data', 'unknown']),
  store: z.object({ name: z.string(), simulated: z.boolean(), language: z.string() }),
  /** Null where state is unknown */
  customer: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** 'About 34 % likely to come back by herself within 90 days.' */
  headline: z.string(),
  /** 0..1, for the gauge */
  chanceToReturn: z.number().min(0).max(1).nullable(),
  lifeStage: z.object({ code: z.string(), words: z.string() }).nullable(),
  /** What the person is worth and by when, in words */
  value: z.string().nullable(),
  nextOrder: z.string().nullable(),
  missing: z.string().nullable(),
  reasons: z.array(z.string()).max(3),
  nextAction: z.object({
    /** answer, write, wait, ask_consent, check_address, call, none */
    code: z.string(),
    words: z.string(),
  }),
  /** Newest first */
  touches: z
    .array(
      z.object({
        at: instant,
        kind: z.string(),
        words: z.string(),
        /** '3 March' in the store's zone */ on: z.string(),
      }),
    )
    .max(5),
  consent: z.object({
    /** May be mailed today */
    mayMail: z.boolean(),
    words: z.string(),
    /** Until when the law's clock runs, yyyy-mm-dd; null: no end, or none to run */
    until: z.string().nullable(),
  }),
  /** Why nothing goes out although it might: 'Held back because a deal is open.' Null: not held back */
  heldBack: z.string().nullable(),
  /** As of when the score was made */
  scoredAt: instant.nullable(),
  scoreVersion: z.number().int().nullable(),
});
export type Panel = z.infer<typeof panel>;
