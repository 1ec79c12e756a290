/** What goes wrong in programs: texts, numbers, shapes, bytes. Pure. */
import type { Random } from '@rekindle/core';

export function whole(random: Random, below: number): number {
  return Math.floor(random.next() * below);
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[whole(random, items.length)] as Item;
}

const TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\uD800',
  'x\uDFFFy',
  '\uFFFE\uFFFF',
  '\u202E\u200B\u0301',
  '\r\nX-Injected: 1\r\n\r\n',
  '%',
  '%00',
  '%zz%E0%A4%A',
  '%C0%AE%C0%AE/',
  '..',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '//evil.example/x',
  'javascript:alert(1)',
  'http://[::1]:99999/',
  'http://user:pw@127.0.0.1:0/\\',
  'data:,x',
  "' OR 1=1 --",
  '"; DROP TABLE stores; --',
  '{{ customer.email }}{% for i in (1..99999999) %}{% endfor %}',
  '${7*7}<%= 7 %>#{7}',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  '[]',
  '{}',
  '-1',
  '-0',
  '1e309',
  '9007199254740993',
  '2147483648',
  '99999999999999999999999999',
  '0x1f',
  '1,5',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '00000000-0000-0000-0000-00000000000g',
  '0001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00Z',
  '2026-02-30T25:61:61Z',
  '2026-03-01T10:00:00+23:59',
  'Antarctica/Troll',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
  'ﷺ',
  '👩‍👩‍👧‍👦',
  'İıſKÅ',
  'e@e',
  '"a b"@x.example',
  'anna@xn--.example',
];

const NUMBERS: readonly number[] = [
  0, -0, -1, 0.1, 1e-300, -2_147_483_649, 4_294_967_296, 9_007_199_254_740_992, 8_640_000_000_000, 8_640_000_000_001,
  8_640_000_000_000_000, 1e21, 1e308, -1e308,
];

export function nastyText(random: Random): string {
  const drawn = random.next();
  if (drawn < 0.75) return pick(random, TEXTS);
  if (drawn < 0.85) return pick(random, TEXTS) + pick(random, TEXTS);
  if (drawn < 0.97) return pick(random, ['a', '\u0100', '<', '%41', '/', '{', '9']).repeat(1 + whole(random, 600));
  return String.fromCharCode(...Array.from({ length: 1 + whole(random, 20) }, () => whole(random, 0xffff)));
}

/** Any JSON value that nobody expects. */
export function nastyValue(random: Random, depth = 0): unknown {
  const drawn = random.next();
  if (drawn < 0.4) return nastyText(random);
  if (drawn < 0.6) return pick(random, NUMBERS);
  if (drawn < 0.75) return pick(random, [null, true, false]);
  if (drawn < 0.78) return nested(1 + whole(random, 3000));
  if (depth > 2) return [];
  if (drawn < 0.88) return Array.from({ length: whole(random, 4) }, () => nastyValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: whole(random, 4) }, () => [nastyText(random), nastyValue(random, depth + 1)]),
  );
}

/** Lists in lists. */
function nested(deep: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < deep; level++) value = [value];
  return value;
}

/** The same value, but for one place in it. */
export function bend(random: Random, value: unknown): unknown {
  if (random.next() < 0.1) return nastyValue(random);
  if (Array.isArray(value) && value.length > 0) {
    const drawn = random.next();
    if (drawn < 0.1) return [...(value as unknown[]), ...(value as unknown[])];
    if (drawn < 0.2) return [...(value as unknown[]), nastyValue(random)];
    const place = whole(random, value.length);
    return value.map((item: unknown, at) => (at === place ? bend(random, item) : item));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    const drawn = random.next();
    if (entries.length === 0 || drawn < 0.1)
      return Object.fromEntries([...entries, [nastyText(random), nastyValue(random)]]);
    const place = whole(random, entries.length);
    if (drawn < 0.2) return Object.fromEntries(entries.filter((_, at) => at !== place));
    return Object.fromEntries(entries.map(([name, item], at) => [name, at === place ? bend(random, item) : item]));
  }
  if (typeof value === 'string' && random.next() < 0.3) return bendText(random, value);
  return nastyValue(random);
}

function bendText(random: Random, text: string): string {
  const at = whole(random, text.length + 1);
  return text.slice(0, at) + nastyText(random) + text.slice(at + whole(random, 3));
}

/** The same bytes, some flipped, cut out, doubled or put in. */
export function bendBytes(random: Random, bytes: Uint8Array): Buffer {
  let bent = Buffer.from(bytes);
  for (let times = 1 + whole(random, 4); times > 0; times--) {
    const at = whole(random, bent.length + 1);
    const drawn = random.next();
    if (drawn < 0.4 && at < bent.length) bent[at] = whole(random, 256);
    else if (drawn < 0.6) bent = bent.subarray(0, at);
    else if (drawn < 0.8) bent = Buffer.concat([bent.subarray(0, at), someBytes(random, 40), bent.subarray(at)]);
    else bent = Buffer.concat([bent.subarray(0, at), bent.subarray(Math.max(0, at - whole(random, 60)))]);
  }
  return bent;
}

export function someBytes(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: whole(random, most) }, () => whole(random, 256)));
}
