/** Nothing is sent from a domain that does not pass: not approved, not handed over, not lost, and it goes on by itself. */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { approveCampaign } from '../campaigns/index.ts';
import { deliver } from '../delivery/index.ts';
import { dueEverywhere, dueStages, JOBS } from '../jobs/index.ts';
import type { DomainNeeds } from '../ports.ts';
import { schedule } from '../scheduling/index.ts';
import {
  buildCampaign,
  buildEngine,
  buildStore,
  countingProvider,
  createTestDatabase,
  zoneDns,
  type CountingProvider,
  type TestDatabase,
  type TestDns,
  type TestEngine,
  type ZoneRecord,
} from '../testing/index.ts';
import { changeSenderAddress, checkDomain, checkDueDomain, domainSentence, readCheck } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GOOD: ZoneRecord[] = [
  { type: 'CNAME', host: 'em.shop.example', value: 'u1.provider.example' },
  { type: 'TXT', host: 'u1.provider.example', value: 'v=spf1 ip4:192.0.2.1 -all' },
  { type: 'CNAME', host: 's1._domainkey.shop.example', value: 's1.u1.provider.example' },
  { type: 'TXT', host: '_dmarc.shop.example', value: 'v=DMARC1; p=none' },
];
const needsOf = (domain: string): DomainNeeds => ({
  bounceDomain: `em.${domain}`,
  signingDomain: domain,
  records: [
    { purpose: 'spf', type: 'CNAME', host: `em.${domain}`, value: 'u1.provider.example' },
    { purpose: 'dkim', type: 'CNAME', host: `s1._domainkey.${domain}`, value: 's1.u1.provider.example' },
  ],
});

let files: TestDatabase;
let stores = 0;
let storeId: string;
let dns: TestDns;
let provider: CountingProvider;
let engine: TestEngine;

beforeAll(async () => {
  files = await createTestDatabase(inject('testServer'));
});
afterAll(() => files.drop());
beforeEach(async () => {
  storeId = await buildStore(files.database, { name: `Domain store ${String(stores++)}` });
  dns = zoneDns();
  provider = Object.assign(countingProvider(10), {
    domains: { find: (domain: string) => Promise.resolve(needsOf(domain)) },
  });
  engine = buildEngine(files.database, { now: '2026-03-01T00:00:00Z', email: provider, dns });
});

async function dueCampaign() {
  const campaign = await buildCampaign(files.database, storeId, { people: 25 });
  await schedule(engine, storeId);
  await sql(`UPDATE messages SET scheduled_at = '2026-03-02T09:00:00Z' WHERE state = 'scheduled'`);
  engine.clock.set('2026-03-02T10:00:00Z');
  return campaign;
}
const sql = (text: string, values: unknown[] = []) => files.database.inStore(storeId, (tx) => tx.rows(text, values));
const waiting = async () => (await sql(`SELECT FROM messages WHERE state = 'scheduled' AND token = 0`)).length;
const check = () => files.database.inStore(storeId, readCheck);
const job = () => JOBS.find((one) => one.name === 'domain');
const runJob = () => job()?.run(engine, { version: 1, storeId });
const chores = async () => (await dueEverywhere(engine)).find((one) => one.storeId === storeId)?.chores;
/** Records that are not there yet. */
function put(records: ZoneRecord[]) {
  dns.zone.push(...records.filter((one) => !dns.zone.some((other) => other.host === one.host)));
}
/** Each test has a domain of its own: one that passed is its store's. */
async function ownDomain(domain: string) {
  await sql('UPDATE stores SET sender_email = $1 WHERE id = $2', [`hello@${domain}`, storeId]);
  return GOOD.map((record) => ({ ...record, host: record.host.replace('shop.example', domain) }));
}

