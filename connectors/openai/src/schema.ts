/** What the model must answer: as JSON Schema for the vendor (structured outputs, strict) and as zod for us. */
import { z } from 'zod';

export const answer = z.strictObject({
  drafts: z.array(
    z.strictObject({
      subject: z.string(),
      preheader: z.string(),
      heading: z.string(),
      paragraphs: z.array(z.string()),
      button: z.string(),
    }),
  ),
});

/**
 * The same as JSON Schema. Strict mode wants every property required and nothing beside them; it ignores or refuses lengths,
 * so these are told in words and checked by core's guard.
 * https://platform.openai.com/docs/guides/structured-outputs (supported schemas)
 */
export const answerFormat = {
  type: 'json_schema',
  json_schema: {
    name: 'mail_drafts',
    strict: true,
    schema: {
      type: 'object',
      additionalProperties: false,
      required: ['drafts'],
      properties: {
        drafts: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['subject', 'preheader', 'heading', 'paragraphs', 'button'],
            properties: {
              subject: { type: 'string' },
              preheader: { type: 'string' },
              heading: { type: 'string' },
              paragraphs: { type: 'array', items: { type: 'string' } },
              button: { type: 'string' },
            },
          },
        },
      },
    },
  },
} as const;
