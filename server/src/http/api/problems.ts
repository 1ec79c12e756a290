/** How refusals stand in the document: the same problems as everywhere (../problem.ts). */
import { z } from '@hono/zod-openapi';

const problem = z
  .object({ type: z.string(), title: z.string(), status: z.number().int(), detail: z.string(), code: z.string() })
  .openapi('Problem');

const refused = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
});

export const problems = {
  400: refused('Something in the request is not as it must be'),
  401: refused('Neither signed by HubSpot nor with a key of a store'),
  404: refused('Nobody of this id is known to the store'),
  429: refused('Too many requests; the header Retry-After says when to come again'),
};
