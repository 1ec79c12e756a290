/**
 * The published set-up for Kevin Hillstrom's e-mail trial (MineThatData, 2008), so that figures can be compared digit by
 * digit: rows with number (from 0) modulo 10 below 7 train, the rest test; features recency/12, history/1000, ln(history),
 * mens, womens, newbie, zip code and channel.
 */
import { armsOf, outcomeNumber, placeOf, rowsOf, type ReadTrial, type Table, type TrialColumns } from './table.ts';

/** Whether a row of the table trains. */
export function trainsInHillstrom(place: number): boolean {
  return place % 10 < 7;
}

export function readHillstrom(table: Table, columns: TrialColumns): ReadTrial {
  const { arms, places } = armsOf(table, columns);
  const number = (name: string) => {
    const at = placeOf(table, name);
    return Float64Array.from(places, (place) => outcomeNumber(table.rows[place]![at]!, name, place));
  };
  const is = (name: string, level: string) => {
    const at = placeOf(table, name);
    return Float64Array.from(places, (place) => (table.rows[place]![at] === level ? 1 : 0));
  };
  const history = number('history');
  const value = number(columns.outcome);
  const features = rowsOf(
    [
      number('recency').map((months) => months / 12),
      history.map((dollars) => dollars / 1000),
      history.map(Math.log),
      number('mens'),
      number('womens'),
      number('newbie'),
      is('zip_code', 'Rural'),
      is('zip_code', 'Surburban'),
      is('channel', 'Multichannel'),
      is('channel', 'Phone'),
    ],
    places.length,
  );
  const outcome = value.map((one) => (one > 0 ? 1 : 0));
  return { features, treated: arms, outcome, places, value, warnings: [] };
}
