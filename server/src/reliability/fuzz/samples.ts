/**
 * A well-formed request for each route that is known to need one; any other route gets a general one, so that a new route is
 * under fire on its first day.
 */
import { createHmac, sign as signBytes } from 'node:crypto';
import { pixelKey, signLink, type LinkKind, type Random } from '@rekindle/core';
import { sessionToken } from '@rekindle/connector-shopify/fake/admin';
import { salesforceWebhookKey } from '../../platforms.ts';
import { nastyText, pick, whole } from './nasty.ts';
import type { Route } from './protocol.ts';
import type { Body, Draft, Written } from './request.ts';
import { SHOPIFY_TOPICS } from './shopify-topics.ts';
import { APP, HOST, HUBSPOT_SECRET, LEAVING, ORGANISATION, PORTAL, SHOP, type Target } from './target.ts';

type Sample = (random: Random, target: Target) => Partial<Draft>;

const ADMIN_HOST = 'admin.rekindle.example';
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

const SAMPLES: Record<string, Sample> = {
  'POST /webhooks/:vendor/:storeId': sendGridEvents,
  'POST /webhooks/:platform': (random, target) =>
    pick(random, [shopifyTopic, shopifyTopic, hubSpotEvents, salesforceChanges])(random, target),
  'GET /api/v1/panel': (random, target) =>
    byKeyOrSignature(random, target, { query: Object.entries<string>(person(random)) }),
  'POST /api/v1/panel/do-not-mail': (random, target) =>
    byKeyOrSignature(random, target, { body: { kind: 'json', value: person(random) } }),
  'POST /api/v1/pixel': pixelEvents,
  'GET /o/:token': (random, target) => ({ path: `/o/${link(random, target, 'open')}` }),
  'GET /c/:token': (random, target) => ({ path: `/c/${link(random, target, 'click')}` }),
  'GET /u/:token': (random, target) => ({ path: `/u/${link(random, target, 'unsubscribe')}`, query: [['lang', 'es']] }),
  'GET /p/:token': (random, target) => ({ path: `/p/${link(random, target, 'preferences')}`, query: [['lang', 'en']] }),
  'POST /u/:token': (random, target) => ({
    path: `/u/${link(random, target, 'unsubscribe')}`,
    body: form(random, [['List-Unsubscribe', 'One-Click']]),
  }),
  'POST /p/:token': (random, target) => ({
    path: `/p/${link(random, target, 'preferences')}`,
    body: form(random, [
      ['action', pick(random, ['unsubscribe', 'resubscribe', 'save', 'pause'])],
      ['lang', 'en'],
      ['topics', 'offers'],
      ['frequency', 'monthly'],
      ['pause', '30'],
      ['language', 'es'],
    ]),
  }),
  'GET /connect/hubspot/callback': () => ({
    query: [
      ['code', 'abc'],
      ['state', 'AbCdEf'],
    ],
  }),
};

/** Fields that the pages' forms have, whichever they belong to. */
const FORMS: ((random: Random, target: Target) => [string, string][])[] = [
  (random) => [['step', pick(random, ['approve', 'pause', 'resume', 'cancel'])]],
  (_, { storeId }) => [['connection', storeId]],
  (_, { storeId }) => [['insight', storeId]],
  (_, { storeId }) => [
    ['store', storeId],
    ['back', '/customers'],
  ],
  () => Object.entries(SETTINGS),
];
const SETTINGS = {
  senderName: 'Kaffa',
  postalAddress: 'Calle 1, Madrid',
  quietFrom: '21',
  quietTo: '9',
  sendDays: '7',
  randomPercent: '10',
  capMessages: '2',
  capDays: '30',
  holdoutPercent: '20',
  measureDays: '60',
  opens: 'true',
  clicks: 'true',
  voice: 'Warm',
  offerKind: 'percent',
  offerValue: '10',
  offerCode: 'BACK10',
  offerTest: 'false',
  audienceLimit: '',
  dealing: 'even',
  weeklyReport: 'true',
  monthlyReport: 'false',
  reportsTo: 'a@shop.example',
};

/** Routes that have a sample of their own. */
export function hasSample(route: Route): boolean {
  return route.page || Object.hasOwn(SAMPLES, `${route.method} ${route.path}`);
}

