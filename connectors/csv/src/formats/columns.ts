/** Finds the columns of a header by name. */
import { fail } from '@rekindle/core';

/** Places of the wanted columns; -1 for one that is not there and need not be. */
export function findColumns<Name extends string>(
  header: string[],
  wanted: { needed: readonly Name[]; optional: readonly Name[] },
  names: Record<string, string> | undefined,
  file: string,
): Record<Name, number> {
  const places = new Map<string, number>();
  // The first of two equal names counts.
  header.forEach((name, place) => {
    const plain = plainName(name);
    if (!places.has(plain)) places.set(plain, place);
  });
  const known = new Set<string>([...wanted.needed, ...wanted.optional]);
  for (const name of Object.keys(names ?? {}))
    if (!known.has(name))
      throw fail('bad_configuration', `There is no column ${name} to map; there are ${[...known].join(', ')}.`);
  const found = {} as Record<Name, number>;
  const missing: string[] = [];
  for (const name of [...wanted.needed, ...wanted.optional]) {
    const place = places.get(plainName(names?.[name] ?? name)) ?? -1;
    if (place === -1 && (wanted.needed.includes(name) || names?.[name] !== undefined))
      missing.push(names?.[name] ?? name);
    found[name] = place;
  }
  if (missing.length > 0)
    throw fail('bad_file', `${file} lacks ${list(missing)}; its header has ${list(header.map(shown))}.`);
  return found;
}

function plainName(name: string): string {
  return name.trim().toLowerCase();
}

/** Headers come from a file and may be anything: short, and without line ends. */
function shown(name: string): string {
  const plain = name.replace(/\s+/g, ' ').trim();
  return plain === '' ? '(blank)' : plain.length > 40 ? `${plain.slice(0, 40)}…` : plain;
}

function list(names: string[]): string {
  const some = names.slice(0, 30);
  return `${some.length === 1 ? 'the column' : 'the columns'} ${some.join(', ')}${names.length > 30 ? ', …' : ''}`;
}
