/** The fields that our package adds, read from its metadata: what is not in the package is not in the organisation. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { objectOf, type Description, type Field, type FieldType } from './fields.ts';

export const PACKAGE = path.resolve(import.meta.dirname, '../../../salesforce-package/force-app/main/default/objects');

const TYPES: Record<string, FieldType> = {
  Text: 'string',
  Url: 'string',
  TextArea: 'textarea',
  LongTextArea: 'textarea',
  Email: 'email',
  Picklist: 'picklist',
  Checkbox: 'boolean',
  Currency: 'currency',
  Percent: 'percent',
  Number: 'double',
  Date: 'date',
  DateTime: 'datetime',
};

/** Salesforce cuts no address and takes no longer one. */
const URL_LENGTH = 255;

const metadata = z.object({
  CustomField: z.object({
    fullName: z.string().regex(/__c$/),
    type: z.string(),
    length: z.coerce.number().optional(),
    precision: z.coerce.number().optional(),
    scale: z.coerce.number().optional(),
    required: z.literal(['true', 'false']).optional(),
    unique: z.literal(['true', 'false']).optional(),
    externalId: z.literal(['true', 'false']).optional(),
  }),
});

/** Adds the fields below `folder` to the objects they belong to. */
export function addPackage(description: Description, folder: string): void {
  const files = globSync('*/fields/*.field-meta.xml', { cwd: folder });
  if (files.length === 0) throw new Error(`there is no package at ${folder}`);
  const parser = new XMLParser({ parseTagValue: false });
  for (const file of files) {
    const [objectName = ''] = file.split(path.sep);
    const object = objectOf(description, objectName);
    // An object of the package's own: nothing here writes to it.
    if (!object) continue;
    const { CustomField: told } = metadata.parse(parser.parse(readFileSync(path.join(folder, file), 'utf8')));
    const type = TYPES[told.type];
    if (type === undefined) throw new Error(`${file}: the fake knows no field of type ${told.type}`);
    const field: Field = {
      name: told.fullName,
      type,
      length: told.type === 'Url' ? URL_LENGTH : told.length,
      digits: told.precision === undefined ? undefined : told.precision - (told.scale ?? 0),
      createable: true,
      updateable: true,
      required: told.required === 'true',
      unique: told.unique === 'true',
      externalId: told.externalId === 'true',
      filterable: told.type !== 'LongTextArea',
    };
    object.fields.set(field.name.toLowerCase(), field);
  }
}
