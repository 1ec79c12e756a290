/** An approved plan → one message a person, each at its hour. */
export { schedule } from './schedule.ts';
export { missingMessages } from './schedule.store.ts';
export { allowedSlots, endOfQuiet, hourIn, isQuiet, type QuietHours, type Slot, type Window } from './slot.ts';
export { zoneOf } from './zone.ts';
