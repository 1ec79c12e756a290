/** HubSpot's CRM search: groups of filters, one sort, 200 a page, and no more than 10,000 results of one question. */
import { refuse } from './refusal.ts';
import { BUILT_IN, isComputed, type FakeRecord, type ObjectName, type Records } from './records.ts';

export interface SearchRequest {
  filterGroups?: { filters: SearchFilter[] }[];
  sorts?: string[];
  limit?: number;
  after?: string;
  properties?: string[];
  query?: string;
}

interface SearchFilter {
  propertyName: string;
  operator: string;
  value?: string;
}

const LARGEST_PAGE = 200;
const MOST = 10_000;

export interface Found {
  total: number;
  page: FakeRecord[];
  after: string | undefined;
}

/** `custom`: names of properties that were made. */
export function search(name: ObjectName, records: Records, custom: ReadonlySet<string>, request: SearchRequest): Found {
  const { filterGroups = [], sorts = [], limit = 10, after = '0', query } = request;
  if (query !== undefined) throw refuse(400, 'VALIDATION_ERROR', 'this stand-in searches by filters only');
  if (limit < 1 || limit > LARGEST_PAGE) throw refuse(400, 'VALIDATION_ERROR', 'limit must be 1 to 200');
  if (sorts.length > 1) throw refuse(400, 'VALIDATION_ERROR', 'only one sort is taken');
  if (filterGroups.length > 5 || filterGroups.some(({ filters }) => filters.length > 6))
    throw refuse(400, 'VALIDATION_ERROR', 'too many filters');
  const start = Number(after);
  if (!Number.isInteger(start) || start < 0) throw refuse(400, 'VALIDATION_ERROR', 'after is no number');
  if (start + limit > MOST) throw refuse(400, 'VALIDATION_ERROR', 'no more than 10,000 results of one search');
  const known = (property: string): void => {
    if (!isComputed(name, property) && !Object.hasOwn(BUILT_IN[name], property) && !custom.has(property))
      throw refuse(400, 'VALIDATION_ERROR', `there is no property ${property}`);
  };
  for (const { filters } of filterGroups) for (const filter of filters) known(filter.propertyName);
  const [sort = 'createdate'] = sorts;
  const property = sort.replace(/^-/, '');
  known(property);

  const value = (record: FakeRecord, key: string): string | null => records.value(record, key);
  const matching = [...records.all.values()].filter(
    (record) =>
      filterGroups.length === 0 ||
      filterGroups.some(({ filters }) =>
        filters.every((filter) => matches(filter, value(record, filter.propertyName))),
      ),
  );
  const direction = sort.startsWith('-') ? -1 : 1;
  const sorted = matching.toSorted((a, b) => direction * compare(value(a, property), value(b, property)));
  const page = sorted.slice(start, start + limit);
  return {
    total: matching.length,
    page,
    after: start + limit < matching.length ? String(start + limit) : undefined,
  };
}

function matches({ operator, value: wanted }: SearchFilter, value: string | null): boolean {
  if (operator === 'HAS_PROPERTY') return value !== null;
  if (operator === 'NOT_HAS_PROPERTY') return value === null;
  if (wanted === undefined) throw refuse(400, 'VALIDATION_ERROR', 'the filter has no value');
  if (value === null) return false;
  const order = compare(value, wanted);
  switch (operator) {
    case 'EQ':
      return order === 0;
    case 'NEQ':
      return order !== 0;
    case 'GT':
      return order > 0;
    case 'GTE':
      return order >= 0;
    case 'LT':
      return order < 0;
    case 'LTE':
      return order <= 0;
    default:
      throw refuse(400, 'VALIDATION_ERROR', `this stand-in does not search by ${operator}`);
  }
}

/** Instants by time (a filter names them in milliseconds), numbers by size, the rest by the alphabet; nothing comes first. */
function compare(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  const [x, y] = [measure(a), measure(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a < b ? -1 : Number(a > b);
}

function measure(text: string): number {
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : text === '' ? Number.NaN : Number(text);
}
