import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connector } from '@rekindle/core';
import { fakeClock, type FakeClock } from '@rekindle/core/testing';
import { connectTo, memoryVault, startSalesforceFake, type MemoryVault, type SalesforceFake } from './fake/index.ts';

let clock: FakeClock;
let fake: SalesforceFake;
let credentials: MemoryVault;
let waits: number[];
beforeEach(async () => {
  clock = fakeClock('2026-03-01T10:00:00Z');
  fake = await startSalesforceFake({ clock });
  fake.addContact({ lastName: 'Ana' });
  credentials = memoryVault();
  waits = [];
});
afterEach(() => fake.close());

const connect = (options: Partial<Parameters<typeof connectTo>[1]> = {}): Connector =>
  connectTo(fake, {
    clock,
    credentials,
    sleep: (ms) => {
      waits.push(ms);
      return new Promise((resolve) => setImmediate(resolve));
    },
    ...options,
  });

async function pulled(connector: Connector): Promise<number> {
  let people = 0;
  for await (const batch of connector.pull({})) people += batch.customers?.length ?? 0;
  return people;
}

const calls = (word: string): number => fake.calls.filter((call) => call.includes(word)).length;

describe('signing in', () => {
  test('happens once for all that share the vault, and again when the session has ended', async () => {
    expect(await pulled(connect())).toBe(1);
    expect(await pulled(connect())).toBe(1);
    expect(fake.oauth.signIns).toBe(1);
    fake.oauth.expireAll();
    // Two processes find the end of the session at the same time.
    expect(await Promise.all([pulled(connect()), pulled(connect())])).toEqual([1, 1]);
    expect(fake.oauth.signIns).toBe(2);
    expect(JSON.stringify(credentials.kept)).not.toContain('PRIVATE');
  });

  test('that is refused says what an administrator must do', async () => {
    const other = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    }).privateKey;
    const app = { clientId: fake.clientId, privateKey: fake.privateKey, loginUrl: fake.url };
    const settings = { username: fake.username, currency: 'EUR' };
    const wrong = [
      { options: { app: { ...app, privateKey: other } }, says: /certificate/ },
      { options: { app: { ...app, clientId: 'else' } }, says: /SALESFORCE_CLIENT_ID/ },
      { options: { settings: { ...settings, username: 'else@fake.example' } }, says: /pre-authorise/ },
      { options: { account: '00D00000000ZZZZ' }, says: /another Salesforce organisation/ },
    ];
    for (const { options, says } of wrong)
      await expect(pulled(connect({ credentials: memoryVault(), ...options }))).rejects.toMatchObject({
        code: 'connector_refused',
        message: expect.stringMatching(says),
      });
    await expect(
      pulled(connect({ credentials: memoryVault(), app: { ...app, privateKey: 'none' } })),
    ).rejects.toMatchObject({ code: 'bad_configuration' });
    fake.oauth.approve(false);
    await expect(pulled(connect())).rejects.toMatchObject({ message: expect.stringMatching(/pre-authorise/) });
    expect(() => connect({ settings: {} })).toThrow(/integration user/);
  });

  test('goes by its own clock, whatever world the organisation lives in', async () => {
    const other = await startSalesforceFake({
      clock: fakeClock('2011-06-01T00:00:00Z'),
      signInClock: clock,
      organisation: 2,
    });
    other.addContact({ lastName: 'Ana' });
    expect(await pulled(connectTo(other, { clock }))).toBe(1);
    expect(other.account).not.toBe(fake.account);
    await other.close();
  });

  test('that cannot be reached can be tried again', async () => {
    await fake.close();
    await expect(pulled(connect())).rejects.toMatchObject({ code: 'connector_unavailable' });
    fake = await startSalesforceFake({ clock });
  });
});

describe('the organisation’s calls', () => {
  test('are left alone from nine tenths on, by everybody, and asked for again later', async () => {
    fake.usage.limit = 1000;
    fake.usage.used = 897;
    const sentence = /900 of this organisation’s 1,000 calls/;
    await expect(pulled(connect())).rejects.toMatchObject({
      code: 'connector_unavailable',
      retryable: true,
      message: expect.stringMatching(sentence),
    });
    expect(fake.usage.used).toBe(900);
    const before = fake.calls.length;
    await expect(pulled(connect())).rejects.toMatchObject({ code: 'connector_unavailable' });
    expect(fake.calls).toHaveLength(before);
    // Still no room: one call finds out, and no more.
    clock.advance(16 * 60_000);
    await expect(pulled(connect())).rejects.toMatchObject({ code: 'connector_unavailable' });
    expect(fake.calls).toHaveLength(before + 1);
    clock.advance(16 * 60_000);
    fake.usage.used = 500;
    expect(await pulled(connect())).toBe(1);
  });

  test('that are used up stop at once', async () => {
    fake.queueFaults('limit');
    const connector = connect();
    await expect(pulled(connector)).rejects.toMatchObject({
      code: 'connector_unavailable',
      message: expect.stringMatching(/used up/),
    });
    expect(waits).toEqual([]);
    const before = fake.calls.length;
    await expect(pulled(connector)).rejects.toMatchObject({ code: 'connector_unavailable' });
    expect(fake.calls).toHaveLength(before);
  });

  test('too many at once are waited for', async () => {
    fake.queueFaults('concurrent');
    expect(await pulled(connect())).toBe(1);
    expect(waits[0]).toBe(1000);
  });
});

describe('what goes wrong', () => {
  test('is waited for, longer each time and as long as it is told, and then given up', async () => {
    fake.queueFaults('too_many', 'unavailable', 'error_before', 'reset_before');
    expect(await pulled(connect())).toBe(1);
    expect(waits.slice(0, 4)).toEqual([2000, 2000, 4000, 8000]);
    fake.queueFaults(...Array.from({ length: 5 }, () => 'unavailable' as const));
    const asked = calls('describe');
    await expect(pulled(connect())).rejects.toMatchObject({
      code: 'connector_unavailable',
      message: 'Salesforce cannot answer now (SERVER_UNAVAILABLE).',
    });
    expect(calls('describe') - asked).toBe(5);
  });

  test('is not waited for where an answer takes too long for ever', async () => {
    fake.queueFaults(...Array.from({ length: 5 }, () => 'slow' as const));
    await expect(pulled(connect({ timeoutMs: 20, credentials }))).rejects.toMatchObject({
      code: 'connector_unavailable',
    });
  });

  test('is never told in Salesforce’s own words', async () => {
    const ana = fake.addContact({ lastName: 'Ana', email: 'ana@example.com' });
    fake.change(ana, { LastName: 'Anna' });
    const [result] = await connect().push([{ id: 1, kind: 'consent', subjectId: `${ana.slice(0, 15)}`, payload: {} }]);
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(JSON.stringify(result)).not.toContain('ana@example.com');
  });
});
