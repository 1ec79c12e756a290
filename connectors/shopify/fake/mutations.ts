/** The mutations that the fake carries out, each with the refusals that Shopify documents. */
import { startBulk } from './bulk.ts';
import type { Context } from './context.ts';
import { consentPayload } from './payloads.ts';
import { seconds } from './people.ts';
import { pixelMutations } from './pixels.ts';
import { idOf, type ShopState, type World } from './state.ts';
import { activityView, customerView, definitionView, metafieldView, subscriptionView, type View } from './views.ts';
import { isValueOf } from './values.ts';

type Input = Record<string, unknown>;

interface UserError {
  field: string[] | null;
  message: string;
  code?: string;
}

const no = (code: string, field: string[], message = code): { userErrors: UserError[] } => ({
  userErrors: [{ field, message, code }],
});

export function mutationRoot(world: World, shop: ShopState): View {
  const now = (): Date => seconds(world.clock.now());
  return {
    bulkOperationRunQuery: ({ query, groupObjects }: { query: string; groupObjects: boolean }, context: Context) =>
      startBulk(context, query, groupObjects),

    metafieldDefinitionCreate({ definition }: { definition: Input }) {
      const [key, ownerType] = [text(definition, 'key'), text(definition, 'ownerType')];
      const namespace = text(definition, 'namespace', '$app');
      const name = `${ownerType} ${namespace} ${key}`;
      if (shop.definitions.has(name)) return { createdDefinition: null, ...no('TAKEN', ['definition', 'key']) };
      if ([...shop.definitions.values()].filter((one) => one.ownerType === ownerType).length >= 256)
        return { createdDefinition: null, ...no('RESOURCE_TYPE_LIMIT_EXCEEDED', ['definition']) };
      const one = {
        id: world.nextId(),
        namespace,
        key,
        name: text(definition, 'name'),
        type: text(definition, 'type'),
        ownerType,
      };
      shop.definitions.set(name, one);
      return { createdDefinition: definitionView(one), userErrors: [] };
    },

    metafieldsSet({ metafields }: { metafields: Input[] }) {
      if (metafields.length > 25)
        return { metafields: null, ...no('LESS_THAN_OR_EQUAL_TO', ['metafields'], 'at most 25 metafields') };
      const refusals = metafields.flatMap((one, place) => metafieldRefusal(shop, one, place));
      // All or none.
      if (refusals.length > 0) return { metafields: null, userErrors: refusals };
      return {
        metafields: metafields.map((one) => {
          const [ownerId, key] = [text(one, 'ownerId'), text(one, 'key')];
          const namespace = text(one, 'namespace', '$app');
          const name = `${ownerId} ${namespace} ${key}`;
          const before = shop.metafields.get(name);
          const type = text(one, 'type', shop.definitions.get(`CUSTOMER ${namespace} ${key}`)?.type);
          const field = {
            id: before?.id ?? world.nextId(),
            ownerId,
            namespace,
            key,
            type,
            value: text(one, 'value'),
            createdAt: before?.createdAt ?? now(),
            updatedAt: before && before.value === one['value'] ? before.updatedAt : now(),
          };
          shop.metafields.set(name, field);
          return metafieldView(field);
        }),
        userErrors: [],
      };
    },

    metafieldsDelete({ metafields }: { metafields: Input[] }) {
      return {
        deletedMetafields: metafields.map(({ ownerId, namespace, key }) =>
          shop.metafields.delete(`${String(ownerId)} ${String(namespace)} ${String(key)}`)
            ? { ownerId, namespace, key }
            : null,
        ),
        userErrors: [],
      };
    },

    marketingActivityUpsertExternal({ input }: { input: Input }) {
      const remoteId = text(input, 'remoteId');
      const before = shop.activities.get(remoteId);
      const utm = JSON.stringify(input['utm']);
      const taken = [...shop.activities.values()].some(
        (one) => one.remoteId !== remoteId && utm !== undefined && JSON.stringify(one.input['utm']) === utm,
      );
      if (taken) return { marketingActivity: null, ...no('TAKEN', ['input', 'utm']) };
      const one = {
        id: before?.id ?? world.nextId(),
        remoteId,
        title: text(input, 'title'),
        status: text(input, 'status'),
        input,
      };
      shop.activities.set(remoteId, one);
      return { marketingActivity: activityView(one), userErrors: [] };
    },

    marketingEngagementCreate(args: Input) {
      const [remoteId, engagement] = [args['remoteId'], args['marketingEngagement'] as Input];
      if (typeof remoteId !== 'string' || !shop.activities.has(remoteId))
        return { marketingEngagement: null, ...no('MARKETING_ACTIVITY_DOES_NOT_EXIST', ['remoteId']) };
      const day = `${remoteId} ${text(engagement, 'occurredOn')} ${text(engagement, 'utcOffset')}`;
      shop.engagements.set(day, engagement);
      return { marketingEngagement: { ...engagement, isCumulative: false }, userErrors: [] };
    },

    customerEmailMarketingConsentUpdate({ input }: { input: Input }) {
      const consent = input['emailMarketingConsent'] as Input;
      const one = shop.customers.get(idOf('Customer', text(input, 'customerId')) ?? -1);
      if (!one) return { customer: null, ...no('INVALID', ['input', 'customerId'], 'Customer not found') };
      if (one.email === null) return { customer: null, ...no('MISSING_ARGUMENT', ['input'], 'no e-mail address') };
      const state = consent['marketingState'];
      if (state !== 'SUBSCRIBED' && state !== 'UNSUBSCRIBED' && state !== 'PENDING')
        return { customer: null, ...no('INVALID', ['input', 'emailMarketingConsent', 'marketingState']) };
      const given = consent['consentUpdatedAt'];
      const at = typeof given === 'string' ? new Date(given) : now();
      if (at.getTime() > world.clock.now().getTime() + 60_000)
        return { customer: null, ...no('INVALID', ['input', 'emailMarketingConsent', 'consentUpdatedAt']) };
      const level = (consent['marketingOptInLevel'] ?? one.consent.level) as typeof one.consent.level;
      Object.assign(one, { consent: { state, level, updatedAt: seconds(at) }, updatedAt: now() });
      shop.consents.set(one.id, one.consent);
      world.emit(shop, 'customers_email_marketing_consent/update', consentPayload(one));
      return { customer: customerView(shop, one), userErrors: [] };
    },

    ...pixelMutations(world, shop),

    webhookSubscriptionCreate({ topic, webhookSubscription }: { topic: string; webhookSubscription: Input }) {
      const uri = text(webhookSubscription, 'uri');
      const refusal = uriRefusal(shop, topic, uri);
      if (refusal) return { webhookSubscription: null, userErrors: [refusal] };
      const one = { id: world.nextId(), topic, uri };
      shop.subscriptions.set(one.id, one);
      return { webhookSubscription: subscriptionView(one), userErrors: [] };
    },

    webhookSubscriptionUpdate({ id, webhookSubscription }: { id: string; webhookSubscription: Input }) {
      const one = shop.subscriptions.get(idOf('WebhookSubscription', id) ?? -1);
      const uri = text(webhookSubscription, 'uri');
      const refusal = one ? uriRefusal(shop, one.topic, uri) : { field: ['id'], message: 'not found' };
      if (!one || refusal) return { webhookSubscription: null, userErrors: [refusal] };
      one.uri = uri;
      return { webhookSubscription: subscriptionView(one), userErrors: [] };
    },
  };
}

