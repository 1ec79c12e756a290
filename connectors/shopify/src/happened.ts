/** What a webhook's body tells, before its headers say which event it was, where and when. */
import type { PlatformEvent } from '@rekindle/core';

type Without<Event, Key extends PropertyKey> = Event extends unknown ? Omit<Event, Key> : never;
export type Happened = Without<PlatformEvent, 'vendorEventId' | 'account' | 'at'>;
