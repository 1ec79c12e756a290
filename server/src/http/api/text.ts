/** Text from outside, as the database can hold it. */
import { z } from '@hono/zod-openapi';

/** An id of somebody else's: without a null character and without half of a surrogate pair, which no id has. */
export const idText = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must be plain text');
