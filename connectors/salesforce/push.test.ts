import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Connector, ConsentPayload, OutcomePayload, ScorePayload, TouchPayload, WriteBack } from '@rekindle/core';
import { fakeClock, type FakeClock } from '@rekindle/core/testing';
import { connectTo, memoryVault, startSalesforceFake, type SalesforceFake } from './fake/index.ts';

let clock: FakeClock;
let fake: SalesforceFake;
let connector: Connector;
beforeEach(async () => {
  clock = fakeClock('2026-03-01T10:00:00Z');
  fake = await startSalesforceFake({ clock });
  connector = connectTo(fake, { clock });
});
afterEach(() => fake.close());

const CAMPAIGN = '11111111-1111-8111-8111-111111111111';
const score: ScorePayload = {
  state: 'scored',
  lifeStage: 'lapsed',
  lifeStageWords: 'Lapsed',
  chanceToReturn: 0.3417,
  expectedValue90: { amount: 1250, currency: 'EUR' },
  expectedValue365: { amount: 4705, currency: 'EUR' },
  valueAtRisk: { amount: 9100, currency: 'EUR' },
  nextOrderOn: '2026-04-19',
  reasons: ['Usually comes back after 31 days; it has been 80.', 'Bought five times.'],
  nextAction: { code: 'write', words: 'Write now.' },
  scoreVersion: 3,
};
const outcome: OutcomePayload = {
  name: 'Come back in spring',
  state: 'measuring',
  treated: 900,
  heldBack: 100,
  verdict: 'won',
  verdictWords: 'It brought more than would have come by itself.',
  incrementalRevenue: { amount: 412_050, low: -1, high: 704_000, confidence: 0.95, currency: 'EUR' },
  sends: { accepted: 894, opened: 400, clicked: 120, unsubscribed: 4, complained: 0, failed: 6 },
  ordersAfter: 77,
  startedOn: '2026-02-03',
};
const touchOf = (person: string, change: Partial<TouchPayload> = {}): TouchPayload => ({
  externalId: person,
  campaignId: CAMPAIGN,
  campaignName: 'Come back in spring',
  messageId: '22222222-2222-8222-8222-222222222222',
  outcome: 'clicked',
  words: 'Clicked.',
  subject: 'We kept your size',
  sentAt: '2026-02-03T09:00:00.000Z',
  at: '2026-02-03T18:30:00.000Z',
  orderValue: null,
  ...change,
});
const consent: ConsentPayload = {
  channel: 'email',
  state: 'unsubscribed',
  basis: 'none',
  at: '2026-02-05T08:00:00.000Z',
};
const back = (id: number, kind: WriteBack['kind'], subjectId: string, payload: Record<string, unknown>): WriteBack => ({
  id,
  kind,
  subjectId,
  payload,
});

