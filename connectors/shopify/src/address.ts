/**
 * Where requests to shops really go. @shopify/shopify-api builds https://{shop}/… itself and reaches the network through one
 * replaceable function; that function sends them on to another address where a connector was given one (a stand-in on this
 * machine), and leaves them alone otherwise.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import '@shopify/shopify-api/adapters/node';

type Fetch = typeof globalThis.fetch;

const SHOP = /^https:\/\/([a-z0-9][a-z0-9-]*\.myshopify\.com)(\/.*)?$/i;
const given = new AsyncLocalStorage<Fetch>();

/** A fetch that finds every shop at `baseUrl`, told by the Host header which one is meant. */
export function shopFetch(baseUrl: string): Fetch {
  const base = baseUrl.replace(/\/+$/, '');
  return (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const [, shop, path = '/'] = SHOP.exec(url) ?? [];
    if (shop === undefined) return globalThis.fetch(input, init);
    const headers = new Headers(init?.headers);
    headers.set('x-forwarded-host', shop);
    return globalThis.fetch(`${base}${path}`, { ...init, headers });
  };
}

/** Runs calls of the library at `baseUrl`, or at the shops themselves. */
export function atAddress<Result>(baseUrl: string | undefined, work: () => Promise<Result>): Promise<Result> {
  // Whoever else loads the library in this process sets its function anew; ours stands in front of theirs only inside `work`.
  setAbstractFetchFunc((input: Parameters<Fetch>[0], init?: Parameters<Fetch>[1]) =>
    (given.getStore() ?? globalThis.fetch)(input, init),
  );
  return baseUrl === undefined ? work() : given.run(shopFetch(baseUrl), work);
}
