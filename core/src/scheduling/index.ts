/** An approved plan → one message a person, each at its hour. */
export { schedule } from './schedule.ts';
export { missingMessages } from './schedule.store.ts';
export { batchesOf, batchOf, batchReplays, batchWindow, dealtVariant, type Dealing, type LoggedBatch } from './deal.ts';
export { dealtBatches } from './deal.store.ts';
export { journeyWindow } from './journey.ts';
export { waitsForMail } from './journey.store.ts';
export { drawsOf, pickMoment, type HourSource, type Moment } from './moment.ts';
export {
  allowedSlots,
  endOfQuiet,
  hourIn,
  isQuiet,
  quietEnds,
  sendSlots,
  type QuietHours,
  type Slot,
  type Window,
} from './slot.ts';
export { pickVariant, type VariantWords } from './variant.ts';
export { zoneOf, type ZoneSource } from './zone.ts';
export { holidaysOf, NEVER, type Holidays, type IsHoliday } from './holidays.ts';
