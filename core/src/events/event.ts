/** What happened to a message, as this room keeps it, and what follows for the message. */

export type EventKind =
  | 'processed'
  | 'delivered'
  | 'deferred'
  | 'open'
  | 'click'
  | 'bounce'
  | 'dropped'
  | 'complaint'
  | 'unsubscribe'
  | 'reply'
  | 'auto_reply';

/** Who did it: a person, a robot or prefetcher, or nobody can say. */
export type Agent = 'human' | 'machine' | 'unknown';

/** What is kept of an event beside its columns. */
export interface EventDetail {
  userAgent?: string | undefined;
  /** HTTP method, where it came to our own address */
  method?: string | undefined;
  /** Which link: address without query, or the name of one of ours */
  link?: string | undefined;
  /** The vendor's own word that a machine did it */
  machine?: boolean | undefined;
  /** A bounce that will stay */
  permanent?: boolean | undefined;
  reason?: string | undefined;
  /** What the vendor called the message, where we know none of that name */
  unknownMessage?: string | undefined;
}

/** An event on its way into the store. */
export interface IncomingEvent {
  vendorEventId: string;
  kind: EventKind;
  at: Date;
  messageId: string;
  detail: EventDetail;
}

/** An event of a known message, as the rules look at it. */
export interface Fact {
  id: number;
  kind: EventKind;
  at: Date;
  detail: EventDetail;
}

/** The moments that a message's row shows; null: not (yet). */
export interface Moments {
  delivered: Date | null;
  opened: Date | null;
  clicked: Date | null;
  bounced: Date | null;
  complained: Date | null;
  unsubscribed: Date | null;
}
