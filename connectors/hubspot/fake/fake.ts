/** What tests, the demo and local runs can do with a fake HubSpot: live in the account, look at it, let it speak. */
import type { Random } from '@rekindle/core';
import type { Fault } from './faults.ts';
import { cardRequest, type Viewer } from './host/host.ts';
import { MARKETING, type MarketingEvent, type TimelineEvent } from './portal.ts';
import type { FakeRecord } from './records.ts';
import type { Room } from './room.ts';
import { webhookRequests, type DeliverOptions, type SignedRequest } from './signing.ts';

export interface DealSketch {
  contactId?: string;
  name?: string;
  /** As HubSpot has it: a number of whole units, with a point */
  amount?: string;
  currency?: string;
  closedAt?: Date;
  /** Default won */
  stage?: 'won' | 'lost' | 'open';
  createdAt?: Date;
}

export interface HubSpotFake {
  /** http://127.0.0.1:port, without a slash at the end: of the API, and of the page that signs an administrator in */
  readonly url: string;
  /** The portal's id */
  readonly account: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Method and path of every API request, in order */
  readonly requests: readonly string[];
  /** How often access was renewed */
  readonly refreshes: number;
  addContact(properties: Record<string, string>, createdAt?: Date): string;
  changeContact(id: string, properties: Record<string, string>): void;
  addDeal(sketch: DealSketch): string;
  changeDeal(id: string, properties: Record<string, string>): void;
  /** One person now: `from` disappears, her deals go over. */
  merge(from: string, into: string): void;
  deleteContact(id: string): void;
  /** Deletes her for good, by her right to be forgotten. */
  forget(id: string): void;
  /** She refuses our kind of mail, on HubSpot's own page. */
  refuseMail(id: string): void;
  contacts(): string[];
  deals(): string[];
  /** Properties of a contact; undefined where there is none. */
  contact(id: string): Record<string, string> | undefined;
  /** What stands on a contact's timeline, in the order it came. */
  timeline(id: string): TimelineEvent[];
  /** What stands of campaigns. */
  campaigns(): MarketingEvent[];
  /** The next API requests meet these, in order. */
  queueFaults(...faults: Fault[]): void;
  expireAccess(): void;
  /** The administrator removes the app. */
  removeApp(): void;
  /** Signed requests that tell of what happened since the last time; sent by nobody. */
  webhooks(url: string, options?: DeliverOptions): SignedRequest[];
  /** Sends them. Rejects where one was not answered 2xx; then all of them can be delivered again. */
  deliverWebhooks(url: string, options?: DeliverOptions): Promise<number>;
  /** A card's call as it leaves HubSpot's proxy: with who looks at it, signed. */
  cardRequest(url: string, viewer: Viewer, call?: { method?: string; body?: unknown }): SignedRequest;
  /** From now on the card on a contact's page calls here, whatever address stands in the app. */
  showRecords(backend: string): void;
  /** The page of a contact, with the card, as a salesperson opens it. */
  recordUrl(contactId: string): string;
  close(): Promise<void>;
}

export interface FakeContext {
  url: string;
  clientId: string;
  clientSecret: string;
  random: Random;
  close: () => Promise<void>;
}

