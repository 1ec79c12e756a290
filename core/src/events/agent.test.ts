import { expect, test } from 'vitest';
import { agentOf, tellAgents } from './agent.ts';
import type { Fact } from './event.ts';

const BROWSER =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Mobile/15E148';
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
let id = 0;
const fact = (kind: Fact['kind'], seconds: number, detail: Fact['detail'] = {}): Fact => ({
  id: ++id,
  kind,
  at: at(seconds),
  detail: { userAgent: BROWSER, ...detail },
});
const told = (...facts: Fact[]) => [...tellAgents(facts).values()];

test.each([
  [BROWSER, 'human'],
  ['Microsoft Outlook 16.0', 'human'],
  ['Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Thunderbird/128.0', 'human'],
  ['Mozilla/5.0', 'machine'],
  ['Mozilla/4.0 (compatible; Microsoft Office Existence Discovery)', 'machine'],
  ['python-requests/2.31', 'machine'],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'machine'],
  ['Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)', 'unknown'],
  ['', 'unknown'],
  [undefined, 'unknown'],
])('%s is %s', (userAgent, agent) => {
  expect(agentOf(userAgent)).toBe(agent);
});

test('an open is a machine where the vendor says so, and a look within seconds of delivery always', () => {
  expect(told(fact('open', 900, { machine: true }))).toEqual(['machine']);
  expect(told(fact('delivered', 0), fact('open', 3), fact('open', 60))).toEqual(['machine', 'human']);
});

test('a click by HEAD is a machine', () => {
  expect(told(fact('click', 900, { method: 'HEAD' }), fact('click', 901, { method: 'GET' }))).toEqual([
    'machine',
    'human',
  ]);
});

test('three links within two seconds are a scanner, in whatever order they are told; the same link thrice is not', () => {
  const scan = [
    fact('click', 900, { link: 'a' }),
    fact('click', 901, { link: 'b' }),
    fact('click', 901, { link: 'c' }),
  ];
  const later = fact('click', 1000, { link: 'a' });
  expect(told(...scan, later)).toEqual(['machine', 'machine', 'machine', 'human']);
  expect(told(later, ...scan.toReversed())).toEqual(['human', 'machine', 'machine', 'machine']);
  expect(told(...[0, 1, 1].map((second) => fact('click', 900 + second, { link: 'a' })))).toEqual([
    'human',
    'human',
    'human',
  ]);
});
