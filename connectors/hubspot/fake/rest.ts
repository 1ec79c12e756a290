/** The routes beside CRM objects: properties, kinds of mail, marketing events, app events, the account itself. */
import { z } from 'zod';
import { MARKETING, ONE_TO_ONE, type MadeProperty, type MarketingEvent } from './portal.ts';
import { BUILT_IN } from './records.ts';
import { refuse } from './refusal.ts';
import type { Answer, Call } from './call.ts';

export function account({ portal }: Call): Answer {
  return {
    status: 200,
    body: {
      portalId: portal.id,
      accountType: 'STANDARD',
      companyCurrency: portal.currency,
      additionalCurrencies: [],
      timeZone: 'Europe/Madrid',
      utcOffset: '+01:00',
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'eu1',
    },
  };
}

export function allProperties({ portal }: Call): Answer {
  const built = Object.entries(BUILT_IN.contacts).map(([name, type]) => ({
    name,
    label: name,
    type: type === 'bool' ? 'enumeration' : type,
    fieldType: 'text',
    groupName: 'contactinformation',
    description: '',
    options: [],
  }));
  return {
    status: 200,
    body: { results: [...built, ...[...portal.properties.values()].map((made) => ({ ...made, options: [] }))] },
  };
}

export function makeGroup({ portal, body }: Call): Answer {
  const { name, label } = body as { name: string; label: string };
  if (portal.groups.has(name)) throw refuse(409, 'OBJECT_ALREADY_EXISTS', `there is a group ${name}`);
  portal.groups.set(name, label);
  return { status: 201, body: { name, label, displayOrder: -1, archived: false } };
}

export function makeProperties({ portal, body }: Call): Answer {
  const { inputs } = body as { inputs: MadeProperty[] };
  for (const { name, groupName } of inputs) {
    if (portal.properties.has(name)) throw refuse(409, 'OBJECT_ALREADY_EXISTS', `there is a property ${name}`);
    if (!portal.groups.has(groupName)) throw refuse(400, 'VALIDATION_ERROR', `there is no group ${groupName}`);
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw refuse(400, 'VALIDATION_ERROR', `no name of a property: ${name}`);
  }
  for (const input of inputs) {
    const { name, label, groupName, type, fieldType, description } = input;
    portal.properties.set(name, { name, label, groupName, type, fieldType, description });
  }
  const now = portal.clock.now().toISOString();
  const results = inputs.map(({ name, label, groupName, type, fieldType, description }) => ({
    name,
    label,
    groupName,
    type,
    fieldType,
    description,
    options: [],
  }));
  return { status: 201, body: { status: 'COMPLETE', results, startedAt: now, completedAt: now } };
}

export function kindsOfMail(): Answer {
  const made = {
    createdAt: '2024-01-01T00:00:00.000Z',
    updatedAt: '2024-01-01T00:00:00.000Z',
    isActive: true,
    communicationMethod: 'Email',
  };
  return {
    status: 200,
    body: {
      subscriptionDefinitions: [
        {
          ...made,
          id: ONE_TO_ONE,
          name: 'One to one',
          description: 'Mails of one person',
          purpose: 'Sales',
          isDefault: true,
          isInternal: true,
        },
        {
          ...made,
          id: MARKETING,
          name: 'Marketing information',
          description: 'Offers and news',
          purpose: 'Marketing',
          isDefault: true,
          isInternal: false,
        },
      ],
    },
  };
}

export function subscribe(optOut: 'true' | 'false') {
  return ({ portal, body }: Call): Answer => {
    const request = body as {
      emailAddress: string;
      subscriptionId: string;
      legalBasis?: string;
      legalBasisExplanation?: string;
    };
    if (request.subscriptionId !== MARKETING) throw refuse(400, 'VALIDATION_ERROR', 'there is no such subscription');
    if ((request.legalBasis === undefined) !== (request.legalBasisExplanation === undefined))
      throw refuse(400, 'VALIDATION_ERROR', 'a legal basis and its explanation belong together');
    const { contacts } = portal.records;
    const property = `hs_email_optout_${MARKETING}`;
    for (const contact of contacts.all.values()) {
      if (contacts.value(contact, 'email')?.toLowerCase() !== request.emailAddress.toLowerCase()) continue;
      const now = contacts.value(contact, property);
      if (now === optOut) throw refuse(400, 'VALIDATION_ERROR', 'the status is this one already');
      if (now === 'true' || (optOut === 'false' && contacts.value(contact, 'hs_email_optout') === 'true'))
        throw refuse(400, 'VALIDATION_ERROR', 'who opted out cannot be subscribed');
      portal.change('contacts', contact, { [property]: optOut }, 'INTEGRATION');
    }
    return {
      status: 200,
      body: {
        id: MARKETING,
        name: 'Marketing information',
        description: 'Offers and news',
        status: optOut === 'true' ? 'NOT_SUBSCRIBED' : 'SUBSCRIBED',
        sourceOfStatus: 'SUBSCRIPTION_STATUS',
      },
    };
  };
}

export function upsertMarketingEvents({ portal, body }: Call): Answer {
  const { inputs } = body as { inputs: MarketingEvent[] };
  if (inputs.length > 100) throw refuse(400, 'VALIDATION_ERROR', 'no more than 100 inputs');
  const now = portal.clock.now().toISOString();
  const results = inputs.map((input) => {
    const key = `${input.externalAccountId} ${input.externalEventId}`;
    const before = portal.campaigns.get(key);
    const kept = { ...input, createdAt: before?.createdAt ?? now };
    portal.campaigns.set(key, kept);
    const { externalAccountId: _, externalEventId, ...rest } = kept;
    return { ...rest, id: externalEventId, updatedAt: now };
  });
  return { status: 200, body: { status: 'COMPLETE', results, startedAt: now, completedAt: now } };
}

const occurrences = z.strictObject({
  inputs: z
    .array(
      z.strictObject({
        eventTypeName: z.string(),
        objectId: z.string().regex(/^\d+$/),
        id: z.string().min(1).max(200),
        timestamp: z.iso.datetime(),
        properties: z.record(z.string(), z.string().max(4000)),
      }),
    )
    .min(1)
    .max(500),
});

/** All or none, as HubSpot does. An id is taken once. */
export function takeAppEvents({ portal, body }: Call): Answer {
  const parsed = occurrences.safeParse(body);
  if (!parsed.success)
    throw refuse(400, 'VALIDATION_ERROR', `${parsed.error.issues[0]?.path.join('.') ?? ''} is wrong`);
  const taken = new Set(portal.timeline.map(({ type, id }) => `${type} ${id}`));
  const fresh = parsed.data.inputs.map(({ eventTypeName, objectId, id, timestamp, properties }) => {
    const type = portal.manifest.events.get(eventTypeName);
    if (!type) throw refuse(400, 'VALIDATION_ERROR', `there is no event type ${eventTypeName}`);
    for (const [name, value] of Object.entries(properties)) {
      const values = type.get(name);
      if (!type.has(name) || values?.includes(value) === false)
        throw refuse(400, 'VALIDATION_ERROR', `the event type has no such ${name}`);
    }
    if (!portal.records.contacts.all.has(objectId)) throw refuse(404, 'OBJECT_NOT_FOUND', 'there is no such contact');
    const key = `${eventTypeName} ${id}`;
    if (taken.has(key)) throw refuse(409, 'CONFLICT', 'an event of this id was taken');
    taken.add(key);
    return { objectId, type: eventTypeName, id, at: timestamp, properties };
  });
  portal.timeline.push(...fresh);
  return { status: 204, body: undefined };
}
