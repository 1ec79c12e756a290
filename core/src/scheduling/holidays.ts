/**
 * Days on which nobody gets a mail: the public holidays of the country a person lives in, where the store asks for that, and the
 * store's own days. The list of the world's holidays is heavy and needed by few: it is loaded when the first store asks.
 */
import type { Store } from '../accounts/index.ts';

/** Whether a day (2027-01-06, of the person's own calendar) is one without mail. */
export type IsHoliday = (day: string) => boolean;

export interface Holidays {
  /** Whether there are any: where there are none, countries need not be told apart */
  any: boolean;
  /** Days without mail for whoever lives in a country; null: it is not known where, and the store's own country counts. */
  in(country: string | null): IsHoliday;
}

export const NEVER: IsHoliday = () => false;

/** What the store has asked for, ready to be asked person by person. */
export async function holidaysOf({ settings, country }: Pick<Store, 'settings' | 'country'>): Promise<Holidays> {
  const { publicOnes, own } = settings.holidays;
  const ownDays = new Set(own);
  const isOwn: IsHoliday = (day) => ownDays.has(day);
  if (!publicOnes) return { any: own.length > 0, in: () => (own.length > 0 ? isOwn : NEVER) };
  const { default: Calendars } = await import('date-holidays');
  return {
    any: true,
    in: (where) => {
      const isPublic = publicDays(
        (where ?? country).toUpperCase(),
        (code) => new Calendars(code, { types: ['public'] }),
      );
      return (day) => ownDays.has(day) || isPublic(day);
    },
  };
}

interface Calendar {
  getHolidays(year: number): { date: string }[];
}

/** Of every country that was asked for so far: working a year out takes as long as planning a hundred mails. */
const known = new Map<string, IsHoliday>();

/** Days of national public holidays, worked out a year at a time. A country that the list does not know has none. */
function publicDays(country: string, open: (country: string) => Calendar): IsHoliday {
  const found = known.get(country);
  if (found) return found;
  const calendar = open(country);
  const years = new Map<string, Set<string>>();
  const isPublic: IsHoliday = (day) => {
    const year = day.slice(0, 4);
    let days = years.get(year);
    if (!days) {
      // "2027-01-06 00:00:00", on the clock of the country itself.
      days = new Set(calendar.getHolidays(Number(year)).map(({ date }) => date.slice(0, 10)));
      years.set(year, days);
    }
    return days.has(day);
  };
  known.set(country, isPublic);
  return isPublic;
}
