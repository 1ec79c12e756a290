/** The hours in which a store's mails may go in a window, by where their people live; each worked out once. */
import type { Store } from '../accounts/index.ts';
import type { Holidays } from './holidays.ts';
import { sendSlots, type Slot, type Window } from './slot.ts';

export type HoursOf<Sending = Window> = (sending: Sending, zone: string, country: string | null) => Slot[];

/** `windowOf`: the window of what is being planned, and a name that no other window has. */
export function hoursOf<Sending>(
  { settings }: Pick<Store, 'settings'>,
  holidays: Holidays,
  windowOf: (sending: Sending) => { window: Window; name: string },
): HoursOf<Sending> {
  const known = new Map<string, Slot[]>();
  return (sending, zone, country) => {
    const { window, name } = windowOf(sending);
    const key = `${name} ${zone} ${holidays.any ? (country ?? '') : ''}`;
    let slots = known.get(key);
    if (!slots) known.set(key, (slots = sendSlots(zone, window, settings.quietHours, holidays.in(country))));
    return slots;
  };
}
