/**
 * A trial's table as a file gives it, turned into features: numbers standardised, words one column a level. Everything that is
 * doubtful is said in a warning; nothing is guessed in silence. Pure.
 */
import { fail } from '../../errors.ts';
import { normalTail } from '../statistics/normal.ts';
import type { Features } from './logistic.ts';
import type { Trial } from './learners.ts';

export interface Table {
  columns: string[];
  /** One array a row, as long as `columns` */
  rows: string[][];
}

export interface TrialColumns {
  treatment: string;
  treated: string;
  control: string;
  outcome: string;
  /** Every other column where it is missing */
  features?: string[] | undefined;
}

export interface ReadTrial extends Trial {
  /** Place of each person in the table, from 0 */
  places: Int32Array;
  /** The outcome as it was: an amount stays an amount */
  value: Float64Array;
  warnings: string[];
}

/** More different words than this say who a person is, not what he is like. */
const MOST_LEVELS = 50;

/** Rows of the two arms. Throws `bad_request` for a column or an arm that is not there. */
export function readTrial(table: Table, columns: TrialColumns): ReadTrial {
  const { arms, places } = armsOf(table, columns);
  const at = (name: string) => placeOf(table, name);
  const outcomeAt = at(columns.outcome);
  const value = Float64Array.from(places, (place) =>
    outcomeNumber(table.rows[place]![outcomeAt]!, columns.outcome, place),
  );
  const outcome = value.map((one) => (one > 0 ? 1 : 0));
  const warnings: string[] = [];
  if (value.some((one) => one !== 0 && one !== 1))
    warnings.push(
      `${columns.outcome} is not 0 or 1: the average effect is of its amount, the ranking of whether it is above 0.`,
    );
  const names =
    columns.features ?? table.columns.filter((name) => name !== columns.treatment && name !== columns.outcome);
  const encoded = names.flatMap((name) => encode(name, places, table.rows, at(name), warnings));
  if (encoded.length === 0) throw fail('bad_request', 'No column is left that could tell people apart.');
  warnColumns(encoded, arms, warnings);
  return { features: standardised(encoded, places.length), treated: arms, outcome, places, value, warnings };
}

/** Who is in which arm; the rest of the table is another trial's. */
export function armsOf(
  table: Table,
  { treatment, treated, control }: TrialColumns,
): { arms: Uint8Array; places: Int32Array } {
  const column = placeOf(table, treatment);
  const places: number[] = [];
  const arms: number[] = [];
  for (const [place, row] of table.rows.entries()) {
    const arm = row[column];
    if (arm !== treated && arm !== control) continue;
    places.push(place);
    arms.push(arm === treated ? 1 : 0);
  }
  for (const [name, arm] of [
    [treated, 1],
    [control, 0],
  ] as const) {
    // prettier-ignore
    if (arms.filter((one) => one === arm).length < 2)
      throw fail('bad_request', `Column ${treatment} has fewer than two rows with "${name}".`);
  }
  return { arms: Uint8Array.from(arms), places: Int32Array.from(places) };
}

export function placeOf(table: Table, name: string): number {
  const place = table.columns.indexOf(name);
  if (place < 0) throw fail('bad_request', `There is no column ${name}; there are ${table.columns.join(', ')}.`);
  return place;
}

export function outcomeNumber(text: string, name: string, place: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw fail('bad_file', `${name} is no number in row ${String(place + 1)}.`);
  return value;
}

interface Column {
  name: string;
  values: Float64Array;
}

function encode(name: string, places: Int32Array, rows: string[][], at: number, warnings: string[]): Column[] {
  const texts = Array.from(places, (place) => rows[place]![at]!.trim());
  const known = texts.filter((text) => text !== '');
  if (known.length === 0) {
    warnings.push(`${name} is empty and left out.`);
    return [];
  }
  if (known.every((text) => Number.isFinite(Number(text)))) {
    const mean = known.reduce((sum, text) => sum + Number(text), 0) / known.length;
    if (known.length < texts.length)
      warnings.push(`${name} is missing ${String(texts.length - known.length)} times; the mean stands in.`);
    return [{ name, values: Float64Array.from(texts, (text) => (text === '' ? mean : Number(text))) }];
  }
  const levels = [...new Set(texts)].sort();
  if (levels.length > MOST_LEVELS) {
    warnings.push(`${name} has ${String(levels.length)} different values and is left out.`);
    return [];
  }
  // The first level is what the others are compared with.
  return levels.slice(1).map((level) => ({
    name: `${name}=${level}`,
    values: Float64Array.from(texts, (text) => (text === level ? 1 : 0)),
  }));
}

/**
 * Columns that differ between the arms were changed by the mail (or the draw is broken): a model that may look at them learns
 * the outcome, not the person.
 */
function warnColumns(columns: Column[], arms: Uint8Array, warnings: string[]): void {
  for (const { name, values } of columns) {
    const p = differenceOf(values, arms).pValue;
    if (p < 0.05 / columns.length)
      warnings.push(
        `${name} differs between the arms (p ${p.toExponential(1)}): it may be a result of the mail; leave it out with --features.`,
      );
  }
}

export interface Difference {
  estimate: number;
  standardError: number;
  /** Two-sided, by the normal distribution */
  pValue: number;
}

/** Mean of the treated less mean of the control, with Welch's standard error. */
export function differenceOf(values: Float64Array, arms: Uint8Array): Difference {
  const people = [0, 0];
  const sums = [0, 0];
  for (const [i, value] of values.entries()) {
    people[arms[i]!]! += 1;
    sums[arms[i]!]! += value;
  }
  const means = [sums[0]! / people[0]!, sums[1]! / people[1]!];
  const squares = [0, 0];
  for (const [i, value] of values.entries()) squares[arms[i]!]! += (value - means[arms[i]!]!) ** 2;
  const variance = squares[0]! / (people[0]! - 1) / people[0]! + squares[1]! / (people[1]! - 1) / people[1]!;
  const estimate = means[1]! - means[0]!;
  const standardError = Math.sqrt(variance);
  return {
    estimate,
    standardError,
    pValue: standardError > 0 ? 2 * normalTail(Math.abs(estimate) / standardError) : 1,
  };
}

/** Mean 0 and variance 1; a column that says nothing is left out. */
function standardised(columns: Column[], rows: number): Features {
  const telling = columns.flatMap(({ values }) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / rows;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
    return deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? [values.map((value) => (value - mean) / deviation)] : [];
  });
  return rowsOf(telling, rows);
}

/** Columns as rows of features. */
export function rowsOf(columns: Float64Array[], rows: number): Features {
  const values = new Float64Array(rows * columns.length);
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < rows; i++) values[i * columns.length + j] = column[i]!;
  }
  return { rows, columns: columns.length, values };
}
