/** What we keep and what Salesforce answers, as far as we read it. Everything else in an answer is passed over. */
import { z } from 'zod';

/** API version: Spring ’26. The package's sourceApiVersion is the same. */
export const API_VERSION = '66.0';

/** Of one connection. */
export const salesforceSettings = z.object({
  /** Of the integration user who has the permission set of the package */
  username: z.string().min(3),
  /** Currency of an organisation that has one only; with several, each opportunity says its own */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Where it signs in, if not at SALESFORCE_LOGIN_URL: https://test.salesforce.com for a sandbox, or the My Domain address */
  loginUrl: z
    .url()
    .transform((url) => new URL(url).origin)
    .optional(),
});
export type SalesforceSettings = z.infer<typeof salesforceSettings>;

/** What the vault keeps. The private key is the app's and stays in the configuration. */
export const keptSession = z.object({
  accessToken: z.string(),
  instanceUrl: z.url(),
  /** No call before this instant: the organisation's calls of the day are nearly used up */
  restUntil: z.iso.datetime().optional(),
});
export type KeptSession = z.infer<typeof keptSession>;

/** 15 or 18 characters; the first three say what it is the id of. */
export const recordId = z.string().regex(/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/);
/** Ids of ours that may stand in a query. */
export const ownId = z.string().regex(/^[\w-]{1,36}$/);

export const problems = z.array(z.object({ errorCode: z.string(), message: z.string().optional() })).min(1);

export const queryJob = z.object({
  id: recordId,
  state: z.enum(['UploadComplete', 'InProgress', 'Aborted', 'JobComplete', 'Failed']),
  createdDate: z.string(),
  numberRecordsProcessed: z.number().optional(),
});
export type QueryJob = z.infer<typeof queryJob>;

export const queryAnswer = z.object({
  totalSize: z.number(),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(z.record(z.string(), z.unknown())),
});

export const description = z.object({ fields: z.array(z.object({ name: z.string() })) });

export const saved = z.array(
  z.object({
    id: z.string().nullish(),
    success: z.boolean(),
    errors: z.array(z.object({ statusCode: z.string(), message: z.string().optional() })),
  }),
);
export type Saved = z.infer<typeof saved>[number];
