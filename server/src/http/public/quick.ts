/**
 * The click redirect without the framework: what a reader waits for is one look at a token and a few lines of text. Only a plain
 * GET of a link that is right is answered here; whatever else comes, a wrong token first of all, goes the way of all requests
 * (links.ts), which answers the same.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LINK_PATHS, readLink, type Engine } from '@rekindle/core';
import type { ProcessMeter } from '../../meter.ts';
import { headersOf } from '../headers.ts';
import type { HitBuffer } from './hits.ts';

/** Answers the request if it can; false: it has not looked at more than the request's head. */
export type Quick = (request: IncomingMessage, answer: ServerResponse) => boolean;

/** Targets whose address is remembered as a browser is to be told it. */
const REMEMBERED = 1000;
/** A name that needs no closer look; any other goes through the framework, which refuses what names no host. */
const HOST = /^[a-z0-9.-]+(:\d{1,5})?$/i;

export function quickClicks(engine: Engine, { hits, meter }: { hits: HitBuffer; meter?: ProcessMeter }): Quick {
  const headers = headersOf(engine.publicUrl.startsWith('https:'));
  let locations = new Map<string, string>();

  function locationOf(url: string): string {
    let location = locations.get(url);
    if (location === undefined) {
      location = new URL(url).href;
      if (locations.size >= REMEMBERED) locations = new Map();
      locations.set(url, location);
    }
    return location;
  }

  return (request, answer) => {
    const { url: address = '', method } = request;
    if (method !== 'GET' || !address.startsWith(LINK_PATHS.click) || !HOST.test(request.headers.host ?? ''))
      return false;
    const from = performance.now();
    const link = readLink(engine.keys, 'click', address.slice(LINK_PATHS.click.length));
    if (link === undefined) return false;
    const { storeId, messageId, url } = link;
    const userAgent = request.headers['user-agent'];
    hits.add({ kind: 'click', storeId, messageId, url, at: engine.clock.now(), method, userAgent });
    answer.writeHead(302, { ...headers, Location: locationOf(url) }).end();
    meter?.timeRequest(`${LINK_PATHS.click}:token`, method, 302, (performance.now() - from) / 1000);
    return true;
  };
}