export function draftFor(random: Random, target: Target, route: Route): Draft {
  const general: Draft = {
    method: route.method,
    path: route.path.replaceAll(/:(\w+)(\{[^}]*\})?\??/g, (_, name: string) =>
      valueOf(random, target, name, route.path),
    ),
    query: [],
    headers: [
      ['User-Agent', AGENT],
      ['Accept', pick(random, ['*/*', 'text/html', 'application/json'])],
    ],
    body: route.method === 'GET' ? { kind: 'none' } : anyBody(random, target),
  };
  if (route.page) return visit(random, target, general);
  return { ...general, ...SAMPLES[`${route.method} ${route.path}`]?.(random, target) };
}

function valueOf(random: Random, target: Target, name: string, path: string): string {
  if (name === 'id') {
    if (path.includes('campaigns')) return target.campaignId;
    if (path.includes('messages')) return pick(random, target.messages);
    if (path.includes('reports')) return target.reports[0] ?? target.storeId;
    return pick(random, target.customers);
  }
  return pick(random, [
    target.storeId,
    'sendgrid',
    'shopify',
    'anything',
    encodeURIComponent(nastyText(random).toWellFormed()),
  ]);
}

function anyBody(random: Random, target: Target): Body {
  const value = { id: target.storeId, name: 'x', at: new Date(0).toISOString(), items: [1, 'a', null, { deep: true }] };
  return pick<Body>(random, [
    { kind: 'json', value },
    { kind: 'json', value: [value] },
    { kind: 'form', fields: [['name', 'x']] },
    { kind: 'bytes', bytes: Buffer.from('plain'), type: 'text/plain' },
  ]);
}

/** The pages, as somebody at this machine and as somebody in the Shopify admin opens them. */
function visit(random: Random, target: Target, general: Draft): Draft {
  const posting = general.method === 'POST';
  const embedded = random.next() < 0.3;
  const query: [string, string][] = random.next() < 0.5 ? listQuery(random) : [];
  const headers: [string, string][] = [...general.headers];
  if (embedded) {
    const token = sessionToken({ ...APP, shop: SHOP, user: '7001', now: new Date() });
    headers.push(['Host', ADMIN_HOST], ['Authorization', `Bearer ${token}`]);
    query.push(
      ['shop', SHOP],
      ['embedded', '1'],
      ['host', Buffer.from('admin.shopify.com/store/kaffa').toString('base64')],
    );
    if (random.next() < 0.3) query.push(['id_token', token]);
  } else
    headers.push(['Host', 'localhost'], ['Origin', 'http://localhost'], ['Cookie', `rekindle_store=${target.storeId}`]);
  if (general.path.endsWith('.data') && random.next() < 0.3) query.push(['_routes', 'root,routes/_app']);
  const fields = pick(random, FORMS)(random, target);
  return { ...general, query, headers, body: posting ? form(random, fields) : { kind: 'none' } };
}

function listQuery(random: Random): [string, string][] {
  return [
    ['view', pick(random, ['slipping', 'lapsed', 'all'])],
    ['sort', pick(random, ['risk', 'silence'])],
    ['search', pick(random, ['anna', 'a@b.example'])],
    ['after', Buffer.from(JSON.stringify([1, 'a'])).toString('base64url')],
  ];
}

