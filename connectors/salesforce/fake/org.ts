/** The organisation: its records, and the rules by which they are made and changed. */
import type { Clock } from '@rekindle/core';
import { fieldOf, objectOf, type Description, type Field, type ObjectFields } from './fields.ts';
import { guarded, makeId } from './ids.ts';
import { Problem } from './problem.ts';

export type Value = string | number | boolean | null;
export type Record_ = Record<string, Value>;

export interface Org {
  readonly description: Description;
  now(): string;
  object(name: string): ObjectFields;
  /** Also those in the bin */
  all(object: string): Record_[];
  find(object: string, id: string): Record_ | undefined;
  create(object: string, given: Record<string, unknown>, by?: 'api' | 'keeper'): Record_;
  change(object: string, id: string, given: Record<string, unknown>, by?: 'api' | 'keeper'): Record_;
  remove(object: string, id: string): void;
}

/** Salesforce answers instants in this form, in JSON. */
const instantOf = (at: Date): string => new Date(Math.floor(at.getTime() / 1000) * 1000).toISOString();

export function openOrg(description: Description, clock: Clock): Org {
  const tables = new Map<string, Map<string, Record_>>();
  const counters = new Map<string, number>();

  function object(name: string): ObjectFields {
    const found = objectOf(description, name);
    if (!found) throw new Problem('INVALID_TYPE', `sObject type '${name}' is not supported.`);
    return found;
  }

  function tableOf(name: string): Map<string, Record_> {
    const key = object(name).name;
    const table = tables.get(key) ?? new Map<string, Record_>();
    tables.set(key, table);
    return table;
  }

  const org: Org = {
    description,
    now: () => instantOf(clock.now()),
    object,
    all: (name) => [...tableOf(name).values()],
    find: (name, id) => tableOf(name).get(guarded(id)),
    create(name, given, by = 'api') {
      const { prefix, fields, name: type } = object(name);
      const values = read(org, object(name), given, by === 'keeper' ? () => true : (field) => field.createable);
      for (const field of fields.values())
        if (field.required === true && (values[field.name] ?? null) === null)
          throw new Problem('REQUIRED_FIELD_MISSING', `Required fields are missing: [${field.name}]`, {
            fields: [field.name],
          });
      const number = (counters.get(type) ?? 0) + 1;
      counters.set(type, number);
      const record: Record_ = {};
      for (const field of fields.values()) record[field.name] = field.type === 'boolean' ? false : null;
      const at = org.now();
      const id = makeId(prefix, number);
      Object.assign(record, { Id: id, CreatedDate: at, SystemModstamp: at, LastModifiedDate: at }, values);
      checkUnique(org, object(name), record);
      derive(org, type, record);
      tableOf(name).set(id, record);
      settle(org, type, record);
      return record;
    },
    change(name, id, given, by = 'api') {
      const { name: type } = object(name);
      const record = org.find(name, id);
      if (!record) throw new Problem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
      if (record['IsDeleted'] === true) throw new Problem('ENTITY_IS_DELETED', 'entity is deleted');
      if (type === 'Lead' && record['IsConverted'] === true && by === 'api')
        throw new Problem('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
      const values = read(org, object(name), given, by === 'keeper' ? () => true : (field) => field.updateable);
      const at = org.now();
      const next: Record_ = { ...record, ...values, SystemModstamp: at, LastModifiedDate: at };
      checkUnique(org, object(name), next);
      derive(org, type, next);
      tableOf(name).set(String(record['Id']), next);
      settle(org, type, next);
      return next;
    },
    remove(name, id) {
      const record = org.find(name, id);
      if (!record) throw new Problem('NOT_FOUND', 'The requested resource does not exist', { status: 404 });
      const at = org.now();
      tableOf(name).set(String(record['Id']), { ...record, IsDeleted: true, SystemModstamp: at, LastModifiedDate: at });
    },
  };
  return org;
}

/** Given fields, judged one by one. A reference may be named by an external id: {Campaign: {Rekindle_Campaign_Id__c: '…'}}. */
function read(org: Org, object: ObjectFields, given: Record<string, unknown>, may: (field: Field) => boolean): Record_ {
  const values: Record_ = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'attributes' || name.toLowerCase() === 'id') continue;
    const field = fieldOf(object, name);
    if (!field)
      throw new Problem('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`, {
        fields: [name],
      });
    if (!may(field))
      throw new Problem(
        'INVALID_FIELD_FOR_INSERT_UPDATE',
        `Unable to create/update fields: ${field.name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
        { fields: [field.name] },
      );
    values[field.name] = judge(org, field, value);
  }
  return values;
}

function judge(org: Org, field: Field, value: unknown): Value {
  if (value === null || value === '') return field.type === 'boolean' ? false : null;
  const wrong = (what: string): Problem =>
    new Problem(
      'JSON_PARSER_ERROR',
      `Cannot deserialize instance of ${field.type} from ${what} value ${JSON.stringify(value)}`,
      {
        fields: [field.name],
      },
    );
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong('VALUE');
      return value;
    case 'currency':
    case 'percent':
    case 'double':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong('VALUE');
      if (Math.abs(value) >= 10 ** (field.digits ?? 18))
        throw new Problem('NUMBER_OUTSIDE_VALID_RANGE', `${field.name}: value outside of valid range`, {
          fields: [field.name],
        });
      return value;
    case 'date':
      if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))
        throw wrong('VALUE_STRING');
      return value;
    case 'datetime':
      if (
        typeof value !== 'string' ||
        !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) ||
        Number.isNaN(Date.parse(value))
      )
        throw wrong('VALUE_STRING');
      return instantOf(new Date(value));
    case 'id':
    case 'reference':
      return refer(org, field, value);
    case 'email':
      if (typeof value === 'string' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))
        throw new Problem('INVALID_EMAIL_ADDRESS', `${field.name}: invalid email address: ${value}`, {
          fields: [field.name],
        });
      return text(field, value, wrong);
    case 'string':
    case 'textarea':
    case 'phone':
    case 'picklist':
      return text(field, value, wrong);
  }
}

function text(field: Field, value: unknown, wrong: (what: string) => Problem): string {
  if (typeof value !== 'string') throw wrong('VALUE');
  if (field.length !== undefined && value.length > field.length)
    throw new Problem(
      'STRING_TOO_LONG',
      `${field.name}: data value too large: ${value.slice(0, 40)} (max length=${String(field.length)})`,
      { fields: [field.name] },
    );
  return value;
}

function refer(org: Org, field: Field, value: unknown): string {
  if (typeof value !== 'string' || !/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(value))
    throw new Problem('MALFORMED_ID', `${field.name}: id value of incorrect type: ${String(value)}`, {
      fields: [field.name],
    });
  const target = field.to && org.find(field.to.object, value);
  if (field.to && (!target || target['IsDeleted'] === true))
    throw new Problem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', { fields: [field.name] });
  return guarded(value);
}

function checkUnique(org: Org, object: ObjectFields, record: Record_): void {
  const unique = [...object.fields.values()].filter((field) => field.unique === true);
  if (unique.length === 0 && object.name !== 'CampaignMember') return;
  const others = org.all(object.name).filter((one) => one['Id'] !== record['Id'] && one['IsDeleted'] !== true);
  for (const field of unique) {
    const value = record[field.name] ?? null;
    if (value === null) continue;
    const twin = others.find((one) => one[field.name] === value);
    if (twin)
      throw new Problem(
        'DUPLICATE_VALUE',
        `duplicate value found: ${field.name} duplicates value on record with id: ${String(twin['Id'])}`,
      );
  }
  if (object.name !== 'CampaignMember') return;
  const person = record['ContactId'] ?? record['LeadId'] ?? null;
  if (person === null)
    throw new Problem('REQUIRED_FIELD_MISSING', 'Required fields are missing: [ContactId or LeadId]');
  if (
    others.some((one) => one['CampaignId'] === record['CampaignId'] && (one['ContactId'] ?? one['LeadId']) === person)
  )
    throw new Problem('DUPLICATE_VALUE', 'Already a campaign member.');
}

const STAGES: Record<string, { won: boolean; closed: boolean }> = {
  'Closed Won': { won: true, closed: true },
  'Closed Lost': { won: false, closed: true },
};

/** Fields that Salesforce works out by itself. */
function derive(org: Org, type: string, record: Record_): void {
  if (type === 'Contact' || type === 'Lead')
    record['Name'] = [record['FirstName'], record['LastName']].filter((part) => part !== null).join(' ');
  if (type === 'Contact') record['IsEmailBounced'] = record['EmailBouncedDate'] !== null;
  if (type !== 'Opportunity') return;
  const stage = STAGES[String(record['StageName'])];
  record['IsWon'] = stage?.won ?? false;
  record['IsClosed'] = stage?.closed ?? false;
}

/** What a change brings elsewhere. */
function settle(org: Org, type: string, record: Record_): void {
  if (type !== 'OpportunityContactRole' || record['IsPrimary'] !== true) return;
  const opportunity = org.find('Opportunity', String(record['OpportunityId']));
  // The opportunity shows its primary contact, and does not count as changed for it.
  if (opportunity) opportunity['ContactId'] = record['ContactId'] ?? null;
}
