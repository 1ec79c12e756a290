/** What the app's own project in hubspot-app declares: the fake holds the app to its word, as HubSpot does. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const APP = path.resolve(import.meta.dirname, '../../../hubspot-app/src/app');

const app = z.object({
  config: z.object({
    auth: z.object({ requiredScopes: z.array(z.string()) }),
    permittedUrls: z.object({ fetch: z.array(z.string()) }),
  }),
});
const eventType = z.object({
  uid: z.string(),
  config: z.object({
    properties: z.array(z.object({ name: z.string(), options: z.array(z.object({ value: z.string() })).optional() })),
  }),
});
const webhooks = z.object({
  config: z.object({
    subscriptions: z.object({
      crmObjects: z.array(
        z.object({ subscriptionType: z.string(), objectType: z.string(), propertyName: z.string().optional() }),
      ),
      hubEvents: z.array(z.object({ subscriptionType: z.string() })),
    }),
  }),
});

export interface Manifest {
  scopes: string[];
  /** What the card may call */
  fetches: string[];
  /** Type of event → its properties, each with the values it may have (none: any text) */
  events: Map<string, Map<string, string[] | undefined>>;
  /** 'object.propertyChange contact email' → number of the subscription */
  subscriptions: Map<string, number>;
}

export function readManifest(): Manifest {
  const events = new Map<string, Map<string, string[] | undefined>>();
  for (const file of readdirSync(path.join(APP, 'app-events'))) {
    const { uid, config } = eventType.parse(json(path.join(APP, 'app-events', file)));
    events.set(uid, new Map(config.properties.map((one) => [one.name, one.options?.map(({ value }) => value)])));
  }
  const { crmObjects, hubEvents } = webhooks.parse(json(path.join(APP, 'webhooks', 'webhooks-hsmeta.json'))).config
    .subscriptions;
  const names = [
    ...crmObjects.map((one) => [one.subscriptionType, one.objectType, one.propertyName ?? ''].join(' ').trim()),
    ...hubEvents.map((one) => one.subscriptionType),
  ];
  const { auth, permittedUrls } = app.parse(json(path.join(APP, 'app-hsmeta.json'))).config;
  return {
    scopes: auth.requiredScopes.toSorted(),
    fetches: permittedUrls.fetch,
    events,
    subscriptions: new Map(names.map((name, place) => [name, 3_000_001 + place])),
  };
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
