/** What an object's fields are, as far as the fake judges by it. */
export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'picklist'
  | 'boolean'
  | 'currency'
  | 'percent'
  | 'double'
  | 'date'
  | 'datetime'
  | 'reference';

export interface Field {
  name: string;
  type: FieldType;
  /** Characters of a text */
  length?: number | undefined;
  /** Digits of a number before the point: precision less scale */
  digits?: number | undefined;
  createable: boolean;
  updateable: boolean;
  /** Must be given when a record is made */
  required?: boolean | undefined;
  unique?: boolean | undefined;
  externalId?: boolean | undefined;
  /** Filtering and sorting by a long text is refused */
  filterable: boolean;
  /** The object that a reference leads to, and what the way there is called */
  to?: { object: string; relationship: string } | undefined;
}

export interface ObjectFields {
  name: string;
  /** First three characters of its ids */
  prefix: string;
  fields: Map<string, Field>;
}

export type Description = Map<string, ObjectFields>;

/** Names of objects and fields compare without case. */
export function objectOf(description: Description, name: string): ObjectFields | undefined {
  return description.get(name.toLowerCase());
}

export function fieldOf(object: ObjectFields, name: string): Field | undefined {
  return object.fields.get(name.toLowerCase());
}
