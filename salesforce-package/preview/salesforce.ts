/**
 * Plays the part of Salesforce that stands between the panel and Rekindle: the page, the records that it reads and the Apex class.
 * The class itself cannot run here; this does what it says, line by line, so that panel and server meet over real HTTP.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { buildPanel } from './build.ts';
import { hostPage } from './page.ts';

export interface PreviewOptions {
  /** Where Rekindle is: `https://rekindle.example.com`; what the named credential holds */
  rekindle: string;
  /** The store's key: what the external credential holds. It never reaches the browser. */
  key: string;
  /** Reads a record; null where there is none or the user may not see it. */
  readRecord: (recordId: string) => Promise<PreviewRecord | null>;
  /** Where the preview is mounted, without a slash at the end. Default: at the root. */
  path?: string;
}

export interface PreviewRecord {
  objectApiName: 'Contact' | 'Lead';
  /** As the page names the person */
  name: string;
  /** Field → value, names as in Salesforce */
  fields: Record<string, unknown>;
}

const SLDS = '@salesforce-ux/design-system/assets/styles/salesforce-lightning-design-system.min.css';
const parameters = z.object({ recordId: z.string() });

/** Answers requests under `path`: `/<recordId>` is the page of a person. Builds the script on first need. */
export function salesforcePreview(options: PreviewOptions): (request: Request) => Promise<Response> {
  const mount = options.path ?? '';
  return async (request) => {
    const [first = '', second = ''] = new URL(request.url).pathname.slice(mount.length + 1).split('/');
    if (request.method === 'POST' && first === 'apex') return apex(options, second, await request.json());
    if (request.method !== 'GET') return text(405, 'only GET and POST');
    if (first === 'panel.js') return file(await buildPanel(), 'text/javascript');
    if (first === 'slds.css') return file(createRequire(import.meta.url).resolve(SLDS), 'text/css');
    if (first === 'record') return record(options, decodeURIComponent(second));
    const person = await options.readRecord(decodeURIComponent(first));
    if (person === null) return text(404, 'there is no such record');
    const page = hostPage({ ...person, recordId: decodeURIComponent(first) });
    return new Response(page, { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  };
}

/** RekindlePanelController, method by method. */
async function apex(options: PreviewOptions, method: string, body: unknown): Promise<Response> {
  const { recordId } = parameters.parse(body);
  if ((await options.readRecord(recordId)) === null) return text(400, 'not_visible');
  const call = callOf(method, recordId);
  if (call === undefined) return text(404, 'refused');
  const headers = { ...call.headers, Accept: 'application/json', Authorization: `Bearer ${options.key}` };
  try {
    const answer = await fetch(`${options.rekindle}/api/v1/panel${call.path}`, {
      method: call.method,
      headers,
      ...(call.body === undefined ? {} : { body: call.body }),
    });
    return answer.status === 200 ? text(200, await answer.text()) : text(400, codeOf(answer.status));
  } catch {
    return text(400, 'unreachable');
  }
}

interface Call {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

function callOf(method: string, externalId: string): Call | undefined {
  if (method === 'getPanel')
    return { method: 'GET', path: `?platform=salesforce&externalId=${encodeURIComponent(externalId)}` };
  if (method !== 'doNotMail') return undefined;
  const body = JSON.stringify({ platform: 'salesforce', externalId });
  return { method: 'POST', path: '/do-not-mail', headers: { 'Content-Type': 'application/json' }, body };
}

function codeOf(status: number): string {
  if (status === 401 || status === 403) return 'key_refused';
  if (status === 429) return 'busy';
  return status >= 500 ? 'unreachable' : 'refused';
}

/** The shape in which Salesforce's UI API hands a record to a component. */
async function record({ readRecord }: PreviewOptions, recordId: string): Promise<Response> {
  const found = await readRecord(recordId);
  if (found === null) return text(404, 'there is no such record');
  const fields = Object.entries(found.fields).map(([name, value]) => ({ [name]: { value, displayValue: null } }));
  return Response.json({ apiName: found.objectApiName, id: recordId, fields: Object.assign({}, ...fields) as unknown });
}

function text(status: number, words: string): Response {
  return new Response(words, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}

async function file(name: string, type: string): Promise<Response> {
  return new Response(new Uint8Array(await readFile(name)), {
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-cache' },
  });
}
