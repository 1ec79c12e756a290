/** Local days as numbers: days since 1970-01-01 of the date that a zone's calendar shows. */
import { DateTime } from 'luxon';

export function localDay(instant: Date, zone: string): number {
  const local = DateTime.fromJSDate(instant, { zone });
  return Math.round(Date.UTC(local.year, local.month - 1, local.day) / 86_400_000);
}

/** As localDay, for very many instants: asks the zone's rules once a quarter of an hour (no zone shifts within one). */
export function dayCounter(zone: string): (instant: Date) => number {
  const known = new Map<number, number>();
  return (instant) => {
    const quarter = Math.floor(instant.getTime() / 900_000);
    let day = known.get(quarter);
    if (day === undefined) known.set(quarter, (day = localDay(instant, zone)));
    return day;
  };
}
