/** Every address that the fake answers, with the scope it asks for and the vendor's types of what goes in and comes out. */
import type { Answer, Call } from './call.ts';
import { associations, list, readContacts, searching, updateContacts } from './objects.ts';
import {
  account,
  allProperties,
  kindsOfMail,
  makeGroup,
  makeProperties,
  subscribe,
  takeAppEvents,
  upsertMarketingEvents,
} from './rest.ts';
import type { TypeName } from './vendor-schemas.ts';

export interface Route {
  scope: string;
  takes?: TypeName;
  /** By status, where it differs; undefined: not known to the client */
  gives: Partial<Record<number, TypeName>>;
  handle: (call: Call) => Answer;
}

const OBJECTS = {
  200: 'crm/contacts:BatchResponseSimplePublicObject',
  207: 'crm/contacts:BatchResponseSimplePublicObjectWithErrors',
} as const;
const PAGE = { 200: 'crm/contacts:CollectionResponseSimplePublicObjectWithAssociationsForwardPaging' } as const;
const FOUND = { 200: 'crm/contacts:CollectionResponseWithTotalSimplePublicObjectForwardPaging' } as const;
const STATUS = { 200: 'communication_preferences:PublicSubscriptionStatus' } as const;
const SET_STATUS = 'communication_preferences:PublicUpdateSubscriptionStatusRequest';
const SEARCH = 'crm/contacts:PublicObjectSearchRequest';

/** Deals have types of their own in the client, equal to those of contacts field by field. */
export const ROUTES: Record<string, Route> = {
  'GET /account-info/v3/details': { scope: 'oauth', gives: {}, handle: account },
  'GET /crm/v3/objects/contacts': { scope: 'crm.objects.contacts.read', gives: PAGE, handle: list('contacts') },
  'GET /crm/v3/objects/deals': { scope: 'crm.objects.deals.read', gives: PAGE, handle: list('deals') },
  'POST /crm/v3/objects/contacts/search': {
    scope: 'crm.objects.contacts.read',
    takes: SEARCH,
    gives: FOUND,
    handle: searching('contacts'),
  },
  'POST /crm/v3/objects/deals/search': {
    scope: 'crm.objects.deals.read',
    takes: SEARCH,
    gives: FOUND,
    handle: searching('deals'),
  },
  'POST /crm/v3/objects/contacts/batch/read': {
    scope: 'crm.objects.contacts.read',
    takes: 'crm/contacts:BatchReadInputSimplePublicObjectId',
    gives: OBJECTS,
    handle: readContacts,
  },
  'POST /crm/v3/objects/contacts/batch/update': {
    scope: 'crm.objects.contacts.write',
    takes: 'crm/contacts:BatchInputSimplePublicObjectBatchInput',
    gives: OBJECTS,
    handle: updateContacts,
  },
  'POST /crm/v4/associations/deals/contacts/batch/read': {
    scope: 'crm.objects.deals.read',
    takes: 'crm/associations/v4:BatchInputPublicFetchAssociationsBatchRequest',
    gives: {
      200: 'crm/associations/v4:BatchResponsePublicAssociationMultiWithLabel',
      207: 'crm/associations/v4:BatchResponsePublicAssociationMultiWithLabelWithErrors',
    },
    handle: associations,
  },
  'GET /crm/v3/properties/contacts': {
    scope: 'crm.schemas.contacts.read',
    gives: { 200: 'crm/properties:CollectionResponsePropertyNoPaging' },
    handle: allProperties,
  },
  'POST /crm/v3/properties/contacts/groups': {
    scope: 'crm.schemas.contacts.write',
    takes: 'crm/properties:PropertyGroupCreate',
    gives: { 201: 'crm/properties:PropertyGroup' },
    handle: makeGroup,
  },
  'POST /crm/v3/properties/contacts/batch/create': {
    scope: 'crm.schemas.contacts.write',
    takes: 'crm/properties:BatchInputPropertyCreate',
    gives: { 201: 'crm/properties:BatchResponseProperty' },
    handle: makeProperties,
  },
  'GET /communication-preferences/v3/definitions': {
    scope: 'communication_preferences.read_write',
    gives: { 200: 'communication_preferences:SubscriptionDefinitionsResponse' },
    handle: kindsOfMail,
  },
  'POST /communication-preferences/v3/subscribe': {
    scope: 'communication_preferences.read_write',
    takes: SET_STATUS,
    gives: STATUS,
    handle: subscribe('false'),
  },
  'POST /communication-preferences/v3/unsubscribe': {
    scope: 'communication_preferences.read_write',
    takes: SET_STATUS,
    gives: STATUS,
    handle: subscribe('true'),
  },
  'POST /marketing/v3/marketing-events/events/upsert': {
    scope: 'crm.objects.marketing_events.write',
    takes: 'marketing/events:BatchInputMarketingEventCreateRequestParams',
    gives: { 200: 'marketing/events:BatchResponseMarketingEventPublicDefaultResponse' },
    handle: upsertMarketingEvents,
  },
  'POST /integrators/timeline/v4/events/batch': { scope: 'timeline', gives: {}, handle: takeAppEvents },
};
