/** No open redirect: whatever is done to the address of a click, it leads where we signed that it leads, or nowhere. */
import { expect, test } from 'vitest';
import { Hono } from 'hono';
import { keysFrom, linkAddress, LINK_PATHS, seededRandom, signLink, uuidOf, type Engine } from '@rekindle/core';
import { mountLinks } from './links.ts';

const MUTATIONS = 100_000;
const TARGET = 'https://shop.example/tea?size=a';
const EVIL = 'https://evil.example/';
const CHARACTERS = 'ABCxyz019-_.~%/\\?#&=@:;+ \u0000é';

const keys = keysFrom('a secret of the tests, long enough');
const ids = { storeId: uuidOf('store'), messageId: uuidOf('message') };
const app = new Hono();
mountLinks(app, { keys, clock: { now: () => new Date(0) } } as unknown as Engine, {
  hits: { add: () => undefined } as never,
  // Nobody is held back: every address must be judged by what it says.
  guesses: { take: () => undefined },
});
app.onError((_, context) => context.text('no', 404));

const get = (path: string) => app.request(`http://mail.example${path}`);

test(`of ${MUTATIONS.toLocaleString('en')} changed addresses none leads elsewhere`, async () => {
  const random = seededRandom('redirects');
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random.next() * list.length)] as One;
  const token = signLink(keys, { kind: 'click', ...ids, url: TARGET });
  const elsewhere = signLink(keysFrom('another secret, which is long enough too'), {
    kind: 'click',
    ...ids,
    url: EVIL,
  });
  const open = signLink(keys, { kind: 'open', ...ids });
  const forged = Buffer.concat([
    Buffer.from(token.split('.')[1] ?? '', 'base64url').subarray(0, 32),
    Buffer.from(EVIL),
  ]).toString('base64url');
  const parts = [
    ...token.split('.'),
    ...elsewhere.split('.'),
    ...open.split('.'),
    forged,
    '2',
    '',
    EVIL,
    encodeURIComponent(EVIL),
  ];
  const at = (text: string): number => Math.floor(random.next() * (text.length + 1));
  const changes: ((path: string) => string)[] = [
    (path) => `${path.slice(0, at(path))}${pick([...CHARACTERS])}${path.slice(at(path))}`,
    (path) => path.slice(0, at(path)),
    (path) => path.slice(0, at(path)) + path.slice(at(path)),
    (path) => path.replace(token, [pick(parts), pick(parts), pick(parts)].join('.')),
    (path) => path.replace(token, `1.${forged}.${pick(parts)}`),
    (path) =>
      `${path}${pick(['?', '&', '#', ';'])}${pick(['url', 'to', 'next', 'redirect'])}=${pick([EVIL, encodeURIComponent(EVIL)])}`,
    (path) => `${pick(['/', '//', '/\\', '/%2f', '/%5c'])}evil.example${path}`,
    (path) => path.replace('/c/', pick(Object.values(LINK_PATHS))),
    (path) =>
      path.replace(/[a-z]/i, (letter) =>
        letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
      ),
  ];
  const start = new URL(linkAddress(keys, 'http://mail.example', { kind: 'click', ...ids, url: TARGET })).pathname;
  expect((await get(start)).headers.get('location')).toBe(TARGET);

  const seen = { on: 0, off: 0, refused: 0, broken: 0 };
  for (let number = 0; number < MUTATIONS; number++) {
    let path = start;
    for (let times = 1 + Math.floor(random.next() * 3); times > 0; times--) path = pick(changes)(path);
    if (!path.startsWith('/')) path = `/${path}`;
    const answer = await get(path);
    const location = answer.headers.get('location');
    if (answer.status >= 500) seen.broken++;
    else if (location === null) seen.refused++;
    else if (location === TARGET) seen.on++;
    else seen.off++;
  }
  expect(seen).toMatchObject({ off: 0, broken: 0 });
  // Both sides were tried: what only adds a query still leads to the shop.
  expect(seen.on).toBeGreaterThan(1000);
  expect(seen.refused).toBeGreaterThan(50_000);
}, 240_000);
