/** Findings in what campaigns brought, and in which version won. Their p values hold at every look. Pure. */
import { verdictSentence, type Effect, type VariantComparison } from '../../measurement/index.ts';
import { bars, roughly, type Finding, type Looked, type Say } from '../finding.ts';

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
  const looked: Looked[] = [];
  const sure: Finding[] = [];
  for (const { id, name, revenue } of campaigns) {
    const kind = KINDS[revenue.verdict];
    if (kind === null) continue;
    const sentence = verdictSentence(revenue, { language: 'en', currency });
    const finding: Finding = {
      kind,
      subject: id,
      news: kind,
      size: kind === 'campaign_unclear' || kind === 'campaign_broken' ? null : Math.round(Math.abs(revenue.estimate)),
      sizeOf: 'in its window',
      pValue: revenue.pValue,
      title: `“${name}”: ${sentence}.`,
      because:
        kind === 'campaign_broken'
          ? `${say.count(revenue.treated)} were mailed and ${say.count(revenue.holdout)} held back: that is not what the draw makes.`
          : `${say.count(revenue.treated)} people with the mail against ${say.count(revenue.holdout)} held back at random; the interval holds however often one looks.`,
      action: {
        label: { campaign_won: 'See what worked', campaign_lost: 'See what went wrong', campaign_broken: 'See what is wrong', campaign_unclear: 'Hold back more next time' }[kind],
        url: kind === 'campaign_unclear' ? '/settings' : `/campaigns/${id}`,
      },
      picture: bars('Revenue a person', [
        { label: 'With the mail', value: revenue.treatedMean, words: say.money(revenue.treatedMean), marked: true },
        { label: 'Held back', value: revenue.holdoutMean, words: say.money(revenue.holdoutMean) },
      ]),
    }; // prettier-ignore
    // Broken groups and an unclear end are what is, not what is inferred.
    if (kind === 'campaign_won' || kind === 'campaign_lost') looked.push({ pValue: revenue.pValue, finding });
    else sure.push({ ...finding, pValue: null });
  }
  return { looked, sure };
}

/** `orderValue`: minor units that an order brings in this shop. */
export function versionFindings(campaigns: readonly MeasuredCampaign[], orderValue: number): Looked[] {
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
          sizeOf: 'if all of its people had it',
          pValue,
          title: `Version ${winner.toUpperCase()} of “${name}” brings ${(gain * 100).toFixed(1)} orders more in a hundred people.`,
          because: 'Surely more than every other version, however often one looks, and it loses no more people.',
          action: { label: 'Deal versions by what works', url: '/settings' },
          picture: bars('Orders in a hundred people', standings.map((one) => ({ label: `Version ${one.key.toUpperCase()}`, value: one.mean, words: (one.mean * 100).toFixed(1), marked: one.key === winner }))), // prettier-ignore
        },
      },
    ];
  });
}

/** Everybody who is never mailed against all others, over all campaigns. */
export function programmeFindings(effect: Effect | null, currency: string, say: Say): Looked[] {
  if (!effect || effect.detail.buyers.treated + effect.detail.buyers.holdout === 0) return [];
  const finding: Finding = {
    kind: 'programme_effect',
    subject: '',
    news: `${effect.verdict} ${roughly(effect.estimate)}`,
    size: Math.round(Math.abs(effect.estimate)),
    sizeOf: 'over all campaigns so far',
    pValue: effect.pValue,
    title: `All campaigns together, against people who never get any: ${verdictSentence(effect, { language: 'en', currency })}.`,
    because: `${say.count(effect.treated)} people in campaigns against ${say.count(effect.holdout)} in the store-wide control.`,
    action: { label: 'See the overview', url: '/' },
    picture: bars('Revenue a person', [
      { label: 'In campaigns', value: effect.treatedMean, words: say.money(effect.treatedMean), marked: true },
      { label: 'Never mailed', value: effect.holdoutMean, words: say.money(effect.holdoutMean) },
    ]),
  };
  const decided = effect.verdict === 'won' || effect.verdict === 'lost';
  return [{ pValue: effect.pValue, finding: decided ? finding : null }];
}
