/**
 * Random histories of provider events: what may happen to a mail, in SendGrid's words, and how its news travels: in copies,
 * late, in another order, in other batches. Pure.
 */
import type { Random } from '@rekindle/core';

export const START = new Date('2026-03-02T00:00:00Z').getTime();
const HOUR = 3_600_000;
const LATEST_MS = 29 * HOUR;
const MOST_COPIES = 46;
const LARGEST_BATCH = 40;

/** One event as the vendor writes it; `timestamp` in seconds. */
export interface WireEvent {
  event: string;
  sg_event_id: string;
  timestamp: number;
  rekindle_message_id: string;
  [more: string]: unknown;
}

const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15',
  'Mozilla/5.0',
  'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
  'curl/8.5.0',
  '',
];

/** What happened to these messages in a day or two, in order. */
export function drawHistory(random: Random, messageIds: readonly string[]): WireEvent[] {
  return messageIds.flatMap((id) => drawMessage(random, id)).toSorted(inOrder);
}

export function inOrder(a: WireEvent, b: WireEvent): number {
  return a.timestamp - b.timestamp || (a.sg_event_id < b.sg_event_id ? -1 : 1);
}

function drawMessage(random: Random, messageId: string): WireEvent[] {
  const events: WireEvent[] = [];
  // Seconds: SendGrid tells no finer, so that equal moments are common.
  let at = START / 1000 + whole(random, 6 * 3600);
  function add(event: string, more: object = {}): void {
    const sg_event_id = `${messageId}-${String(events.length)}`;
    events.push({ event, sg_event_id, timestamp: at, rekindle_message_id: messageId, ...more });
  }
  add('processed');
  if (random.next() < 0.2) add('deferred', { response: '451 later' });
  at += whole(random, 600);
  const fate = random.next();
  if (fate < 0.06) add('dropped', { reason: 'Bounced Address' });
  else if (fate < 0.2)
    add('bounce', random.next() < 0.5 ? { type: 'bounce', status: '5.1.1' } : { type: 'blocked', status: '4.7.1' });
  else {
    add('delivered');
    for (let left = whole(random, 5); left > 0; left--) {
      at += whole(random, random.next() < 0.3 ? 8 : 20_000);
      add('open', { useragent: pick(random, AGENTS), sg_machine_open: random.next() < 0.2 });
    }
    for (let left = whole(random, 6); left > 0; left--) {
      // Now and then a scanner, which opens every link at once.
      at += random.next() < 0.5 ? whole(random, 2) : whole(random, 9000);
      add('click', { useragent: pick(random, AGENTS), url: `https://shop.example/${String(whole(random, 4))}?to=x` });
    }
    if (random.next() < 0.35) at += whole(random, 3);
    if (random.next() < 0.3) add('unsubscribe');
    if (random.next() < 0.15) add('spamreport');
  }
  return events;
}

export interface Arrival {
  /** Milliseconds since 1970 */
  at: number;
  events: WireEvent[];
}

/** How the news arrives: 1 to 46 copies of each, 0 to 29 hours late, in batches as it comes. */
export function drawArrivals(random: Random, history: readonly WireEvent[]): Arrival[] {
  const copies = history
    .flatMap((event) =>
      Array.from({ length: drawCopies(random) }, () => ({
        event,
        at: event.timestamp * 1000 + (random.next() < 0.4 ? random.next() * 60_000 : random.next() * LATEST_MS),
      })),
    )
    .toSorted((a, b) => a.at - b.at);
  const arrivals: Arrival[] = [];
  while (copies.length > 0) {
    const batch = copies.splice(0, 1 + whole(random, LARGEST_BATCH));
    const events = batch.map((copy) => ({ event: copy.event, place: random.next() }));
    arrivals.push({
      at: Math.max(...batch.map((copy) => copy.at)),
      events: events.toSorted((a, b) => a.place - b.place).map(({ event }) => event),
    });
  }
  return arrivals;
}

/** About three on average, as people measured, and now and then all of 46. */
function drawCopies(random: Random): number {
  return random.next() < 0.05 ? 1 + whole(random, MOST_COPIES) : 1 + whole(random, 4);
}

export function whole(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[whole(random, items.length)] as Item;
}