describe('while the domain does not pass', () => {
  test('no mail leaves, none is lost, and all go once it does', async () => {
    const zone = await ownDomain('waits.example');
    await dueCampaign();
    expect(await dueStages(engine, storeId)).toContain('delivery');
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 0, dropped: 0, refused: 0 });
    expect(provider.requests).toEqual([]);
    expect(await waiting()).toBe(25);
    // Nobody turns in circles over what cannot be sent; the look is what is due.
    expect(await dueStages(engine, storeId)).not.toContain('delivery');
    expect(await chores()).toEqual(['domain']);
    await runJob();
    expect(await check()).toMatchObject({ state: 'fails', holds: true });
    expect(await chores()).toEqual([]);

    dns.zone.push(...zone);
    engine.clock.advance(5 * MINUTE);
    expect(await chores()).toEqual(['domain']);
    await runJob();
    expect(await check()).toMatchObject({ state: 'passes', holds: false });
    expect(await dueStages(engine, storeId)).toContain('delivery');
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 25 });
  });

  test('a campaign cannot be approved, and the reason is a sentence', async () => {
    const zone = await ownDomain('approve.example');
    const { id } = await buildCampaign(files.database, storeId);
    await sql(`UPDATE campaigns SET state = 'awaiting_approval', approved_at = NULL WHERE id = $1`, [id]);
    const approve = () => approveCampaign(engine, storeId, id, 'user:7');
    await expect(approve()).rejects.toThrow(/approve\.example has not been checked yet/);
    await checkDomain(engine, storeId);
    await expect(approve()).rejects.toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('SPF, DKIM and DMARC do not pass') as string,
    });
    dns.zone.push(...zone);
    await checkDomain(engine, storeId);
    await approve();
  });

  test('a campaign that is being sent stops between two batches', async () => {
    dns.zone.push(...(await ownDomain('midway.example')));
    await checkDomain(engine, storeId);
    await dueCampaign();
    provider.behave = async () => {
      dns.zone.length = 0;
      await checkDomain(engine, storeId);
      return { kind: 'accept' };
    };
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 10 });
    expect(await waiting()).toBe(15);
    expect(engine.lines).toContain('warn mails are held back: their sending domain does not pass');
  });
});

describe('nobody’s word', () => {
  test('stops nothing for a day, and everything after it', async () => {
    dns.zone.push(...(await ownDomain('silent.example')));
    await checkDomain(engine, storeId);
    dns.silent.add('_dmarc.silent.example');
    engine.clock.advance(23 * HOUR);
    expect(await checkDomain(engine, storeId)).toMatchObject({ state: 'silent', holds: false });
    engine.clock.advance(2 * HOUR);
    expect(await checkDomain(engine, storeId)).toMatchObject({ state: 'silent', holds: true });
    dns.silent.clear();
    expect(await checkDomain(engine, storeId)).toMatchObject({ state: 'passes', holds: false });
  });

  test('opens nothing that never passed', async () => {
    dns.silent.add('em.shop.example');
    dns.zone.push(...GOOD);
    expect(await checkDomain(engine, storeId)).toMatchObject({ state: 'silent', holds: true });
  });
});

