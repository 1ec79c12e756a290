/** The routes of CRM objects: list, search, read and update in batches, associations. */
import type { Portal } from './portal.ts';
import { BUILT_IN, isComputed, type FakeRecord, type ObjectName } from './records.ts';
import { refuse } from './refusal.ts';
import type { Answer, Call } from './call.ts';
import { search, type SearchRequest } from './search.ts';

const LARGEST_PAGE = 100;
const LARGEST_BATCH = 100;
const LARGEST_WITH_HISTORY = 50;

export function wire(
  portal: Portal,
  name: ObjectName,
  record: FakeRecord,
  names: string[],
  history: string[] = [],
): object {
  const records = portal.records[name];
  const wanted = new Set([
    ...names,
    'createdate',
    'hs_object_id',
    name === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
  ]);
  return {
    id: record.id,
    properties: Object.fromEntries([...wanted].map((key) => [key, records.value(record, key)])),
    ...(history.length > 0 && {
      propertiesWithHistory: Object.fromEntries(
        history.map((key) => [
          key,
          (record.history.get(key) ?? []).map(({ value, at }) => ({
            value,
            timestamp: at.toISOString(),
            sourceType: 'CRM_UI',
          })),
        ]),
      ),
    }),
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    archived: false,
  };
}

export function list(name: ObjectName) {
  return ({ portal, query }: Call): Answer => {
    const limit = Number(query.get('limit') ?? 10);
    const names = query.getAll('properties').flatMap((text) => text.split(','));
    if (!(limit >= 1 && limit <= LARGEST_PAGE)) throw refuse(400, 'VALIDATION_ERROR', 'limit must be 1 to 100');
    const after = BigInt(query.get('after') ?? '0');
    const rest = [...portal.records[name].all.values()].filter((record) => BigInt(record.id) > after);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return {
      status: 200,
      body: {
        results: page.map((record) => wire(portal, name, record, names)),
        ...(rest.length > limit && last && { paging: { next: { after: last.id, link: '?' } } }),
      },
    };
  };
}

export function searching(name: ObjectName) {
  return ({ portal, body }: Call): Answer => {
    const request = body as SearchRequest;
    const custom = new Set(portal.properties.keys());
    const { total, page, after } = search(name, portal.records[name], custom, request);
    return {
      status: 200,
      body: {
        total,
        results: page.map((record) => wire(portal, name, record, request.properties ?? [])),
        ...(after !== undefined && { paging: { next: { after } } }),
      },
    };
  };
}

interface ReadRequest {
  inputs: { id: string }[];
  properties: string[];
  propertiesWithHistory: string[];
  idProperty?: string;
}

export function readContacts({ portal, body }: Call): Answer {
  const { inputs, properties, propertiesWithHistory, idProperty } = body as ReadRequest;
  if (idProperty !== undefined) throw refuse(400, 'VALIDATION_ERROR', 'this stand-in reads by id only');
  const most = propertiesWithHistory.length > 0 ? LARGEST_WITH_HISTORY : LARGEST_BATCH;
  if (inputs.length > most) throw refuse(400, 'VALIDATION_ERROR', `no more than ${String(most)} inputs`);
  return batch(portal, inputs, ({ id }) => {
    const record = portal.records.contacts.all.get(id);
    return record && wire(portal, 'contacts', record, properties, propertiesWithHistory);
  });
}

export function updateContacts({ portal, body, fault }: Call): Answer {
  const { inputs } = body as { inputs: { id: string; properties: Record<string, string> }[] };
  if (inputs.length > LARGEST_BATCH) throw refuse(400, 'VALIDATION_ERROR', 'no more than 100 inputs');
  if (new Set(inputs.map(({ id }) => id)).size < inputs.length)
    throw refuse(400, 'VALIDATION_ERROR', 'Duplicate IDs found in batch input');
  for (const { properties } of inputs)
    for (const [name, value] of Object.entries(properties)) mustTake(portal, name, value);
  const failing = fault === 'partial' ? inputs[0]?.id : undefined;
  return batch(
    portal,
    inputs,
    ({ id, properties }) => {
      const record = portal.records.contacts.all.get(id);
      if (!record || id === failing) return undefined;
      portal.change('contacts', record, properties, 'INTEGRATION');
      return wire(portal, 'contacts', record, Object.keys(properties));
    },
    failing,
  );
}

function mustTake(portal: Portal, name: string, value: string): void {
  const type = portal.properties.get(name)?.type ?? BUILT_IN.contacts[name];
  if (type === undefined || isComputed('contacts', name))
    throw refuse(400, 'VALIDATION_ERROR', `Property "${name}" does not exist or is read only`);
  if (value === '') return;
  const fits = type === 'number' ? Number.isFinite(Number(value)) : type !== 'date' || /^\d{4}-\d\d-\d\d$/.test(value);
  if (!fits) throw refuse(400, 'VALIDATION_ERROR', `Property "${name}" is no ${type}`);
}

/** 200 where all went well, 207 where some are missing. `failing`: one that failed for another reason. */
function batch<Input extends { id: string }>(
  portal: Portal,
  inputs: Input[],
  each: (input: Input) => object | undefined,
  failing?: string,
): Answer {
  const results: object[] = [];
  const missing: string[] = [];
  for (const input of inputs) {
    const result = each(input);
    if (result) results.push(result);
    else missing.push(input.id);
  }
  const now = portal.clock.now().toISOString();
  const body = { status: 'COMPLETE', results, startedAt: now, completedAt: now };
  if (missing.length === 0) return { status: 200, body };
  const errors = missing.map((id) => ({
    status: 'error',
    category: id === failing ? 'INTERNAL_ERROR' : 'OBJECT_NOT_FOUND',
    message: 'Could not get some objects, they may be deleted or not exist.',
    context: { ids: [id] },
    links: {},
    errors: [],
  }));
  return { status: 207, body: { ...body, numErrors: errors.length, errors } };
}

export function associations({ portal, body }: Call): Answer {
  const { inputs } = body as { inputs: { id: string }[] };
  if (inputs.length > 1000) throw refuse(400, 'VALIDATION_ERROR', 'no more than 1,000 inputs');
  const now = portal.clock.now().toISOString();
  const found = inputs.filter(({ id }) => (portal.contactsOf.get(id) ?? []).length > 0);
  const results = found.map(({ id }) => ({
    from: { id },
    to: (portal.contactsOf.get(id) ?? []).map((toObjectId) => ({
      toObjectId,
      associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 3 }],
    })),
  }));
  const whole = { status: 'COMPLETE', results, startedAt: now, completedAt: now };
  if (found.length === inputs.length) return { status: 200, body: whole };
  const errors = inputs
    .filter((input) => !found.includes(input))
    .map(({ id }) => ({
      status: 'error',
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      message: `No contact is associated with deal ${id}.`,
      context: { fromObjectId: [id] },
      links: {},
      errors: [],
    }));
  return { status: 207, body: { ...whole, numErrors: errors.length, errors } };
}
