/**
 * What a request to /v3/mail/send must look like. Two judges: the vendor's own OpenAPI document where it is at hand, and
 * always the rules below, which also hold what the document only says in words.
 * https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations
 */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export interface Personalization {
  to: { email: string; name?: string }[];
  subject?: string;
  headers?: Record<string, string>;
  substitutions?: Record<string, string>;
  custom_args?: Record<string, string>;
}

export interface MailRequest {
  personalizations: Personalization[];
  from: { email: string; name?: string };
  reply_to?: { email: string };
  subject?: string;
  content: { type: string; value: string }[];
}

/** As SendGrid words it. */
export interface Complaint {
  message: string;
  field: string | null;
}

const address = {
  type: 'object',
  properties: { email: { type: 'string', format: 'email', maxLength: 254 }, name: { type: 'string' } },
  required: ['email'],
  additionalProperties: false,
};
const words = { type: 'object', additionalProperties: { type: 'string' } };
const enable = { type: 'object', properties: { enable: { type: 'boolean' } }, required: ['enable'] };

/** Only what we send: a field that we do not mean to use is refused, although SendGrid knows more. */
const OWN_SCHEMA = {
  type: 'object',
  properties: {
    personalizations: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        properties: {
          to: { type: 'array', minItems: 1, items: address },
          subject: { type: 'string', minLength: 1 },
          headers: words,
          substitutions: { ...words, maxProperties: 10_000 },
          custom_args: words,
        },
        required: ['to'],
        additionalProperties: false,
      },
    },
    from: address,
    reply_to: address,
    subject: { type: 'string', minLength: 1 },
    content: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: { type: { enum: ['text/plain', 'text/html'] }, value: { type: 'string', minLength: 1 } },
        required: ['type', 'value'],
        additionalProperties: false,
      },
    },
    tracking_settings: {
      type: 'object',
      properties: {
        click_tracking: enable,
        open_tracking: enable,
        subscription_tracking: enable,
        ganalytics: enable,
      },
      additionalProperties: false,
    },
  },
  required: ['personalizations', 'from', 'content'],
  additionalProperties: false,
};

const RESERVED =
  /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const MOST_RECIPIENTS = 1000;
const MOST_BYTES = 10_000;

export type Judge = (body: unknown) => Complaint[];

/** `specification`: path of the vendor's tsg_mail_v3.json. */
export function requestJudge(specification: string | undefined): Judge {
  const own = new Ajv({ allErrors: false });
  addFormats.default(own);
  const judges = [own.compile(OWN_SCHEMA), ...(specification === undefined ? [] : [vendorsJudge(specification)])];
  return (body) => {
    for (const judge of judges) if (!judge(body)) return complaints(judge);
    return limits(body as MailRequest);
  };
}

/** The vendor's schema of the request body, compiled from its document. */
function vendorsJudge(specification: string): ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema(JSON.parse(readFileSync(specification, 'utf8')) as object, 'sendgrid');
  return ajv.compile({
    $ref: 'sendgrid#/components/requestBodies/PostMailSend/content/application~1json/schema',
  });
}

function complaints(judge: ValidateFunction): Complaint[] {
  return (judge.errors ?? []).map((error) => ({
    message: error.message ?? 'Bad Request',
    field: error.instancePath.slice(1).replaceAll('/', '.') || null,
  }));
}

function limits(body: MailRequest): Complaint[] {
  const found: Complaint[] = [];
  let recipients = 0;
  body.personalizations.forEach((one, place) => {
    const field = `personalizations.${String(place)}`;
    recipients += one.to.length;
    const addresses = one.to.map((to) => to.email.toLowerCase());
    if (new Set(addresses).size < addresses.length)
      found.push({
        message: 'Each email address in the personalization block should be unique between to, cc, and bcc.',
        field,
      });
    for (const [name, value] of Object.entries(one.headers ?? {})) {
      if (RESERVED.test(name)) found.push({ message: `The header ${name} may not be set.`, field: `${field}.headers` });
      if (!HEADER_NAME.test(name) || /[\r\n]/.test(value))
        found.push({ message: 'The header is not valid.', field: `${field}.headers` });
    }
    if (bytesOf(one.substitutions) > MOST_BYTES)
      found.push({ message: 'Substitutions may not exceed 10000 bytes.', field: `${field}.substitutions` });
    if (bytesOf(one.custom_args) > MOST_BYTES)
      found.push({ message: 'Custom args may not exceed 10000 bytes.', field: `${field}.custom_args` });
    if ((one.subject ?? body.subject) === undefined)
      found.push({ message: 'The subject is required.', field: 'subject' });
  });
  if (recipients > MOST_RECIPIENTS)
    found.push({ message: 'A request may have 1000 recipients at most.', field: 'personalizations' });
  const types = body.content.map((part) => part.type);
  if (types.join() !== 'text/plain,text/html' && types.length > 1)
    found.push({ message: 'text/plain needs to be first, followed by text/html, each once.', field: 'content' });
  return found;
}

function bytesOf(pairs: Record<string, string> | undefined): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(pairs ?? {})) bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  return bytes;
}
