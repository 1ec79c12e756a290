/**
 * What Salesforce's refusals mean for people. Its own messages are never shown: they quote fields' values, and those are
 * somebody's address. Its codes are (https://developer.salesforce.com/docs: REST API, “Status Codes and Error Responses”).
 */
import { fail, type RekindleError } from '@rekindle/core';
import { problems } from './schema.ts';

export interface Refusal {
  /** Salesforce's own code; HTTP_503 … where the answer is not Salesforce's */
  code: string;
  /** The day's calls are used up: nothing gets through for a while */
  daily: boolean;
  retryable: boolean;
}

const MISSING =
  'Salesforce shows Rekindle no such field or object: install the Rekindle package and give the integration user its permission set.';

const SENTENCES: Record<string, string> = {
  INVALID_FIELD: MISSING,
  INVALID_TYPE: MISSING,
  INVALID_FIELD_FOR_INSERT_UPDATE: MISSING,
  API_DISABLED_FOR_ORG: 'This edition of Salesforce has no API; Enterprise and later ones do.',
  API_CURRENTLY_DISABLED: 'Salesforce has switched the API of this organisation off for now.',
  INSUFFICIENT_ACCESS: 'The integration user may not do this: give it the permission set of the package.',
  INSUFFICIENT_ACCESS_OR_READONLY: 'The integration user may not change this record.',
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: 'The integration user may not see this record.',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 'An automation in Salesforce (a flow or a trigger) stopped the change.',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'A validation rule in Salesforce stopped the change.',
  CANNOT_UPDATE_CONVERTED_LEAD: 'This lead has become a contact; Salesforce keeps it as it was.',
  ENTITY_IS_DELETED: 'This record has been deleted in Salesforce.',
  NOT_FOUND: 'Salesforce does not know this record.',
  INVALID_CROSS_REFERENCE_KEY: 'Salesforce does not know this record.',
  DUPLICATE_VALUE: 'Somebody else wrote this record at the same moment.',
  DUPLICATES_DETECTED: 'A duplicate rule in Salesforce stopped the change.',
  UNABLE_TO_LOCK_ROW: 'Somebody else is changing this record.',
  STRING_TOO_LONG: 'A text is too long for its field in Salesforce.',
  REQUIRED_FIELD_MISSING: 'This organisation asks for a field that Rekindle does not fill.',
  STORAGE_LIMIT_EXCEEDED: 'This organisation’s storage is full.',
};

/** Where trying again may help by itself. */
const PASSING = new Set([
  'UNABLE_TO_LOCK_ROW',
  'DUPLICATE_VALUE',
  'SERVER_UNAVAILABLE',
  'API_CURRENTLY_DISABLED',
  'REQUEST_LIMIT_EXCEEDED',
  'REQUEST_RUNNING_TOO_LONG',
  'QUERY_TIMEOUT',
  'UNKNOWN_EXCEPTION',
  'INVALID_SESSION_ID',
]);

/** Reads an answer that is not 2xx. */
export function readRefusal(status: number, body: string): Refusal {
  const told = problemOf(body);
  const code = told && /^[A-Z][A-Z0-9_]*$/.test(told.errorCode) ? told.errorCode : `HTTP_${String(status)}`;
  const limited = code === 'REQUEST_LIMIT_EXCEEDED';
  return {
    code,
    daily: limited && !/concurrent/i.test(told?.message ?? ''),
    retryable: PASSING.has(code) || status === 429 || status === 408 || status >= 500,
  };
}

function problemOf(body: string): { errorCode: string; message?: string | undefined } | undefined {
  try {
    return problems.parse(JSON.parse(body))[0];
  } catch {
    return undefined;
  }
}

/** The same for one record of several, by its code. */
export function judgeCode(code: string): { retryable: boolean; sentence: string } {
  const known = /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'UNKNOWN';
  return { retryable: PASSING.has(known), sentence: SENTENCES[known] ?? `Salesforce refused this record (${known}).` };
}

export function refusalError(refusal: Refusal): RekindleError {
  const sentence =
    SENTENCES[refusal.code] ??
    (refusal.retryable
      ? `Salesforce cannot answer now (${refusal.code}).`
      : `Salesforce refused what Rekindle asked (${refusal.code}).`);
  return fail(refusal.retryable ? 'connector_unavailable' : 'connector_refused', sentence, {
    detail: { code: refusal.code },
  });
}

/** Salesforce's code in an error of ours; undefined where it did not come from there. */
export function codeOf(error: unknown): string | undefined {
  const detail = (error as { detail?: Record<string, unknown> } | undefined)?.detail;
  return typeof detail?.['code'] === 'string' ? detail['code'] : undefined;
}
