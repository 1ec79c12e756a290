/**
 * JSON schemas of what HubSpot sends and takes, derived from the types of its own client: made at first use and kept in
 * node_modules/.cache, because HubSpot licenses its API's documents to nobody. They know names, types and enumerations; paths,
 * statuses and limits are the fake's own.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

const require = createRequire(import.meta.url);
const CLIENT = path.dirname(require.resolve('@hubspot/api-client/package.json'));

/** Module of the client → the types that are checked. */
const ROOTS = {
  'crm/contacts': [
    'BatchInputSimplePublicObjectBatchInput',
    'BatchReadInputSimplePublicObjectId',
    'BatchResponseSimplePublicObject',
    'BatchResponseSimplePublicObjectWithErrors',
    'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging',
    'CollectionResponseWithTotalSimplePublicObjectForwardPaging',
    'ModelError',
    'PublicObjectSearchRequest',
  ],
  'crm/associations/v4': [
    'BatchInputPublicFetchAssociationsBatchRequest',
    'BatchResponsePublicAssociationMultiWithLabel',
    'BatchResponsePublicAssociationMultiWithLabelWithErrors',
  ],
  'crm/properties': [
    'BatchInputPropertyCreate',
    'BatchResponseProperty',
    'CollectionResponsePropertyNoPaging',
    'PropertyGroup',
    'PropertyGroupCreate',
  ],
  'marketing/events': [
    'BatchInputMarketingEventCreateRequestParams',
    'BatchResponseMarketingEventPublicDefaultResponse',
  ],
  communication_preferences: [
    'PublicSubscriptionStatus',
    'PublicUpdateSubscriptionStatusRequest',
    'SubscriptionDefinitionsResponse',
  ],
  oauth: ['TokenResponseIF'],
} as const satisfies Record<string, string[]>;

type Module = keyof typeof ROOTS;
export type TypeName = { [M in Module]: `${M}:${(typeof ROOTS)[M][number]}` }[Module];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

let validators: Map<string, ValidateFunction> | undefined;

/** What is wrong with a value that should be of this type; undefined: nothing. Names where, never what stands there. */
export function complaint(type: TypeName, value: unknown): string | undefined {
  const validate = validators?.get(type);
  if (!validate) throw new Error(`no schema of ${type} is loaded`);
  if (validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  const extra = error?.keyword === 'additionalProperties' ? `: ${String(error.params['additionalProperty'])}` : '';
  return `${error?.instancePath || '/'} ${error?.message ?? 'is wrong'}${extra}`;
}

/** Makes or reads the schemas, where that was not done yet: seconds the first time. */
export async function loadSchemas(): Promise<void> {
  validators ??= compile(await cached());
}

function compile(schemas: Record<string, object>): Map<string, ValidateFunction> {
  const ajv = new Ajv({ strict: false });
  // The package is CommonJS: its one function is called default.
  (addFormats as unknown as { default: (ajv: Ajv) => void }).default(ajv);
  const made = new Map<string, ValidateFunction>();
  for (const [name, schema] of Object.entries(schemas)) made.set(name, ajv.compile(schema));
  return made;
}

async function cached(): Promise<Record<string, object>> {
  const { version } = JSON.parse(readFileSync(path.join(CLIENT, 'package.json'), 'utf8')) as { version: string };
  const key = createHash('sha256')
    .update(JSON.stringify(ROOTS))
    .update(readFileSync(import.meta.filename))
    .digest('hex');
  const folder = path.join(CLIENT, '..', '..', '.cache', 'rekindle');
  const file = path.join(folder, `hubspot-${version}-${key.slice(0, 12)}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;
  } catch {
    mkdirSync(folder, { recursive: true });
    const schemas = await generate(folder);
    // Several processes may do this at once: each writes a file of its own and moves it into place.
    const mine = `${file}.${String(process.pid)}`;
    writeFileSync(mine, JSON.stringify(schemas));
    renameSync(mine, file);
    return schemas;
  }
}

/** Every @types package of the house would be read otherwise. */
const TSCONFIG = {
  compilerOptions: { target: 'es2020', lib: ['es2020'], types: [], module: 'nodenext', skipLibCheck: true },
  files: [],
};

async function generate(folder: string): Promise<Record<string, object>> {
  // Heavy: it brings the compiler.
  const { createGenerator } = await import('ts-json-schema-generator');
  const tsconfig = path.join(folder, 'hubspot-types.tsconfig.json');
  writeFileSync(tsconfig, JSON.stringify(TSCONFIG));
  const schemas: Record<string, object> = {};
  for (const [module, types] of Object.entries(ROOTS)) {
    const models = path.join(CLIENT, 'lib', 'codegen', module, 'models');
    const generator = createGenerator({
      path: path.join(models, 'all.d.ts'),
      tsconfig,
      skipTypeCheck: true,
      additionalProperties: false,
      expose: 'all',
      encodeRefs: false,
    });
    for (const type of types) {
      const schema = generator.createSchema(type) as unknown as Json;
      schemas[`${module}:${type}`] = wireNames(schema, module) as object;
    }
  }
  return schemas;
}

/** The client renames what is a word of its own (`_from`): each class says what the wire calls it. */
function wireNames(schema: Json, module: string): Json {
  const { definitions } = schema as {
    definitions: Record<string, { properties?: Record<string, Json>; required?: string[] }>;
  };
  for (const [type, definition] of Object.entries(definitions)) {
    const wire = wireNamesOf(module, type);
    const rename = (name: string): string => wire.get(name) ?? name;
    if (definition.properties)
      definition.properties = Object.fromEntries(
        Object.entries(definition.properties).map(([name, value]) => [rename(name), value]),
      );
    if (definition.required) definition.required = definition.required.map(rename);
  }
  return schema;
}

function wireNamesOf(module: string, type: string): Map<string, string> {
  const file = path.join(CLIENT, 'lib', 'codegen', module, 'models', `${type}.js`);
  let model: Record<string, { attributeTypeMap?: { name: string; baseName: string }[] } | undefined>;
  try {
    model = require(file) as typeof model;
  } catch {
    return new Map();
  }
  return new Map((model[type]?.attributeTypeMap ?? []).map(({ name, baseName }) => [name, baseName]));
}
