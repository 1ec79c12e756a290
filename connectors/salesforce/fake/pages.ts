/** The organisation as pages: who is there and what Rekindle wrote, for whoever tries it on her own machine. */
import type { Record_, Value } from './org.ts';
import type { Keeper } from './keeper.ts';

export interface PageOptions {
  keeper: Keeper;
  /** The package's panel on a record's page, at /people/<id>; undefined: the record alone */
  panel?: ((request: Request) => Promise<Response>) | undefined;
}

const SHOWN = 50;
const STYLE = `
:root { color-scheme: light; --ink: #1f2430; --soft: #5c6470; --line: #e3e6ec; --ground: #f4f6f9; --mark: #0b5cab; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); }
header, main { max-width: 900px; margin: 0 auto; padding: 16px; }
h1 { font-size: 18px; margin: 0; } h1 a, td a { color: var(--mark); } .note { color: var(--soft); font-size: 13px; margin: 2px 0 10px; }
form { display: flex; gap: 8px; } input { flex: 1; min-width: 0; font: inherit; padding: 8px 12px; border: 1px solid #8b93a1; border-radius: 8px; }
button { font: inherit; padding: 8px 14px; border: 0; border-radius: 8px; background: var(--mark); color: #fff; }
:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
.box { overflow-x: auto; background: #fff; border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 9px 14px; border-top: 1px solid var(--line); vertical-align: top; white-space: pre-line; }
tr:first-child > * { border-top: 0; } th { font-weight: 600; color: var(--soft); font-size: 13px; }
`;

/** Answers a request of a browser; undefined for what is no page. */
export async function pageFor({ keeper, panel }: PageOptions, request: Request): Promise<Response | undefined> {
  const { pathname, searchParams } = new URL(request.url);
  if (panel && pathname.startsWith('/people/')) return panel(request);
  if (request.method !== 'GET') return undefined;
  if (pathname === '/') return html(listPage(keeper, searchParams.get('q') ?? '', panel !== undefined));
  const [, id] = /^\/people\/(\w{18})$/.exec(pathname) ?? [];
  if (id === undefined) return undefined;
  const record = personOf(keeper, id);
  return record ? html(recordPage(record)) : undefined;
}

/** A contact or a lead; undefined for any other id. */
export function personOf(keeper: Keeper, id: string): Record_ | undefined {
  const record = /^(003|00Q)/.test(id) ? keeper.record(id) : undefined;
  return record?.['IsDeleted'] === true ? undefined : record;
}

export interface PersonOnPage {
  objectApiName: 'Contact' | 'Lead';
  name: string;
  /** What a salesperson sees on the record, by field */
  fields: Record<string, unknown>;
}

/** A record as the package's preview asks for it (`readRecord`); null where there is none. */
export function readPerson(keeper: Keeper, id: string): PersonOnPage | null {
  const record = personOf(keeper, id);
  if (!record) return null;
  const shown = Object.entries(record).filter(([name]) =>
    /^(Email|Phone|HasOptedOutOfEmail|Rekindle_\w+__c)$/.test(name),
  );
  return {
    objectApiName: id.startsWith('003') ? 'Contact' : 'Lead',
    name: String(record['Name']),
    fields: Object.fromEntries(shown),
  };
}

function listPage(keeper: Keeper, search: string, panel: boolean): string {
  const wanted = search.trim().toLowerCase();
  const people = ['Contact', 'Lead']
    .flatMap((object) => keeper.records(object).map((record) => ({ object, record })))
    .filter(({ record }) => record['IsDeleted'] !== true && record['IsConverted'] !== true)
    .filter(({ record }) => `${String(record['Name'])} ${String(record['Email'])}`.toLowerCase().includes(wanted));
  const rows = people.slice(0, SHOWN).map(
    ({ object, record }) =>
      `<tr><td><a href="/people/${words(record['Id'])}">${words(record['Name'])}</a></td><td>${object}</td><td>${words(record['Rekindle_Life_Stage__c'])}</td>
<td>${(record['Rekindle_Chance_To_Return__c'] ?? null) === null ? '' : `${words(record['Rekindle_Chance_To_Return__c'])} %`}</td><td>${words(record['Rekindle_Next_Action__c'])}</td></tr>`,
  );
  const table =
    rows.length === 0
      ? '<p class="note">Nobody of this name.</p>'
      : `<div class="box"><table><tr><th>Name</th><th></th><th>Life stage</th><th>Chance to return</th><th>Next action</th></tr>${rows.join('')}</table></div>`;
  const note = `${people.length.toLocaleString('en')} people${people.length > SHOWN ? `; the first ${String(SHOWN)} are shown` : ''}. A stand-in for Salesforce on this machine${panel ? '; a name opens the record with the panel' : ''}.`;
  return frame(
    'People in the local Salesforce',
    note,
    `<form role="search"><input type="search" name="q" value="${words(search)}" placeholder="Name or address" aria-label="Search"><button>Search</button></form><br>${table}`,
  );
}

function recordPage(record: Record_): string {
  const rows = Object.entries(record)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `<tr><th scope="row">${words(name)}</th><td>${words(value)}</td></tr>`);
  return frame(
    String(record['Name']),
    'What stands on this record.',
    `<div class="box"><table>${rows.join('')}</table></div>`,
  );
}

function frame(title: string, note: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${words(title)}</title><style>${STYLE}</style></head><body>
<header><h1><a href="/">People</a>${title.startsWith('People') ? ' in the local Salesforce' : ` · ${words(title)}`}</h1><p class="note">${words(note)}</p></header><main>${body}</main></body></html>`;
}

function html(text: string): Response {
  return new Response(text, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'",
    },
  });
}

function words(value: Value | undefined): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return String(value ?? '').replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
