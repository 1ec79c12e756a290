/** What mail servers and people did → one history, once each, and what follows from it. */
export { agentOf, tellAgents } from './agent.ts';
export type { Applied } from './apply.ts';
export type { Agent, EventDetail, EventKind, Fact, IncomingEvent, Moments } from './event.ts';
export { PUBLIC, recordClick, recordHits, recordOpen, type Hit } from './hits.ts';
export { receiveReply, type Received } from './reply.ts';
export { receiveEvents } from './receive.ts';
export { recordEvents } from './record.ts';
export type { Recipient } from './recipient.store.ts';
export { settleMessage, type Settled } from './settle.ts';
export { readRecipient, recordResubscribe, recordUnsubscribe, type Addressee } from './wish.ts';
export {
  readPreferences,
  recordCounting,
  recordPreferences,
  undoPreferences,
  type Asked,
  type PreferenceSheet,
} from './prefer.ts';
export { loadFacts } from './events.store.ts';
export { readExport } from './export-person.ts';
export { listExports, type ListedExport } from './export-person.store.ts';
export { receivePlatformEvents, type Taken } from './platform.ts';
export { recordDoNotMail } from './do-not-mail.ts';
export { PIXEL_KINDS, recordPixelEvents, type PixelEvent } from './pixel.ts';
