/** The page around the panel: as much of a record page as shows where the panel stands, and that this is not Salesforce. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';

const OBJECTS = path.join(import.meta.dirname, '../force-app/main/default/objects');
const fieldFile = z.object({ CustomField: z.object({ fullName: z.string(), label: z.string() }) });

export interface HostPage {
  recordId: string;
  objectApiName: string;
  name: string;
  /** Field → value, as they stand on the record */
  fields: Record<string, unknown>;
}

export function hostPage({ recordId, objectApiName, name, fields }: HostPage): string {
  const labels = fieldLabels(objectApiName);
  const rows = Object.entries(fields).map(
    ([field, value]) => `<div><dt>${escape(labels.get(field) ?? field)}</dt><dd>${escape(asWords(value))}</dd></div>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)}, ${escape(objectApiName)}: the panel in Salesforce</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="slds.css">
<style>
body { background: #f3f3f3; padding: 0.75rem; }
main { display: grid; gap: 0.75rem; align-items: start; max-width: 66rem; margin: 0 auto; }
header p, .details dt { color: #5c5c5c; font-size: 0.75rem; }
.details { padding: 1rem; }
.details dd { white-space: pre-line; overflow-wrap: anywhere; }
.details div { padding: 0.375rem 0; border-bottom: 1px solid #e5e5e5; }
@media (min-width: 56rem) { main { grid-template-columns: 1fr 25rem; } header { grid-column: 1 / -1; } .details { order: -1; } header { order: -2; } }
</style>
</head>
<body class="slds-scope">
<main>
<header><p>${escape(objectApiName)} · a stand-in for Salesforce’s page; the panel is the real component</p><h1 class="slds-text-heading_medium">${escape(name)}</h1></header>
<div id="panel" data-object="${escape(objectApiName)}" data-record="${escape(recordId)}"></div>
<section class="slds-card details"><h2 class="slds-text-heading_small">Details</h2><dl>${rows.join('')}</dl></section>
</main>
<script type="module" src="panel.js"></script>
</body>
</html>`;
}

/** As a page of Salesforce shows them, from the fields' own descriptions. */
function fieldLabels(objectApiName: string): Map<string, string> {
  const folder = path.join(OBJECTS, objectApiName, 'fields');
  const own = globSync('*.xml', { cwd: folder }).map((file): [string, string] => {
    const { CustomField } = fieldFile.parse(new XMLParser().parse(readFileSync(path.join(folder, file), 'utf8')));
    return [CustomField.fullName, CustomField.label];
  });
  return new Map([...own, ['HasOptedOutOfEmail', 'Email Opt Out']]);
}

function asWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escape(words: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return words.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