describe('a person', () => {
  test('gets score and consent in one record, whatever she is', async () => {
    const contact = fake.addContact({ lastName: 'Ana' });
    const lead = fake.addLead({ lastName: 'Ben' });
    const results = await connector.push([
      back(1, 'score', contact, score),
      back(2, 'consent', contact, consent),
      back(3, 'score', lead, {
        ...score,
        chanceToReturn: null,
        expectedValue365: null,
        nextOrderOn: null,
        reasons: [],
      }),
    ]);
    expect(results).toEqual([1, 2, 3].map((id) => ({ id, ok: true })));
    expect(fake.record(contact)).toMatchObject({
      HasOptedOutOfEmail: true,
      Rekindle_Chance_To_Return__c: 34.17,
      Rekindle_Life_Stage__c: 'Lapsed',
      Rekindle_Expected_Value__c: 47.05,
      Rekindle_Value_At_Risk__c: 91,
      Rekindle_Next_Order__c: '2026-04-19',
      Rekindle_Reasons__c: 'Usually comes back after 31 days; it has been 80.\nBought five times.',
      Rekindle_Next_Action__c: 'Write now.',
      Rekindle_Scored_At__c: '2026-03-01T10:00:00.000Z',
    });
    expect(fake.record(lead)).toMatchObject({
      HasOptedOutOfEmail: false,
      Rekindle_Chance_To_Return__c: null,
      Rekindle_Expected_Value__c: null,
      Rekindle_Next_Order__c: null,
      Rekindle_Reasons__c: null,
    });
    await connector.push([back(4, 'consent', contact, { ...consent, state: 'subscribed' })]);
    expect(fake.record(contact)).toMatchObject({ HasOptedOutOfEmail: false, Rekindle_Life_Stage__c: 'Lapsed' });
  });

  test('whose words are too long gets them cut, and nothing is lost', async () => {
    const contact = fake.addContact({ lastName: 'Ana' });
    const long = { ...score, nextAction: { code: 'write', words: `${'x'.repeat(253)}🙂 and more` } };
    expect(await connector.push([back(1, 'score', contact, long)])).toEqual([{ id: 1, ok: true }]);
    expect(fake.record(contact)?.['Rekindle_Next_Action__c']).toBe(`${'x'.repeat(253)}…`);
  });

  test('who cannot be written to fails alone, with a sentence that says nothing of her', async () => {
    const [ana, gone, locked] = ['Ana', 'Gone', 'Locked'].map((lastName) => fake.addContact({ lastName }));
    const lead = fake.addLead({ lastName: 'Converted', email: 'ana@example.com' });
    fake.convertLead(lead);
    fake.remove(gone!);
    // Whatever is asked once has been asked: the next call is the one that writes.
    await connector.push([back(0, 'score', ana!, score)]);
    fake.queueFaults('locked');
    const results = await connector.push([
      back(1, 'score', locked!, score),
      back(2, 'score', gone!, score),
      back(3, 'score', ana!, score),
      back(4, 'score', lead, score),
      back(5, 'score', 'gid://shopify/Customer/1', score),
      back(6, 'score', ana!, { state: 'scored' }),
      back(7, 'score', '003000000000ZZZAAA', score),
    ]);
    expect(results).toEqual([
      { id: 1, ok: false, retryable: true, error: 'Somebody else is changing this record.' },
      { id: 2, ok: false, retryable: false, error: 'This record has been deleted in Salesforce.' },
      { id: 3, ok: true },
      { id: 4, ok: false, retryable: false, error: 'This lead has become a contact; Salesforce keeps it as it was.' },
      { id: 5, ok: false, retryable: false, error: 'This is no contact and no lead of Salesforce.' },
      { id: 6, ok: false, retryable: false, error: 'What was to be written back is incomplete.' },
      { id: 7, ok: false, retryable: false, error: 'Salesforce does not know this record.' },
    ]);
  });

  test('of another currency than the store’s keeps her amounts empty', async () => {
    const rich = await startSalesforceFake({ clock, currencies: true });
    const [euro, dollar] = ['Euro', 'Dollar'].map((lastName) => rich.addContact({ lastName }));
    rich.change(euro!, { CurrencyIsoCode: 'EUR' });
    rich.change(dollar!, { CurrencyIsoCode: 'USD' });
    const records = [
      back(1, 'score', euro!, score),
      back(2, 'score', dollar!, score),
      back(3, 'outcome', CAMPAIGN, outcome),
    ];
    expect(await connectTo(rich, { clock }).push(records)).toEqual([1, 2, 3].map((id) => ({ id, ok: true })));
    expect(rich.record(euro!)?.['Rekindle_Expected_Value__c']).toBe(47.05);
    expect(rich.record(dollar!)).toMatchObject({
      Rekindle_Expected_Value__c: null,
      Rekindle_Chance_To_Return__c: 34.17,
    });
    expect(rich.records('Campaign')).toMatchObject([{ CurrencyIsoCode: 'EUR' }]);
    await rich.close();
  });

  test('more than two hundred go in several calls, mixed', async () => {
    const people = Array.from({ length: 410 }, (_, i) =>
      i % 2 === 0 ? fake.addContact({ lastName: 'Ana' }) : fake.addLead({ lastName: 'Ben' }),
    );
    const results = await connector.push(people.map((id, i) => back(i, 'score', id, score)));
    expect(results).toEqual(people.map((_, id) => ({ id, ok: true })));
    expect(fake.calls.filter((call) => call.includes('composite'))).toHaveLength(4);
  });
});

describe('a campaign', () => {
  test('stands once with its figures, and follows them', async () => {
    await connector.push([back(1, 'outcome', CAMPAIGN, outcome)]);
    await connector.push([back(2, 'outcome', CAMPAIGN, { ...outcome, state: 'completed', heldBack: 101 })]);
    expect(fake.records('Campaign')).toMatchObject([
      {
        Name: 'Come back in spring',
        IsActive: false,
        StartDate: '2026-02-03',
        NumberSent: 894,
        Rekindle_Campaign_Id__c: CAMPAIGN,
        Rekindle_Incremental_Revenue__c: 4120.5,
        Rekindle_Incremental_Low__c: -0.01,
        Rekindle_Incremental_High__c: 7040,
        Rekindle_Held_Back__c: 101,
        Rekindle_Verdict__c: 'It brought more than would have come by itself.',
      },
    ]);
  });
});