function form(random: Random, fields: [string, string][]): Body {
  if (random.next() < 0.7) return { kind: 'form', fields };
  const parts = fields.map(
    ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return { kind: 'bytes', bytes: Buffer.from(`${parts.join('')}--x--\r\n`), type: 'multipart/form-data; boundary=x' };
}

function link(random: Random, target: Target, kind: LinkKind): string {
  const ids = { storeId: target.storeId, messageId: pick(random, target.messages) };
  if (kind === 'click') return signLink(target.keys, { kind, ...ids, url: 'https://shop.example/tea?a=1' });
  if (kind === 'open') return signLink(target.keys, { kind, ...ids });
  return signLink(target.keys, { kind, ...ids, customerId: pick(random, target.customers) });
}

function person(random: Random) {
  return { platform: 'hubspot', externalId: String(10_000 + whole(random, 90)) };
}

function byKeyOrSignature(random: Random, target: Target, draft: Partial<Draft>): Partial<Draft> {
  if (random.next() < 0.5) return { ...draft, headers: [['Authorization', `Bearer ${target.apiKey}`]] };
  const query: [string, string][] = [...(draft.query ?? []), ['portalId', PORTAL], ['userId', '1'], ['appId', '12345']];
  return { ...draft, query, sign: signHubSpot };
}

function pixelEvents(random: Random, target: Target): Partial<Draft> {
  const event = () => ({
    id: `e${String(whole(random, 1e9))}`,
    kind: pick(random, ['product_viewed', 'product_added_to_cart', 'checkout_started']),
    at: new Date().toISOString(),
    customerId: String(10_000 + whole(random, 90)),
    title: 'Green tea',
    url: 'https://shop.example/tea',
  });
  return {
    headers: [['Origin', 'null']],
    body: { kind: 'json', value: { key: pixelKey(target.keys, target.storeId), events: [event(), event()] } },
  };
}

// ------------------------------------------------------------------------------------------------------------- webhooks

function sendGridEvents(random: Random, target: Target): Partial<Draft> {
  const event = () => ({
    event: pick(random, ['processed', 'delivered', 'open', 'click', 'bounce', 'dropped', 'spamreport', 'unsubscribe']),
    sg_event_id: `ev${String(whole(random, 1e9))}`,
    timestamp: Math.floor(Date.now() / 1000) - whole(random, 9000),
    rekindle_message_id: pick(random, target.messages),
    type: 'bounce',
    status: '5.1.1',
    reason: 'mailbox is gone',
    useragent: AGENT,
    url: 'https://shop.example/tea?x=1',
    sg_machine_open: false,
  });
  return {
    path: `/webhooks/sendgrid/${target.storeId}`,
    body: { kind: 'json', value: [event(), event()] },
    sign({ body }) {
      const timestamp = String(Math.floor(Date.now() / 1000));
      const signature = signBytes('sha256', Buffer.concat([Buffer.from(timestamp), body]), target.mailKey);
      return [
        ['X-Twilio-Email-Event-Webhook-Signature', signature.toString('base64')],
        ['X-Twilio-Email-Event-Webhook-Timestamp', timestamp],
      ];
    },
  };
}

function shopifyTopic(random: Random): Partial<Draft> {
  const [topic, make] = pick(random, Object.entries(SHOPIFY_TOPICS));
  const { body, ends } = make(random);
  return {
    path: '/webhooks/shopify',
    headers: [
      ['X-Shopify-Topic', topic],
      ['X-Shopify-Shop-Domain', ends ? LEAVING : SHOP],
      ['X-Shopify-Event-Id', `w${String(whole(random, 1e9))}`],
      ['X-Shopify-Triggered-At', new Date().toISOString()],
    ],
    body: { kind: 'json', value: body },
    sign: ({ body: bytes }) => [
      ['X-Shopify-Hmac-Sha256', createHmac('sha256', APP.apiSecret).update(bytes).digest('base64')],
    ],
  };
}

function hubSpotEvents(random: Random): Partial<Draft> {
  const event = {
    eventId: whole(random, 1e9),
    subscriptionId: 1,
    portalId: Number(PORTAL),
    occurredAt: Date.now(),
    subscriptionType: pick(random, [
      'contact.propertyChange',
      'object.merge',
      'contact.privacyDeletion',
      'deal.creation',
    ]),
    objectTypeId: '0-1',
    objectId: whole(random, 9000),
    primaryObjectId: whole(random, 9000),
    mergedObjectIds: [whole(random, 9000)],
  };
  return { path: '/webhooks/hubspot', body: { kind: 'json', value: [event] }, sign: signHubSpot };
}

const DECODED = ['%3A', '%2F', '%3F', '%40', '%21', '%24', '%27', '%28', '%29', '%2A', '%2C', '%3B'];

function signHubSpot({ method, target, body }: Written): [string, string][] {
  const timestamp = String(Date.now());
  const url = DECODED.reduce(
    (text, code) => text.replaceAll(new RegExp(code, 'gi'), () => decodeURIComponent(code)),
    `http://${HOST}${target}`,
  );
  const source = Buffer.concat([Buffer.from(method + url), body, Buffer.from(timestamp)]);
  return [
    ['X-HubSpot-Request-Timestamp', timestamp],
    ['X-HubSpot-Signature-v3', createHmac('sha256', HUBSPOT_SECRET).update(source).digest('base64')],
  ];
}

function salesforceChanges(random: Random, target: Target): Partial<Draft> {
  const id = () => `003${String(100_000_000_000 + whole(random, 1e9))}`;
  const value = {
    id: `telling${String(whole(random, 1e9))}`,
    organisation: ORGANISATION,
    sentAt: new Date().toISOString(),
    changes: [
      { what: 'changed', id: id() },
      { what: 'merged', id: id(), into: id() },
      { what: 'erased', id: id() },
    ],
  };
  const key = salesforceWebhookKey(target.keys, ORGANISATION);
  return {
    path: '/webhooks/salesforce',
    body: { kind: 'json', value },
    sign: ({ body }) => [['X-Rekindle-Signature', createHmac('sha256', key).update(body).digest('base64')]],
  };
}
