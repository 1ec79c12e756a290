/** Records as Salesforce writes them: in JSON, and in the CSV of a job's result. */
import { stringify } from 'csv-stringify/sync';
import { API_VERSION } from '../src/schema.ts';
import type { Field, ObjectFields } from './fields.ts';
import type { Record_, Value } from './org.ts';

export function toJson(object: ObjectFields, fields: Field[], record: Record_): Record<string, unknown> {
  const id = String(record['Id']);
  return {
    attributes: { type: object.name, url: `/services/data/v${API_VERSION}/sobjects/${object.name}/${id}` },
    ...Object.fromEntries(fields.map((field) => [field.name, inJson(field, record[field.name] ?? null)])),
  };
}

/** Instants in JSON have a zone without a colon. */
function inJson(field: Field, value: Value): Value {
  return field.type === 'datetime' && typeof value === 'string' ? value.replace(/Z$/, '+0000') : value;
}

/** A header in every page; empty for nothing; figures from ten million on with an exponent, as Java writes them. */
export function toCsv(fields: Field[], rows: Record_[]): string {
  const lines = rows.map((row) => fields.map(({ name }) => inCsv(row[name] ?? null)));
  return stringify([fields.map(({ name }) => name), ...lines], { quoted: true });
}

function inCsv(value: Value): string {
  if (value === null) return '';
  if (typeof value !== 'number') return String(value);
  if (Math.abs(value) < 1e7) return Number.isInteger(value) ? value.toFixed(1) : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e+');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent}`;
}
