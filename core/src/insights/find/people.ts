/** Findings about customers: cohorts, first products, who is late and dear, who can be reached, and for how long. Pure. */
import type { Cohort, FirstProduct } from '../facts.store.ts';
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import type { PeopleFacts } from '../people.store.ts';
import { compareShares } from '../tests.ts';
import { chance } from './orders.ts';

/** The newest cohort whose time is over against the ones before it. */
export function cohortFindings(cohorts: readonly Cohort[], orderValue: number, say: Say): Looked[] {
  const [newest, ...others] = cohorts;
  const before = { hits: sum(others, (one) => one.back), of: sum(others, (one) => one.people) };
  if (!newest || others.length < 3 || newest.people < 30) return [];
  const { difference, pValue } = compareShares(before, { hits: newest.back, of: newest.people });
  return [
    {
      pValue,
      finding: {
        kind: difference < 0 ? 'cohort_slipping' : 'cohort_better',
        subject: newest.month,
        news: roughly(difference * 100),
        size: Math.round(Math.abs(difference) * newest.people * orderValue),
        sizeOf: 'in second orders of this cohort',
        pValue,
        title: `Of ${say.count(newest.people)} customers who came in ${newest.month}, ${say.share(newest.back / newest.people)} bought again in 90 days; before it was ${say.share(before.hits / Math.max(1, before.of))}.`,
        because: `Held against ${String(others.length)} months before; by chance ${chance(pValue)}.`,
        action: { label: 'Write to those who bought once', url: '/customers' },
        picture: bars('Bought again within 90 days', [...cohorts].reverse().map((one) => ({ label: one.month, value: one.back / Math.max(1, one.people), words: say.share(one.back / Math.max(1, one.people)), marked: one === newest }))), // prettier-ignore
      },
    },
  ];
}

/** First orders with this product against those without: who comes back. */
export function firstProductFindings(products: readonly FirstProduct[], orderValue: number, say: Say): Looked[] {
  const all = { hits: sum(products, (one) => one.back), of: sum(products, (one) => one.people) };
  return products.map((one) => {
    const rest = { hits: all.hits - one.back, of: all.of - one.people };
    if (rest.of < 50) return { pValue: 1, finding: null };
    const { difference, pValue } = compareShares(rest, { hits: one.back, of: one.people });
    if (Math.abs(difference) < 0.02) return { pValue, finding: null };
    const [own, other] = [one.back / one.people, rest.hits / rest.of];
    return {
      pValue,
      finding: {
        kind: difference > 0 ? ('product_brings_back' as const) : ('product_ends' as const),
        subject: one.id,
        news: roughly(difference * 100),
        size: Math.round(Math.abs(difference) * one.people * orderValue),
        sizeOf: 'in second orders of its buyers',
        pValue,
        title: `${say.share(own)} of those whose first order held ${one.name} came back within half a year; of the others ${say.share(other)}.`,
        because: `${say.count(one.people)} first orders held it; by chance ${chance(pValue)}. It may draw other people, too: only a test would tell.`,
        action:
          difference > 0
            ? { label: 'Show it in the next mail', url: '/campaigns' }
            : { label: 'See who bought once', url: '/customers' },
        picture: bars('Came back within half a year', [
          { label: one.name, value: own, words: say.share(own), marked: true },
          { label: 'Other first orders', value: other, words: say.share(other) },
        ]),
      },
    };
  });
}

