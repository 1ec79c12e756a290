/** What people write back: the address that brings it here, who wrote it, and what it stops. */
export { readReplyName, replyName, type Answered, type ReadAddress } from './address.ts';
export { kindOfReply, type ReplyFacts, type ReplyKind } from './kind.ts';
export {
  addReply,
  holdAnswered,
  repliedSql,
  repliesOf,
  stopWaiting,
  storesBetween,
  type NewReply,
  type Reply,
} from './replies.store.ts';
export { writtenIn } from './written.ts';