describe('what passed for one', () => {
  test('is worth nothing for another address, or another provider', async () => {
    dns.zone.push(...(await ownDomain('first.example')));
    await checkDomain(engine, storeId);
    await changeSenderAddress(engine, storeId, { email: ' news@second.example ', replyTo: '' }, 'user:7');
    expect(await check()).toMatchObject({ domain: 'second.example', state: 'fails', holds: true });
    await changeSenderAddress(engine, storeId, { email: 'hello@first.example', replyTo: '' }, 'user:7');
    expect(await check()).toMatchObject({ domain: 'first.example', state: 'passes' });

    await dueCampaign();
    const other = { ...engine, email: Object.assign(countingProvider(10), { name: 'other' }) };
    expect(await deliver(other, storeId)).toMatchObject({ accepted: 0 });
    expect(await check()).toMatchObject({ provider: 'other', state: 'unchecked', holds: true });
    await deliver(engine, storeId);
    expect(await check()).toMatchObject({ provider: 'counting', state: 'unchecked', holds: true });
    expect(await checkDueDomain(engine, storeId)).toBe(true);
    expect(await deliver(engine, storeId)).toMatchObject({ accepted: 25 });
  });

  test('is closed to a stranger who writes the same domain down, until its owner leaves it', async () => {
    put(await ownDomain('mine.example'));
    expect(await checkDomain(engine, storeId)).toMatchObject({ holds: false });
    const mine = storeId;
    storeId = await buildStore(files.database, { name: 'A stranger' });
    await ownDomain('mine.example');
    const stranger = await checkDomain(engine, storeId);
    expect(stranger).toMatchObject({ state: 'fails', holds: true, report: { blocker: 'taken', rows: [] } });
    expect(stranger && domainSentence(stranger, 'es')).toContain('otra organización');

    const theirs = storeId;
    storeId = mine;
    put(await ownDomain('moved.example'));
    expect(await checkDomain(engine, mine)).toMatchObject({ domain: 'moved.example', holds: false });
    expect(await checkDomain(engine, theirs)).toMatchObject({ domain: 'mine.example', holds: false });
  });

  test('is open to the other shops of the same organisation', async () => {
    dns.zone.push(...(await ownDomain('family.example')));
    await checkDomain(engine, storeId);
    const mine = storeId;
    storeId = await buildStore(files.database, { name: 'A sister' });
    await files.database.inDirectory((tx) =>
      tx.run(`UPDATE stores SET organisation_id = (SELECT organisation_id FROM stores WHERE id = $1) WHERE id = $2`, [
        mine,
        storeId,
      ]),
    );
    await ownDomain('family.example');
    expect(await checkDomain(engine, storeId)).toMatchObject({ state: 'passes', holds: false });
  });
});

describe('an address', () => {
  test.each([
    ['hello', /address that they come from/],
    ['hello@localhost', /address that they come from/],
    ['a@b.example, c@d.example', /address that they come from/],
    ['Hello <hello@shop.example>', /address that they come from/],
    ['hello@shop.example\r\nBcc: x@y.example', /address that they come from/],
    ['shop@gmail.com', /Use an address of your own domain/],
  ])('such as %j is refused, and nothing changes', async (email, reason) => {
    await expect(changeSenderAddress(engine, storeId, { email, replyTo: '' }, 'user:7')).rejects.toThrow(reason);
    expect(await sql('SELECT sender_email FROM stores WHERE id = $1', [storeId])).toEqual([
      { sender_email: 'hello@shop.example' },
    ]);
  });

  test('that is missing holds everything back', async () => {
    await sql(`UPDATE stores SET sender_email = '' WHERE id = $1`, [storeId]);
    expect(await checkDomain(engine, storeId)).toMatchObject({
      domain: '',
      holds: true,
      report: { blocker: 'no_sender' },
    });
  });
});

test('where no mail leaves the machine, nothing is asked and nothing is held back', async () => {
  const local = { ...engine, dns: null };
  await dueCampaign();
  expect(await deliver(local, storeId)).toMatchObject({ accepted: 25 });
  expect(await checkDomain(local, storeId)).toBeUndefined();
  expect(await check()).toBeUndefined();
  expect((await dueEverywhere(local)).flatMap((one) => one.chores)).toEqual([]);
});

test('a provider that must look itself is asked to, once the records stand', async () => {
  dns.zone.push(...(await ownDomain('asked.example')));
  const seen: string[] = [];
  provider = Object.assign(countingProvider(10), {
    domains: {
      find: (domain: string) => Promise.resolve({ ...needsOf(domain), verified: seen.length > 0 }),
      verify: (domain: string) => Promise.resolve(void seen.push(domain)),
    },
  });
  engine = buildEngine(files.database, { now: '2026-03-01T00:00:00Z', email: provider, dns });
  expect(await checkDomain(engine, storeId)).toMatchObject({ state: 'passes', holds: false });
  expect(seen).toEqual(['asked.example']);
});
