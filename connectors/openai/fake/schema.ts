/**
 * What the fake lets pass: a schema of our own, as strict as the vendor is with unknown arguments, always; and the vendor's
 * OpenAPI document beside it where a copy lies next to the repository (../shared/specs).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export const SPECIFICATION = path.resolve(import.meta.dirname, '../../../../shared/specs/openai/openapi.json.gz');

const text = { type: 'string', minLength: 1 };

/** The part of POST /v1/chat/completions that a writer needs; everything else is refused. */
const request = {
  type: 'object',
  additionalProperties: false,
  required: ['model', 'messages', 'response_format'],
  properties: {
    model: text,
    messages: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['role', 'content'],
        properties: { role: { enum: ['system', 'developer', 'user', 'assistant'] }, content: text },
      },
    },
    response_format: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'json_schema'],
      properties: {
        type: { const: 'json_schema' },
        json_schema: {
          type: 'object',
          additionalProperties: false,
          required: ['name', 'schema', 'strict'],
          properties: {
            name: { type: 'string', pattern: '^[a-zA-Z0-9_-]{1,64}$' },
            description: text,
            strict: { const: true },
            schema: { $ref: '#/$defs/strict' },
          },
        },
      },
    },
    max_completion_tokens: { type: 'integer', minimum: 1 },
    store: { type: 'boolean' },
  },
  $defs: {
    // Structured outputs: every object closed, every property required, no lengths.
    strict: {
      oneOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'properties', 'required', 'additionalProperties'],
          properties: {
            type: { const: 'object' },
            description: text,
            additionalProperties: { const: false },
            required: { type: 'array', items: text },
            properties: { type: 'object', additionalProperties: { $ref: '#/$defs/strict' } },
          },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['type', 'items'],
          properties: { type: { const: 'array' }, description: text, items: { $ref: '#/$defs/strict' } },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['type'],
          properties: { type: { enum: ['string', 'number', 'integer', 'boolean'] }, description: text },
        },
      ],
    },
  },
};

export interface Checks {
  /** Problems of a request, empty where there are none. */
  request(body: unknown): string[];
  /** Problems of an answer of the fake itself, by the vendor's document; empty where there is no such document. */
  response(body: unknown): string[];
  /** Whether the vendor's document is there. */
  byVendor: boolean;
}

const built = new Map<string, Checks>();

/** Compiles the checks, once a document. `specification` is a gzipped OpenAPI document; a missing file is no error. */
export function buildChecks(specification: string = SPECIFICATION): Checks {
  let checks = built.get(specification);
  if (!checks) built.set(specification, (checks = build(specification)));
  return checks;
}

function build(specification: string): Checks {
  const own = new Ajv2020({ strict: false, logger: false }).compile(request);
  const vendor = existsSync(specification) ? vendorChecks(specification) : undefined;
  return {
    byVendor: vendor !== undefined,
    request: (body) => [...problems('own', own, body), ...(vendor ? problems('vendor', vendor.request, body) : [])],
    response: (body) => (vendor ? problems('vendor', vendor.response, body) : []),
  };
}

function vendorChecks(file: string): { request: ValidateFunction; response: ValidateFunction } {
  const text = gunzipSync(readFileSync(file)).toString('utf8');
  const document = JSON.parse(text, asJsonSchema) as Record<string, unknown>;
  // The document names formats ("unixtime") and keywords ("x-oaiMeta", "nullable") that JSON Schema does not know.
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false, validateSchema: false });
  ajv.addSchema({ $id: 'openai', components: document['components'] });
  const schema = (name: string): ValidateFunction => ajv.compile({ $ref: `openai#/components/schemas/${name}` });
  return { request: schema('CreateChatCompletionRequest'), response: schema('CreateChatCompletionResponse') };
}

/** The document says `nullable` in places, a word of OpenAPI 3.0 that JSON Schema does not have. */
function asJsonSchema(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('nullable' in value) || typeof value.nullable !== 'boolean')
    return value;
  const { nullable, ...rest } = value as { nullable: boolean; type?: unknown };
  return nullable && typeof rest.type === 'string' ? { ...rest, type: [rest.type, 'null'] } : rest;
}

function problems(by: string, check: ValidateFunction, body: unknown): string[] {
  if (check(body)) return [];
  return (check.errors ?? []).map((error) => `${by}: ${error.instancePath || '/'} ${error.message ?? ''}`);
}
