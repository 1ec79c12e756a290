/**
 * What people (and robots) do at our own addresses: the open pixel and the click redirect. The page has answered before
 * this runs; a hit of the same kind on the same message within one second is one.
 */
import { hash } from 'node:crypto';
import type { Engine } from '../engine.ts';
import { applyEvents, type Applied } from './apply.ts';
import type { IncomingEvent } from './event.ts';
import { keepable, withoutQuery } from './keepable.ts';

/** Name of our own pages where events say who told them. */
export const PUBLIC = 'public';

export interface Hit {
  kind: 'open' | 'click';
  storeId: string;
  messageId: string;
  at: Date;
  /** GET, HEAD */
  method: string;
  userAgent: string | undefined;
  /** Target of a click */
  url?: string | undefined;
}

/** Records hits of one store in one transaction. */
export function recordHits(engine: Engine, storeId: string, hits: readonly Hit[]): Promise<Applied> {
  return engine.database.inStore(storeId, (tx) => applyEvents(tx, engine.keys, PUBLIC, hits.map(incoming)));
}

/** Records that the pixel of a message was fetched. */
export function recordOpen(engine: Engine, hit: Omit<Hit, 'kind' | 'url'>): Promise<Applied> {
  return recordHits(engine, hit.storeId, [{ ...hit, kind: 'open' }]);
}

/** Records that a link of a message was followed. */
export function recordClick(engine: Engine, hit: Omit<Hit, 'kind'> & { url: string }): Promise<Applied> {
  return recordHits(engine, hit.storeId, [{ ...hit, kind: 'click' }]);
}

function incoming(hit: Hit): IncomingEvent {
  const second = Math.floor(hit.at.getTime() / 1000);
  const link = hit.url === undefined ? '' : hash('sha256', hit.url).slice(0, 16);
  return {
    vendorEventId: `${hit.kind}:${hit.messageId}:${hit.method}:${link}:${String(second)}`,
    kind: hit.kind,
    at: hit.at,
    messageId: hit.messageId,
    detail: {
      method: hit.method,
      userAgent: hit.userAgent === undefined ? undefined : keepable(hit.userAgent),
      link: hit.url === undefined ? undefined : withoutQuery(hit.url),
    },
  };
}
