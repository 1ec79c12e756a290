/**
 * Stands where App Bridge stands (https://cdn.shopify.com/shopifycloud/app-bridge.js), inside the app's page: gives every
 * request to the app's own address a session token, fetches one on the bounce page, and carries navigation, title, toasts and
 * the address to the admin's page around it. Shaped by Shopify's own types of the script; the messages to the admin are our
 * own, so the real script is not verified by it. What is not here (save bar, modals, pickers …) is missing aloud.
 *
 * @import { ShopifyGlobal } from '@shopify/app-bridge-types'
 * @import { FromAdmin, ToAdmin } from './messages.js'
 */

/** The admin's origin; the server writes it in here. */
const ADMIN = '{{admin}}';
/** What the admin adds to the app's address; it does not belong to the page's own. */
const ADDED = ['embedded', 'hmac', 'host', 'id_token', 'locale', 'session', 'shop', 'timestamp'];
const RETRY = 'X-Shopify-Retry-Invalid-Session-Request';

/** @type {Map<number, (token: string) => void>} */
const waiting = new Map();
let asked = 0;

/** @param {ToAdmin} message */
function tell(message) {
  window.parent.postMessage(message, ADMIN);
}

/** @returns {Promise<string>} */
function idToken() {
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell({ kind: 'token', id });
  });
}

window.addEventListener('message', (event) => {
  if (event.origin !== ADMIN || event.source !== window.parent) return;
  const message = /** @type {FromAdmin} */ (event.data);
  if (message.kind === 'token') {
    waiting.get(message.id)?.(message.token);
    waiting.delete(message.id);
  } else {
    const links = [...document.querySelectorAll('ui-nav-menu a')];
    const link = links.find((one) => one.getAttribute('href') === message.path);
    link?.dispatchEvent(new CustomEvent('shopify:navigate', { bubbles: true, cancelable: true }));
  }
});

const plainFetch = window.fetch.bind(window);

window.fetch = async (input, init) => {
  const request = new Request(input, init);
  if (new URL(request.url).origin !== window.location.origin) return plainFetch(request);
  const send = async () => {
    const signed = request.clone();
    signed.headers.set('Authorization', `Bearer ${await idToken()}`);
    return plainFetch(signed);
  };
  const response = await send();
  return response.status === 401 && response.headers.has(RETRY) ? send() : response;
};

function tellPath() {
  const address = new URL(window.location.href);
  for (const name of ADDED) address.searchParams.delete(name);
  tell({ kind: 'path', path: address.pathname + address.search });
}

for (const name of /** @type {const} */ (['pushState', 'replaceState'])) {
  const change = window.history[name].bind(window.history);
  window.history[name] = (...words) => {
    change(...words);
    tellPath();
  };
}
window.addEventListener('popstate', tellPath);

/** What the page says of its navigation and its title. */
function tellSurroundings() {
  const links = [...document.querySelectorAll('ui-nav-menu a')].map((link) => ({
    label: link.textContent.trim(),
    path: link.getAttribute('href') ?? '/',
    home: link.getAttribute('rel') === 'home',
  }));
  tell({ kind: 'menu', links, title: document.querySelector('ui-title-bar')?.getAttribute('title') ?? '' });
}

/** Shown by the admin, not in the page. */
class Elsewhere extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
  }
}
customElements.define('ui-nav-menu', class extends Elsewhere {});
customElements.define('ui-title-bar', class extends Elsewhere {});

/** @type {Pick<ShopifyGlobal, 'config' | 'origin' | 'ready' | 'environment' | 'idToken' | 'loading' | 'toast'>} */
const shopify = {
  config: {
    apiKey:
      document.querySelector('meta[name="shopify-api-key"]')?.getAttribute('content') ??
      document.currentScript?.dataset['apiKey'] ??
      '',
  },
  origin: ADMIN,
  ready: Promise.resolve(),
  environment: { embedded: true, intent: false, mobile: false, pos: false },
  idToken,
  loading: (on) => {
    tell({ kind: 'loading', on: on === true });
  },
  toast: {
    show: (text) => {
      tell({ kind: 'toast', text });
      return text;
    },
    hide: () => undefined,
  },
};
window.shopify = /** @type {ShopifyGlobal} */ (shopify);

const reload = new URLSearchParams(window.location.search).get('shopify-reload');
if (reload === null) {
  tellPath();
  new MutationObserver(tellSurroundings).observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['title', 'href'],
  });
} else {
  // The bounce page: back to where one wanted to go, with a token.
  const address = new URL(reload, window.location.href);
  address.searchParams.set('id_token', await idToken());
  window.location.replace(address);
}
