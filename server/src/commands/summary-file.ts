/**
 * Reads a summary of purchase histories: CSV (or .csv.gz) with a header, one person a line: x, t_x, T and, where money is
 * wanted, the mean value of a repeat purchase. Columns into numbers as they stream in; a million lines are no matter.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { fail, type Histories } from '@rekindle/core';

/** What each column is called in the files that are about. */
const NAMES = {
  x: ['x', 'frequency'],
  tx: ['t_x', 'tx', 'recency'],
  T: ['t', 'n', 'periods'],
  mean: ['m_x', 'mx', 'zbar', 'monetary_value', 'monetary'],
  weight: ['weight', 'weights', 'customers', 'count'],
} as const;

export interface Summary {
  histories: Histories;
  /** Undefined where the file has no such column */
  means: Float64Array | undefined;
}

/** Throws `bad_file` with the line at fault. */
export async function readSummary(file: string): Promise<Summary> {
  const columns = { x: growing(), tx: growing(), T: growing(), mean: growing(), weight: growing() };
  let places: Record<keyof typeof NAMES, number> | undefined;
  let line = 0;
  try {
    for await (const text of createInterface({ input: open(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      if (text.trim() === '') continue;
      const fields = text.split(',');
      if (!places) {
        places = placesOf(file, fields);
        continue;
      }
      for (const name of ['x', 'tx', 'T'] as const) columns[name].add(numberOf(fields[places[name]], file, line));
      if (places.mean >= 0) columns.mean.add(numberOf(fields[places.mean], file, line));
      if (places.weight >= 0) columns.weight.add(numberOf(fields[places.weight], file, line));
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw fail('bad_file', `Cannot read ${file}.`, { cause: error });
    throw error;
  }
  if (!places || columns.x.size() === 0) throw fail('bad_file', `${file} has no rows.`);
  const [x, tx, T] = [columns.x.values(), columns.tx.values(), columns.T.values()];
  x.forEach((repeats, i) => {
    const last = tx[i] ?? 0;
    if (!Number.isInteger(repeats) || last > (T[i] ?? 0) + 1e-9 || (repeats === 0 && last !== 0))
      throw fail(
        'bad_file',
        `${file}: row ${String(i + 1)} cannot be: x is a whole number, t_x ≤ T, and t_x is 0 where x is 0.`,
      );
  });
  const weight = places.weight >= 0 ? columns.weight.values() : undefined;
  return { histories: { x, tx, T, weight }, means: places.mean >= 0 ? columns.mean.values() : undefined };
}

function open(file: string): NodeJS.ReadableStream {
  const raw = createReadStream(file);
  if (!file.endsWith('.gz')) return raw;
  const plain = createGunzip();
  raw.on('error', (error) => plain.destroy(error));
  return raw.pipe(plain);
}

function placesOf(file: string, header: string[]): Record<keyof typeof NAMES, number> {
  const given = header.map((name) => name.trim().replaceAll('"', '').toLowerCase());
  const place = (name: keyof typeof NAMES): number =>
    given.findIndex((word) => NAMES[name].some((known) => known === word));
  const places = { x: place('x'), tx: place('tx'), T: place('T'), mean: place('mean'), weight: place('weight') };
  if (places.x < 0 || places.tx < 0 || places.T < 0)
    throw fail(
      'bad_file',
      `${file} needs a header with x, t_x and T (m_x for money); it has ${header.join(', ').slice(0, 200)}.`,
    );
  return places;
}

function numberOf(field: string | undefined, file: string, line: number): number {
  const value = field === undefined || field.trim() === '' ? Number.NaN : Number(field);
  if (!Number.isFinite(value) || value < 0)
    throw fail(
      'bad_file',
      `${file}, line ${String(line)}: ${JSON.stringify((field ?? '').slice(0, 40))} is not a number of at least 0.`,
    );
  return value;
}

/** A column that grows by doubling. */
function growing(): { add(value: number): void; size(): number; values(): Float64Array } {
  let held = new Float64Array(1024);
  let used = 0;
  return {
    add(value) {
      if (used === held.length) {
        const larger = new Float64Array(held.length * 2);
        larger.set(held);
        held = larger;
      }
      held[used++] = value;
    },
    size: () => used,
    values: () => held.slice(0, used),
  };
}