describe('a mail', () => {
  test('makes its person a member of the campaign, which is made for it', async () => {
    const contact = fake.addContact({ lastName: 'Ana' });
    const lead = fake.addLead({ lastName: 'Ben' });
    const other = '33333333-3333-8333-8333-333333333333';
    const records = [
      back(1, 'touch', 'a', touchOf(contact)),
      back(2, 'touch', 'b', touchOf(lead, { messageId: other, outcome: 'sent', words: 'Sent.' })),
    ];
    expect(await connector.push(records)).toEqual([1, 2].map((id) => ({ id, ok: true })));
    const [campaign] = fake.records('Campaign');
    expect(fake.records('CampaignMember')).toMatchObject([
      {
        CampaignId: campaign?.['Id'],
        ContactId: contact,
        LeadId: null,
        Rekindle_Outcome__c: 'Clicked.',
        Rekindle_Outcome_At__c: '2026-02-03T18:30:00.000Z',
      },
      { CampaignId: campaign?.['Id'], ContactId: null, LeadId: lead, Rekindle_Message_Id__c: other },
    ]);
  });

  test('goes on to its next outcome on the same member; an older word changes nothing', async () => {
    const ana = fake.addContact({ lastName: 'Ana' });
    const sent = touchOf(ana, { outcome: 'sent', words: 'Sent.', at: '2026-02-03T09:00:00.000Z' });
    await connector.push([back(1, 'touch', 'a', sent)]);
    await connector.push([back(2, 'touch', 'a', touchOf(ana))]);
    expect(await connector.push([back(3, 'touch', 'a', sent)])).toEqual([{ id: 3, ok: true }]);
    expect(fake.records('CampaignMember')).toMatchObject([{ Rekindle_Outcome__c: 'Clicked.' }]);
    const late = touchOf(ana, { messageId: 'm-2', words: 'Ordered.', at: '2026-02-09T09:00:00.000Z' });
    expect(await connector.push([back(4, 'touch', 'm-2', late), back(5, 'touch', 'a', touchOf(ana))])).toEqual([
      { id: 4, ok: true },
      { id: 5, ok: true },
    ]);
    expect(fake.records('CampaignMember')).toMatchObject([
      { Rekindle_Outcome__c: 'Ordered.', Rekindle_Message_Id__c: 'm-2' },
    ]);
  });

  test('finds whom somebody put into the campaign by hand', async () => {
    const ana = fake.addContact({ lastName: 'Ana' });
    await connector.push([back(1, 'outcome', CAMPAIGN, outcome)]);
    fake.addMember(String(fake.records('Campaign')[0]?.['Id']), ana);
    expect(await connector.push([back(2, 'touch', 'a', touchOf(ana))])).toEqual([{ id: 2, ok: true }]);
    expect(fake.records('CampaignMember')).toMatchObject([{ Rekindle_Outcome__c: 'Clicked.' }]);
  });
});

test('pushed under any fault, killed in between and pushed again by two at once: everything stands once', async () => {
  const people = Array.from({ length: 6 }, (_, i) => fake.addContact({ lastName: `N${String(i)}` }));
  const records = people.flatMap((id, i) => [
    back(3 * i, 'score', id, score),
    back(3 * i + 1, 'touch', `m${String(i)}`, touchOf(id, { messageId: `m${String(i)}` })),
    back(3 * i + 2, 'consent', id, consent),
  ]);
  records.push(back(99, 'outcome', CAMPAIGN, outcome));
  await fc.assert(
    fc.asyncProperty(fc.constant(null), async () => {
      fake.setFaults({
        reset_before: 0.06,
        reset_after: 0.06,
        error_after: 0.06,
        unavailable: 0.06,
        locked: 0.1,
        truncated: 0.06,
        expired: 0.06,
      });
      const credentials = memoryVault();
      let open = records;
      for (let life = 0; open.length > 0; life++) {
        expect(life).toBeLessThan(50);
        const two = [1, 2].map(() => connectTo(fake, { clock, credentials }));
        const answers = await Promise.all(two.map((one) => one.push(open).catch(() => [])));
        const [done] = answers.map((results) => new Set(results.filter(({ ok }) => ok).map(({ id }) => id)));
        for (const result of answers.flat()) if (!result.ok) expect(result).toMatchObject({ retryable: true });
        open = open.filter(({ id }) => done?.has(id) !== true);
      }
      expect(fake.records('Campaign')).toHaveLength(1);
      expect(
        fake
          .records('CampaignMember')
          .map((member) => String(member['ContactId']))
          .toSorted(),
      ).toEqual(people.toSorted());
      for (const id of people)
        expect(fake.record(id)).toMatchObject({ HasOptedOutOfEmail: true, Rekindle_Life_Stage__c: 'Lapsed' });
    }),
    { numRuns: 10 },
  );
});

test('where the package is not installed it is said, and nobody is to blame', async () => {
  const bare = await startSalesforceFake({ clock, package: false });
  const ana = bare.addContact({ lastName: 'Ana' });
  expect(await connectTo(bare, { clock }).push([back(1, 'score', ana, score)])).toEqual([
    {
      id: 1,
      ok: false,
      retryable: false,
      error:
        'Salesforce shows Rekindle no such field or object: install the Rekindle package and give the integration user its permission set.',
    },
  ]);
  await bare.close();
});