export function hubSpotFake(room: Room, context: FakeContext): HubSpotFake {
  const { portal } = room;
  const { contacts, deals } = portal.records;
  function known(records: typeof contacts, id: string): FakeRecord {
    const record = records.all.get(id);
    if (!record) throw new Error(`there is no ${id}`);
    return record;
  }
  const propertiesOf = (record: FakeRecord): Record<string, string> =>
    Object.fromEntries([...record.history.keys()].map((name) => [name, contacts.value(record, name) ?? '']));
  function remove(id: string): FakeRecord {
    const record = known(contacts, id);
    contacts.all.delete(id);
    for (const [deal, people] of portal.contactsOf)
      portal.contactsOf.set(
        deal,
        people.filter((one) => one !== id),
      );
    return record;
  }
  const signing = { clientSecret: context.clientSecret, clock: portal.clock, random: context.random };

  const fake: HubSpotFake = {
    url: context.url,
    account: String(portal.id),
    clientId: context.clientId,
    clientSecret: context.clientSecret,
    requests: room.requests,
    get refreshes() {
      return room.oauth.refreshes;
    },
    addContact: (properties, createdAt) => portal.create('contacts', properties, createdAt).id,
    changeContact(id, properties) {
      portal.change('contacts', known(contacts, id), properties);
    },
    addDeal({ contactId, name = 'Deal', amount, currency, closedAt, stage = 'won', createdAt }) {
      const { id } = portal.create(
        'deals',
        {
          dealname: name,
          pipeline: 'default',
          dealstage: { won: 'closedwon', lost: 'closedlost', open: 'presentationscheduled' }[stage],
          ...(amount !== undefined && { amount }),
          ...(currency !== undefined && { deal_currency_code: currency }),
          ...(closedAt && { closedate: closedAt.toISOString() }),
        },
        createdAt,
      );
      portal.contactsOf.set(id, contactId === undefined ? [] : [known(contacts, contactId).id]);
      return id;
    },
    changeDeal(id, properties) {
      portal.change('deals', known(deals, id), properties);
    },
    merge(from, into) {
      const mine = [...portal.contactsOf].filter(([, people]) => people.includes(from)).map(([deal]) => deal);
      const gone = remove(from);
      for (const deal of mine)
        portal.contactsOf.set(deal, [...new Set([...(portal.contactsOf.get(deal) ?? []), into])]);
      const kept = known(contacts, into);
      const missing = Object.entries(propertiesOf(gone)).filter(([name]) => contacts.value(kept, name) === null);
      contacts.change(kept, Object.fromEntries(missing));
      portal.happened('object.merge contact', kept, {
        primaryObjectId: Number(into),
        mergedObjectIds: [Number(from)],
      });
    },
    deleteContact(id) {
      portal.happened('object.deletion contact', remove(id));
    },
    forget(id) {
      const record = remove(id);
      portal.happened('object.deletion contact', record);
      portal.happened('contact.privacyDeletion', record);
    },
    refuseMail(id) {
      // Refusing everything is what HubSpot's webhooks tell of; of one kind of mail it tells nothing.
      portal.change('contacts', known(contacts, id), {
        hs_email_optout: 'true',
        [`hs_email_optout_${MARKETING}`]: 'true',
      });
    },
    contacts: () => [...contacts.all.keys()],
    deals: () => [...deals.all.keys()],
    contact(id) {
      const record = contacts.all.get(id);
      return record && propertiesOf(record);
    },
    timeline: (id) => portal.timeline.filter((event) => event.objectId === id),
    campaigns: () => [...portal.campaigns.values()],
    queueFaults: (...faults) => void room.faults.push(...faults),
    expireAccess() {
      room.oauth.expireAll();
    },
    removeApp() {
      room.oauth.remove();
    },
    webhooks(url, options = {}) {
      const events = portal.untold.splice(0);
      return webhookRequests(signing, url, events, options);
    },
    async deliverWebhooks(url, options = {}) {
      const events = portal.untold.splice(0);
      for (const request of webhookRequests(signing, url, events, options)) {
        const { method, headers, body } = request;
        const response = await fetch(url, { method, headers, body });
        await response.arrayBuffer();
        if (response.ok) continue;
        portal.untold.unshift(...events);
        throw new Error(`the webhook was answered ${String(response.status)}`);
      }
      return events.length;
    },
    cardRequest: (url, viewer, call) => cardRequest(room.host, url, viewer, call),
    showRecords(backend) {
      room.host.backend = backend.replace(/\/+$/, '');
    },
    recordUrl: (id) => `${context.url}/contacts/${String(portal.id)}/record/0-1/${id}`,
    close: context.close,
  };
  return fake;
}
