/** Findings in what campaigns brought, and in which version won. Their p values hold at every look. Pure. */
import { verdictSentence, type Effect, type VariantComparison } from '../../measurement/index.ts';
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';
import { effectWords } from '../words/effects.ts';

export interface MeasuredCampaign {
  id: string;
  name: string;
  revenue: Effect;
  versions: VariantComparison | null;
}

const KINDS = {
  won: 'campaign_won',
  lost: 'campaign_lost',
  broken: 'campaign_broken',
  nothing_seen: 'campaign_unclear',
  not_yet: null,
} as const;

export function effectFindings(
  campaigns: readonly MeasuredCampaign[],
  currency: string,
  say: Say,
): { looked: Looked[]; sure: Finding[] } {
  const words = effectWords[say.language];
  const looked: Looked[] = [];
  const sure: Finding[] = [];
  for (const { id, name, revenue } of campaigns) {
    const kind = KINDS[revenue.verdict];
    if (kind === null) continue;
    const sentence = verdictSentence(revenue, { language: say.language, currency });
    const finding: Finding = {
      kind,
      subject: id,
      news: kind,
      size: kind === 'campaign_unclear' || kind === 'campaign_broken' ? null : Math.round(Math.abs(revenue.estimate)),
      sizeOf: words.inItsWindow,
      pValue: revenue.pValue,
      title: words.campaign(name, sentence),
      because:
        kind === 'campaign_broken'
          ? words.broken(say.count(revenue.treated), say.count(revenue.holdout))
          : words.measured(say.count(revenue.treated), say.count(revenue.holdout)),
      action: {
        label: words.actions[kind],
        url: kind === 'campaign_unclear' ? '/settings' : `/campaigns/${id}`,
      },
      picture: bars(words.perPerson, [
        { label: words.withMail, value: revenue.treatedMean, words: say.money(revenue.treatedMean), marked: true },
        { label: words.heldBack, value: revenue.holdoutMean, words: say.money(revenue.holdoutMean) },
      ]),
    }; // prettier-ignore
    // Broken groups and an unclear end are what is, not what is inferred.
    if (kind === 'campaign_won' || kind === 'campaign_lost') looked.push({ pValue: revenue.pValue, finding });
    else sure.push({ ...finding, pValue: null });
  }
  return { looked, sure };
}

/** `orderValue`: minor units that an order brings in this shop. */
export function versionFindings(campaigns: readonly MeasuredCampaign[], orderValue: number, say: Say): Looked[] {
  const words = effectWords[say.language];
  return campaigns.flatMap(({ id, name, versions }): Looked[] => {
    if (!versions || versions.metrics.orders.duels.length === 0) return [];
    const pValue = Math.min(...versions.metrics.orders.duels.map((duel) => duel.pValue));
    const { winner } = versions;
    if (winner === null) return [{ pValue, finding: null }];
    const standings = versions.metrics.orders.standings;
    const best = standings.find((one) => one.key === winner);
    const rest = standings.filter((one) => one.key !== winner);
    const gain = (best?.mean ?? 0) - Math.max(0, ...rest.map((one) => one.mean));
    const people = standings.reduce((sum, one) => sum + one.people, 0);
    return [
      {
        pValue,
        finding: {
          kind: 'version_won',
          subject: id,
          news: winner,
          size: Math.round(Math.max(0, gain * people * orderValue)),
          sizeOf: words.wonSize,
          pValue,
          title: words.won(winner.toUpperCase(), name, say.decimal(gain * 100, 1)),
          because: words.wonBecause,
          action: { label: words.wonAction, url: '/settings' },
          picture: bars(words.wonUnit, standings.map((one) => ({ label: words.version(one.key.toUpperCase()), value: one.mean, words: say.decimal(one.mean * 100, 1), marked: one.key === winner }))), // prettier-ignore
        },
      },
    ];
  });
}

/** Everybody who is never mailed against all others, over all campaigns. Null: there is no such control, or nobody was placed. */
export function programmeFindings(
  effect: Effect | null,
  currency: string,
  say: Say,
): { looked: Looked[]; sure: Finding[] } {
  if (!effect) return { looked: [], sure: [] };
  const words = effectWords[say.language];
  const finding: Finding = {
    kind: 'programme_effect',
    subject: '',
    news: `${effect.verdict} ${roughly(effect.estimate)}`,
    size: Math.round(Math.abs(effect.estimate)),
    sizeOf: words.programmeSize,
    pValue: effect.pValue,
    title: words.programme(verdictSentence(effect, { language: say.language, currency })),
    because: words.programmeBecause(say.count(effect.treated), say.count(effect.holdout)),
    action: { label: words.overview, url: '/' },
    picture: bars(words.perPerson, [
      { label: words.inCampaigns, value: effect.treatedMean, words: say.money(effect.treatedMean), marked: true },
      { label: words.never, value: effect.holdoutMean, words: say.money(effect.holdoutMean) },
    ]),
  };
  // Who is in which group is counted, not inferred; and that a year has shown nothing is what is.
  if (effect.verdict === 'broken' || effect.verdict === 'nothing_seen') {
    const broken = effect.verdict === 'broken';
    const told: Finding = {
      ...finding,
      kind: broken ? 'programme_broken' : 'programme_unclear',
      news: effect.verdict,
      size: null,
      sizeOf: null,
      pValue: null,
      because: broken ? words.programmeBroken(say.count(effect.treated), say.count(effect.holdout)) : finding.because,
      // Means of groups that are not what was drawn are not shown: how large the groups are is.
      picture: broken ? bars(words.people, [
        { label: words.inCampaigns, value: effect.treated, words: say.count(effect.treated) },
        { label: words.never, value: effect.holdout, words: say.count(effect.holdout), marked: true },
      ]) : finding.picture,
    }; // prettier-ignore
    return { looked: [], sure: [told] };
  }
  if (effect.detail.buyers.treated + effect.detail.buyers.holdout === 0) return { looked: [], sure: [] };
  const decided = effect.verdict !== 'not_yet';
  return { looked: [{ pValue: effect.pValue, finding: decided ? finding : null }], sure: [] };
}
