/** One account of HubSpot with everything in it, and what happens in it as events that webhooks will tell. */
import type { Clock, Random } from '@rekindle/core';
import type { Manifest } from './manifest.ts';
import { recordsOf, type FakeRecord, type ObjectName, type Records } from './records.ts';

/** The kinds of mail that an account has from its first day. */
export const MARKETING = '90210001';
export const ONE_TO_ONE = '90210002';

export interface MadeProperty {
  name: string;
  label: string;
  groupName: string;
  type: string;
  fieldType: string;
  description: string;
}

export interface TimelineEvent {
  objectId: string;
  type: string;
  id: string;
  at: string;
  properties: Record<string, string>;
}

export interface MarketingEvent {
  externalEventId: string;
  externalAccountId: string;
  eventName: string;
  eventOrganizer: string;
  eventType?: string;
  eventDescription?: string;
  eventCompleted?: boolean;
  startDateTime?: string;
  createdAt: string;
}

export type WireEvent = Record<string, string | number | number[]>;

export interface Portal {
  readonly id: number;
  readonly currency: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly manifest: Manifest;
  readonly records: Record<ObjectName, Records>;
  /** Deal → its contacts, in the order they were joined */
  readonly contactsOf: Map<string, string[]>;
  readonly groups: Map<string, string>;
  readonly properties: Map<string, MadeProperty>;
  readonly timeline: TimelineEvent[];
  readonly campaigns: Map<string, MarketingEvent>;
  /** What webhooks have not told yet */
  readonly untold: WireEvent[];
  change(name: ObjectName, record: FakeRecord, properties: Record<string, string>, source?: string): void;
  create(name: ObjectName, properties: Record<string, string>, at?: Date): FakeRecord;
  /** Notes that something happened, if the app is subscribed to it. */
  happened(subscription: string, record: FakeRecord, more?: WireEvent): void;
}

export function openPortal(options: {
  id: number;
  currency: string;
  clock: Clock;
  random: Random;
  manifest: Manifest;
}): Portal {
  const { clock, random, manifest } = options;
  const records = { contacts: recordsOf('contacts', 101, clock), deals: recordsOf('deals', 5001, clock) };
  const untold: WireEvent[] = [];
  const singular: Record<ObjectName, string> = { contacts: 'contact', deals: 'deal' };
  const portal: Portal = {
    ...options,
    records,
    contactsOf: new Map(),
    groups: new Map(),
    properties: new Map(),
    timeline: [],
    campaigns: new Map(),
    untold,
    create(name, properties, at) {
      const record = records[name].create(properties, at);
      portal.happened(`object.creation ${singular[name]}`, record);
      return record;
    },
    change(name, record, properties, source = 'CRM_UI') {
      for (const property of records[name].change(record, properties))
        portal.happened(`object.propertyChange ${singular[name]} ${property}`, record, {
          propertyName: property,
          propertyValue: properties[property] ?? '',
          changeSource: source,
        });
    },
    happened(subscription, record, more = {}) {
      const subscriptionId = manifest.subscriptions.get(subscription);
      if (subscriptionId === undefined) return;
      const [subscriptionType = '', object] = subscription.split(' ');
      untold.push({
        eventId: Math.floor(random.next() * 2 ** 32),
        subscriptionId,
        portalId: options.id,
        appId: 1,
        occurredAt: clock.now().getTime(),
        subscriptionType,
        attemptNumber: 0,
        ...(object === undefined ? {} : { objectTypeId: object === 'contact' ? '0-1' : '0-3' }),
        ...(subscriptionType.endsWith('merge') ? {} : { objectId: Number(record.id) }),
        ...more,
      });
    },
  };
  return portal;
}