/** A text of the input, or what stands for it. */
function text(input: Input, name: string, otherwise = ''): string {
  const value = input[name];
  return typeof value === 'string' ? value : otherwise;
}

function metafieldRefusal(shop: ShopState, one: Input, place: number): UserError[] {
  const field = (name: string): string[] => ['metafields', String(place), name];
  const customer = shop.customers.get(idOf('Customer', text(one, 'ownerId')) ?? -1);
  if (!customer) return no('INVALID', field('ownerId'), 'Owner does not exist').userErrors;
  const [namespace, key] = [text(one, 'namespace', '$app'), text(one, 'key')];
  if (!/^[\w-]{2,64}$/.test(key)) return no('INVALID', field('key')).userErrors;
  const defined = shop.definitions.get(`CUSTOMER ${namespace} ${key}`)?.type;
  const type = one['type'] ?? defined;
  if (typeof type !== 'string') return no('BLANK', field('type')).userErrors;
  if (defined !== undefined && defined !== type) return no('INVALID_TYPE', field('type')).userErrors;
  if (!isValueOf(type, text(one, 'value'), shop.currency)) return no('INVALID_VALUE', field('value')).userErrors;
  return [];
}

function uriRefusal(shop: ShopState, topic: string, uri: string): UserError | undefined {
  if (!/^(https:\/\/|pubsub:\/\/|arn:aws:events:)/.test(uri))
    return { field: ['webhookSubscription', 'uri'], message: 'Address must be HTTPS, Pub/Sub or EventBridge' };
  if ([...shop.subscriptions.values()].some((one) => one.topic === topic && one.uri === uri))
    return { field: ['webhookSubscription', 'uri'], message: 'Address for this topic has already been taken' };
  return undefined;
}