/** Counts: nothing is inferred, so nothing can be false by chance. */
export function peopleFindings(facts: PeopleFacts, say: Say): Finding[] {
  const count = { pValue: null, subject: '' };
  const stage = (name: string) => facts.stages.find((one) => one.stage === name) ?? { people: 0, risk: 0 };
  const findings: Finding[] = [];
  if (facts.dearSlipping.people > 0)
    findings.push({
      ...count,
      kind: 'dear_slipping',
      news: roughly(facts.dearSlipping.people),
      size: Math.round(facts.dearSlipping.risk),
      sizeOf: 'a year at risk',
      title: `${say.count(facts.dearSlipping.people)} of your dearest customers ${facts.dearSlipping.people === 1 ? 'is' : 'are'} later than usual.`,
      because: 'They are among the fifth that spent most, and silent for longer than four of five of their pauses.',
      action: { label: 'See who', url: '/customers?view=slipping' },
      picture: bars('Value at risk a year', facts.stages.map((one) => ({ label: one.stage, value: one.risk, words: say.money(one.risk), marked: one.stage === 'slipping' }))), // prettier-ignore
    });
  const lapsed = stage('lapsed');
  if (lapsed.people > 0)
    findings.push({
      ...count,
      kind: 'worth_winning_back',
      news: roughly(lapsed.people),
      size: Math.round(lapsed.risk),
      sizeOf: 'a year at risk',
      title: `${say.customers(lapsed.people)} ${lapsed.people === 1 ? 'has' : 'have'} lapsed.`,
      because: 'Nineteen of twenty of their usual pauses would be over by now.',
      action: { label: 'See the next campaign', url: '/campaigns' },
      picture: bars('Customers', facts.stages.map((one) => ({ label: one.stage, value: one.people, words: say.count(one.people), marked: one.stage === 'lapsed' }))), // prettier-ignore
    });
  if (facts.outOfReach.people > 0)
    findings.push({
      ...count,
      kind: 'out_of_reach',
      news: roughly(facts.outOfReach.people),
      size: Math.round(facts.outOfReach.risk),
      sizeOf: 'a year at risk',
      title: `${say.customers(facts.outOfReach.people)} slipping away or lapsed cannot be mailed.`,
      because: 'They gave no address, or did not allow marketing mail.',
      action: { label: 'See why', url: '/campaigns' },
      picture: bars('Slipping or lapsed', [
        { label: 'Cannot be mailed', value: facts.outOfReach.people, words: say.count(facts.outOfReach.people), marked: true },
        { label: 'Can', value: Math.max(0, stage('slipping').people + lapsed.people - facts.outOfReach.people), words: say.count(Math.max(0, stage('slipping').people + lapsed.people - facts.outOfReach.people)) },
      ]), // prettier-ignore
    });
  if (facts.customers >= 100)
    findings.push(
      {
        ...count,
        kind: 'bought_once',
        news: roughly((facts.once / facts.customers) * 100),
        size: null,
        sizeOf: null,
        title: `${say.share(facts.once / facts.customers)} of all customers bought once and never again.`,
        because: `${say.count(facts.once)} of ${say.customers(facts.customers)} ordered on one day only.`,
        action: { label: 'See them', url: '/customers' },
        picture: bars('Customers', [
          { label: 'Bought once', value: facts.once, words: say.count(facts.once), marked: true },
          { label: 'Came back', value: facts.customers - facts.once, words: say.count(facts.customers - facts.once) },
        ]),
      },
      {
        ...count,
        kind: 'few_carry_much',
        news: roughly(facts.topTenth * 100),
        size: Math.round(facts.topTenth * facts.revenue),
        sizeOf: 'of all revenue so far',
        title: `A tenth of your customers brought ${say.share(facts.topTenth)} of all revenue.`,
        because: `${say.count(Math.ceil(facts.customers / 10))} people. Losing one of them weighs as much as ${say.count(Math.round((facts.topTenth * 9) / Math.max(0.01, 1 - facts.topTenth)))} others.`,
        action: { label: 'See who of them is late', url: '/customers?view=slipping' },
        picture: bars('Share of revenue', [
          { label: 'The dearest tenth', value: facts.topTenth, words: say.share(facts.topTenth), marked: true },
          { label: 'All others', value: 1 - facts.topTenth, words: say.share(1 - facts.topTenth) },
        ]),
      },
    );
  if (facts.secondAfter && facts.customers - facts.once >= 100) {
    const [quarter, half, most] = facts.secondAfter;
    findings.push({
      ...count,
      kind: 'second_order_gap',
      news: roughly(half),
      size: null,
      sizeOf: null,
      title: `Half of those who come back do so within ${say.count(half)} days of their first order.`,
      because: `A quarter within ${say.count(quarter)}, three quarters within ${say.count(most)}. A mail after that comes late.`,
      action: { label: 'Set the rhythm of mails', url: '/settings' },
      picture: bars('Days until the second order', [
        { label: 'A quarter', value: quarter, words: say.count(quarter) },
        { label: 'Half', value: half, words: say.count(half), marked: true },
        { label: 'Three quarters', value: most, words: say.count(most) },
      ]),
    });
  }
  return findings;
}

export function consentFindings(soon: { people: number; worth: number; weeks: number[] }, say: Say): Finding[] {
  if (soon.people === 0) return [];
  return [
    {
      kind: 'consent_expiring',
      subject: '',
      news: roughly(soon.people),
      size: Math.round(soon.worth),
      sizeOf: 'a year, expected of them',
      pValue: null,
      title: `The permission to mail ${say.customers(soon.people)} runs out within 30 days.`,
      because:
        'The law of their country lets it end some time after the last order. An order, or their yes, renews it.',
      action: { label: 'Write to them before', url: '/campaigns' },
      picture: bars('Permissions that end', soon.weeks.map((people, week) => ({ label: week === 3 ? 'Later' : `Week ${String(week + 1)}`, value: people, words: say.count(people), marked: week === 0 }))), // prettier-ignore
    },
  ];
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
