/** Findings about customers: cohorts, first products, who is late and dear, who can be reached, and for how long. Pure. */
import type { Cohort, FirstProduct } from '../facts.store.ts';
import { lifeStageName, LIFE_STAGES } from '../../scoring/index.ts';
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import type { PeopleFacts } from '../people.store.ts';
import { compareShares } from '../tests.ts';
import { peopleWords } from '../words/people.ts';

/** The newest cohort whose time is over against the ones before it. */
export function cohortFindings(cohorts: readonly Cohort[], orderValue: number, say: Say): Looked[] {
  const words = peopleWords[say.language];
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
        sizeOf: words.cohortSize,
        pValue,
        title: words.cohort(
          say.count(newest.people),
          say.month(newest.month),
          say.share(newest.back / newest.people),
          say.share(before.hits / Math.max(1, before.of)),
        ),
        because: words.cohortBecause(others.length, say.chance(pValue)),
        action: { label: words.cohortAction, url: '/customers' },
        picture: bars(words.cohortUnit, [...cohorts].reverse().map((one) => ({ label: say.month(one.month), value: one.back / Math.max(1, one.people), words: say.share(one.back / Math.max(1, one.people)), marked: one === newest }))), // prettier-ignore
      },
    },
  ];
}

/** First orders with this product against those without: who comes back. */
export function firstProductFindings(products: readonly FirstProduct[], orderValue: number, say: Say): Looked[] {
  const words = peopleWords[say.language];
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
        sizeOf: words.firstProductSize,
        pValue,
        title: words.firstProduct(say.share(own), one.name, say.share(other)),
        because: words.firstProductBecause(say.count(one.people), say.chance(pValue)),
        action:
          difference > 0 ? { label: words.showIt, url: '/campaigns' } : { label: words.seeOnce, url: '/customers' },
        picture: bars(words.cameBackHalfYear, [
          { label: one.name, value: own, words: say.share(own), marked: true },
          { label: words.otherFirsts, value: other, words: say.share(other) },
        ]),
      },
    };
  });
}

/** Counts: nothing is inferred, so nothing can be false by chance. */
export function peopleFindings(facts: PeopleFacts, say: Say): Finding[] {
  const words = peopleWords[say.language];
  const stageName = (name: string) => {
    const known = LIFE_STAGES.find((one) => one === name);
    return known ? lifeStageName(known, say.language) : name;
  };
  const count = { pValue: null, subject: '' };
  const stage = (name: string) => facts.stages.find((one) => one.stage === name) ?? { people: 0, risk: 0 };
  const findings: Finding[] = [];
  if (facts.dearSlipping.people > 0)
    findings.push({
      ...count,
      kind: 'dear_slipping',
      news: roughly(facts.dearSlipping.people),
      size: Math.round(facts.dearSlipping.risk),
      sizeOf: words.yearAtRisk,
      title: words.dear(say.count(facts.dearSlipping.people), facts.dearSlipping.people === 1),
      because: words.dearBecause,
      action: { label: words.seeWho, url: '/customers?view=slipping' },
      picture: bars(words.riskUnit, facts.stages.map((one) => ({ label: stageName(one.stage), value: one.risk, words: say.money(one.risk), marked: one.stage === 'slipping' }))), // prettier-ignore
    });
  const lapsed = stage('lapsed');
  if (lapsed.people > 0)
    findings.push({
      ...count,
      kind: 'worth_winning_back',
      news: roughly(lapsed.people),
      size: Math.round(lapsed.risk),
      sizeOf: words.yearAtRisk,
      title: words.lapsed(say.customers(lapsed.people), lapsed.people === 1),
      because: words.lapsedBecause,
      action: { label: words.nextCampaign, url: '/campaigns' },
      picture: bars(words.customersUnit, facts.stages.map((one) => ({ label: stageName(one.stage), value: one.people, words: say.count(one.people), marked: one.stage === 'lapsed' }))), // prettier-ignore
    });
  if (facts.outOfReach.people > 0)
    findings.push({
      ...count,
      kind: 'out_of_reach',
      news: roughly(facts.outOfReach.people),
      size: Math.round(facts.outOfReach.risk),
      sizeOf: words.yearAtRisk,
      title: words.unreachable(say.customers(facts.outOfReach.people)),
      because: words.unreachableBecause,
      action: { label: words.seeWhy, url: '/campaigns' },
      picture: bars(words.lateUnit, [
        { label: words.cannot, value: facts.outOfReach.people, words: say.count(facts.outOfReach.people), marked: true },
        { label: words.can, value: Math.max(0, stage('slipping').people + lapsed.people - facts.outOfReach.people), words: say.count(Math.max(0, stage('slipping').people + lapsed.people - facts.outOfReach.people)) },
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
        title: words.once(say.share(facts.once / facts.customers)),
        because: words.onceBecause(say.count(facts.once), say.customers(facts.customers)),
        action: { label: words.seeThem, url: '/customers' },
        picture: bars(words.customersUnit, [
          { label: words.boughtOnce, value: facts.once, words: say.count(facts.once), marked: true },
          {
            label: words.cameBack,
            value: facts.customers - facts.once,
            words: say.count(facts.customers - facts.once),
          },
        ]),
      },
      {
        ...count,
        kind: 'few_carry_much',
        news: roughly(facts.topTenth * 100),
        size: Math.round(facts.topTenth * facts.revenue),
        sizeOf: words.fewSize,
        title: words.few(say.share(facts.topTenth)),
        because: words.fewBecause(
          say.count(Math.ceil(facts.customers / 10)),
          say.count(Math.round((facts.topTenth * 9) / Math.max(0.01, 1 - facts.topTenth))),
        ),
        action: { label: words.seeLate, url: '/customers?view=slipping' },
        picture: bars(words.fewUnit, [
          { label: words.tenth, value: facts.topTenth, words: say.share(facts.topTenth), marked: true },
          { label: words.others, value: 1 - facts.topTenth, words: say.share(1 - facts.topTenth) },
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
      title: words.gap(say.count(half)),
      because: words.gapBecause(say.count(quarter), say.count(most)),
      action: { label: words.gapAction, url: '/settings' },
      picture: bars(words.gapUnit, [
        { label: words.quarter, value: quarter, words: say.count(quarter) },
        { label: words.half, value: half, words: say.count(half), marked: true },
        { label: words.threeQuarters, value: most, words: say.count(most) },
      ]),
    });
  }
  return findings;
}

export function consentFindings(soon: { people: number; worth: number; weeks: number[] }, say: Say): Finding[] {
  const words = peopleWords[say.language];
  if (soon.people === 0) return [];
  return [
    {
      kind: 'consent_expiring',
      subject: '',
      news: roughly(soon.people),
      size: Math.round(soon.worth),
      sizeOf: words.consentSize,
      pValue: null,
      title: words.consent(say.customers(soon.people)),
      because: words.consentBecause,
      action: { label: words.consentAction, url: '/campaigns' },
      picture: bars(words.consentUnit, soon.weeks.map((people, week) => ({ label: words.week(week + 1), value: people, words: say.count(people), marked: week === 0 }))), // prettier-ignore
    },
  ];
}

function sum<Row>(rows: readonly Row[], of: (row: Row) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
