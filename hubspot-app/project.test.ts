/**
 * The project as HubSpot's own parser reads it. What an account's schemas say is not to be had without an account; what is
 * checked of each part's configuration is what HubSpot's pages ask for, and HubSpot's own rules of places, names and versions.
 */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { http } from '@hubspot/local-dev-lib/http';
import { getProjectMetadata, parseProjectConfig } from '@hubspot/project-parsing-lib/projects';
import { translate } from '@hubspot/project-parsing-lib/translate';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BACKEND } from './src/app/cards/panel.ts';

const text = { type: 'string', minLength: 1 };
const address = { type: 'string', pattern: '^https://' };
const object = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items });

/** By HubSpot's names of the kinds of parts. */
const SCHEMAS = {
  APPLICATION: object(
    {
      name: text,
      description: text,
      distribution: { enum: ['marketplace', 'private'] },
      auth: object({
        type: { const: 'oauth' },
        redirectUrls: { ...list(address), minItems: 1 },
        requiredScopes: { ...list(text), minItems: 1, uniqueItems: true },
        optionalScopes: list(text),
        conditionallyRequiredScopes: list(text),
      }),
      permittedUrls: object({ fetch: list(address), iframe: list(address), img: list(address) }),
      support: object({ supportEmail: text, documentationUrl: address, supportUrl: address, supportPhone: text }),
    },
    ['name', 'distribution', 'auth', 'permittedUrls'],
  ),
  CARD: object({
    name: text,
    description: text,
    location: { enum: ['crm.record.tab', 'crm.record.sidebar', 'crm.preview', 'helpdesk.sidebar'] },
    entrypoint: { type: 'string', pattern: '^/app/cards/.+\\.tsx$' },
    objectTypes: list({ enum: ['contacts', 'companies', 'deals'] }),
  }),
  APP_EVENT: object({
    name: text,
    objectType: { enum: ['CONTACT', 'COMPANY', 'DEAL', 'TICKET'] },
    headerTemplate: text,
    detailTemplate: text,
    properties: list(
      object(
        {
          name: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_]*$' },
          label: text,
          type: { enum: ['string', 'number', 'date', 'enumeration'] },
          options: list(object({ value: text, label: text })),
        },
        ['name', 'label', 'type'],
      ),
    ),
  }),
  WEBHOOKS: object({
    settings: object({ targetUrl: address, maxConcurrentRequests: { type: 'integer', minimum: 5 } }),
    subscriptions: object({
      crmObjects: list(
        object(
          {
            subscriptionType: {
              enum: ['creation', 'deletion', 'merge', 'restore', 'propertyChange'].map((what) => `object.${what}`),
            },
            objectType: text,
            propertyName: text,
            active: { type: 'boolean' },
          },
          ['subscriptionType', 'objectType', 'active'],
        ),
      ),
      hubEvents: list(object({ subscriptionType: { const: 'contact.privacyDeletion' }, active: { type: 'boolean' } })),
    }),
  }),
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rekindle-hubspot-app-'));
  cpSync(path.join(import.meta.dirname, 'src'), path.join(folder, 'src'), { recursive: true });
  cpSync(path.join(import.meta.dirname, 'hsproject.json'), path.join(folder, 'hsproject.json'));
  // The parser asks HubSpot for its account's schemas: it gets ours.
  vi.spyOn(http, 'get').mockResolvedValue({ data: SCHEMAS } as Awaited<ReturnType<typeof http.get>>);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

function parse(platformVersion = '2026.03') {
  return translate({
    projectSourceDir: path.join(folder, 'src'),
    platformVersion,
    accountId: 1,
  });
}

/** Changes one of the project's files. */
function edit(file: string, change: (content: Record<string, unknown>) => void): void {
  const at = path.join(folder, 'src/app', file);
  const content = JSON.parse(readFileSync(at, 'utf8')) as Record<string, unknown>;
  change(content);
  writeFileSync(at, JSON.stringify(content));
}

describe('the project', () => {
  test('is one that HubSpot’s parser takes, with an app, a card, an event type and webhooks', async () => {
    expect(parseProjectConfig(folder)).toMatchObject({ platformVersion: '2026.03', srcDir: 'src' });
    const { components } = await getProjectMetadata(path.join(folder, 'src'));
    const counts = Object.fromEntries(Object.entries(components).map(([kind, { count }]) => [kind, count]));
    expect(counts).toMatchObject({ app: 1, card: 1, 'app-event': 1, webhooks: 1 });
    const { intermediateRepresentation } = await parse();
    const parts = intermediateRepresentation.intermediateNodesIndexedByUid;
    expect(Object.keys(parts).toSorted()).toEqual([
      'rekindle_app',
      'rekindle_card',
      'rekindle_mail',
      'rekindle_webhooks',
    ]);
    expect(parts['rekindle_card']?.componentDeps).toMatchObject({ app: 'rekindle_app' });
  });

  test('lets the card call the address that it calls', () => {
    edit('app-hsmeta.json', ({ config }) => {
      const { permittedUrls } = config as { permittedUrls: { fetch: string[] } };
      expect(permittedUrls.fetch).toEqual([BACKEND]);
    });
  });

  test.each<[string, () => void]>([
    [
      'a card stands elsewhere',
      () => {
        for (const file of ['rekindle-card-hsmeta.json'])
          renameSync(path.join(folder, 'src/app/cards', file), path.join(folder, 'src/app/webhooks', file));
      },
    ],
    [
      'two parts have one name',
      () => {
        edit('app-events/mail-hsmeta.json', (content) => (content['uid'] = 'rekindle_card'));
      },
    ],
    [
      'a part has no name',
      () => {
        edit('cards/rekindle-card-hsmeta.json', (content) => delete content['uid']);
      },
    ],
    [
      'a scope is named twice',
      () => {
        edit('app-hsmeta.json', ({ config }) => {
          const { auth } = config as { auth: { requiredScopes: string[] } };
          auth.requiredScopes.push('oauth');
        });
      },
    ],
    [
      'a file is no JSON',
      () => {
        writeFileSync(path.join(folder, 'src/app/app-hsmeta.json'), '{');
      },
    ],
  ])('is refused when %s', async (_, spoil) => {
    spoil();
    await expect(parse()).rejects.toThrow();
  });

  test('is refused for a version of the platform that is not known', async () => {
    await expect(parse('2019.01')).rejects.toThrow('2019.01');
  });
});
