/** The overview in words: the answer first, then what it stands on, then one next step. */
import { lifeStageName, verdictSentence, type LifeStage, type Overview } from '@rekindle/core';
import { bandView, type BandView } from './band.server.ts';
import { audienceSentence, daysToGo, stateBadge, type Tone } from './campaign-state.server.ts';
import { capital } from './campaigns.server.ts';
import { noModelSentence } from './no-model.server.ts';
import { formatFor, LANGUAGE, type Format } from './format.server.ts';
import { nextStep, type NextStep } from './next-step.server.ts';
import { STAGE_MEANINGS } from './stages.ts';
import { syncView, type SyncView } from './sync.server.ts';

export interface StageBar {
  stage: LifeStage;
  label: string;
  meaning: string;
  customers: string;
  share: string;
  /** 0..1 of all customers */
  width: number;
  url: string;
}

export interface OverviewView {
  answer: string;
  note: string | null;
  chart: BandView | null;
  /** What stands where the chart will be */
  chartMissing: string;
  next: NextStep;
  stages: { bars: StageBar[]; risk: string | null; finding: string; method: string } | null;
  campaign: {
    name: string;
    url: string;
    badge: { label: string; tone: Tone };
    lines: string[];
    progress: { share: number; label: string } | null;
  } | null;
  /** All campaigns against the store-wide control; null: there is none */
  programme: { sentence: string; facts: { label: string; value: string }[] } | null;
  /** The first finding; null: none */
  finding: string | null;
  sync: SyncView;
  /** Whether the next moments bring something new, so that the page looks again by itself */
  changing: boolean;
}

export function overviewView(page: Overview): OverviewView {
  const format = formatFor(page.store);
  const finding = liftSentence(format, page);
  const sync = syncView(format, page);
  const head = sync.first ? firstSync(format, page, sync) : standing(format, page, finding);
  return {
    ...head,
    chart: bandView(format, page.lift?.series ?? [], {
      finding: finding ?? '',
      unit: `Incremental revenue, ${page.store.currency}`,
    }),
    chartMissing: chartMissing(page),
    next: nextStep(format, page),
    stages: stagesView(format, page),
    campaign: campaignView(format, page),
    programme: programmeView(format, page),
    finding: page.finding?.title ?? null,
    sync,
    changing: sync.first || sync.progress !== null || (page.sync.counts.orders > 0 && !page.scoring),
  };
}

function standing(format: Format, page: Overview, finding: string | null): { answer: string; note: string | null } {
  const risk = riskSentence(format, page);
  const broken = page.lift?.broken ?? 0;
  const leftOut =
    broken > 0 && broken < (page.lift?.campaigns ?? 0) + broken
      ? `${format.plural(broken, 'campaign is', 'campaigns are')} left out of it: the groups are not what was drawn.`
      : null;
  return {
    answer: finding ?? risk ?? 'Nothing to report yet: no orders have come in.',
    note: finding ? [leftOut, risk].filter((one) => one !== null).join(' ') || null : null,
  };
}

/** While a shop's history comes in for the first time there is nothing to say but that. */
function firstSync(format: Format, page: Overview, { progress }: SyncView): { answer: string; note: string } {
  const { customers, orders } = page.sync.counts;
  const soFar = `${format.plural(customers, 'customer', 'customers')} and ${format.plural(orders, 'order', 'orders')} so far. `;
  return {
    answer: progress ? `Your shop’s history is coming in: ${progress.label}.` : 'Your shop’s history comes in next.',
    note: `${customers > 0 ? soFar : ''}You can leave this page: it goes on by itself, and nobody is written to before you say so.`,
  };
}

/** What mails brought so far; null before the first measurement. */
function liftSentence(format: Format, page: Overview): string | null {
  const { lift, look } = page;
  if (!lift) return null;
  const width = lift.high - lift.low;
  const money = (minor: number) => format.moneyKnown(minor, width);
  const bound = (minor: number) => format.moneyBound(minor, width);
  const since = page.liftSince ? ` since ${format.day(page.liftSince)}` : '';
  if (lift.campaigns === 0)
    return `What mails${since} brought cannot be said: the groups that are compared are not as large as the draw makes them.`;
  if (lift.low > 0)
    return `Mails${since} brought ${money(lift.estimate)} more than no mail would have (between ${bound(lift.low)} and ${bound(lift.high)}).`;
  if (lift.high < 0)
    return `Mails${since} brought ${money(-lift.estimate)} less than no mail would have (between ${bound(-lift.high)} and ${bound(-lift.low)}).`;
  const between = `between ${signed(bound, lift.low)} and ${signed(bound, lift.high)}`;
  if (look?.verdict === 'not_yet')
    return `Not enough yet to say what mails${since} brought: about ${format.days(look.detail.daysLeft)} more. So far it is ${between}.`;
  return `Mails${since} made no difference that can be seen: ${between}.`;
}

function signed(money: (minor: number) => string, minor: number): string {
  // A bound that rounds to zero is neither more nor less.
  if (money(Math.abs(minor)) === money(0)) return 'nothing';
  return minor < 0 ? `${money(-minor)} less` : `${money(minor)} more`;
}

function riskSentence(format: Format, page: Overview): string | null {
  const { orders } = page.sync.counts;
  if (!page.scoring)
    return orders > 0
      ? `${format.plural(orders, 'order', 'orders')} came in. Who is slipping away is worked out next.`
      : null;
  if (page.stages.every((one) => one.scored === 0)) return 'Too early to say who is slipping away.';
  const { people, risk, valued } = lapsingOf(page);
  const slipping = page.stages.find((one) => one.stage === 'slipping')?.customers ?? 0;
  if (people === 0) return 'Nobody is slipping away: everyone buys at their usual rhythm.';
  const justNow = slipping > 0 && slipping < people ? ` (${format.count(slipping)} only just)` : '';
  const who = `${format.people(people)} ${people === 1 ? 'is' : 'are'} slipping away or have lapsed${justNow}.`;
  return valued === 0 ? who : `${who} ${format.moneyKnown(risk, risk)} a year is at risk with them.`;
}

/** Those who are slipping or have lapsed, and what is at risk with them. */
function lapsingOf(page: Overview): { people: number; risk: number; valued: number } {
  const lapsing = page.stages.filter((one) => one.stage === 'slipping' || one.stage === 'lapsed');
  const sum = (of: (one: (typeof lapsing)[number]) => number) => lapsing.reduce((total, one) => total + of(one), 0);
  return { people: sum((one) => one.customers), risk: sum((one) => one.valueAtRisk), valued: sum((one) => one.scored) };
}

function chartMissing(page: Overview): string {
  if (page.campaign?.state === 'awaiting_approval')
    return 'Here you will see what your mails bring beyond what would have come anyway. It begins once the first mail is approved and sent.';
  if (page.campaign && ['running', 'measuring', 'paused'].includes(page.campaign.state))
    return 'Mails are on their way. The first figure stands here after the first day of orders from both groups.';
  return 'Here you will see what your mails bring beyond what would have come anyway: people who got a mail against people who were held back.';
}

function stagesView(format: Format, page: Overview): OverviewView['stages'] {
  const total = page.stages.reduce((sum, one) => sum + one.customers, 0);
  if (!page.scoring || total === 0) return null;
  const { risk, valued } = lapsingOf(page);
  const bars = page.stages.map((one) => ({
    stage: one.stage,
    label: lifeStageName(one.stage, LANGUAGE),
    meaning: STAGE_MEANINGS[one.stage],
    customers: format.count(one.customers),
    share: format.share(one.customers / total),
    width: one.customers / total,
    url: `/customers?view=${one.stage}`,
  }));
  return {
    bars,
    risk: valued === 0 ? null : format.moneyKnown(risk, risk),
    finding: `Of ${format.people(total)}: ${bars.map((bar) => `${bar.customers} ${bar.label.toLowerCase()}`).join(', ')}.`,
    method:
      page.scoring.reason !== null
        ? noModelSentence(format, page.scoring.reason, page.scoring.asOf)
        : `Worked out from each customer’s own rhythm, as of ${format.day(page.scoring.asOf)}.`,
  };
}

function programmeView(format: Format, { programme, store }: Overview): OverviewView['programme'] {
  if (!programme) return null;
  const { treated, holdout, detail } = programme;
  return {
    sentence: detail.srm.ok
      ? `${capital(verdictSentence(programme, { language: LANGUAGE, currency: store.currency }))}`
      : 'Do not use this: the two groups are not as large as the draw makes them.',
    facts: [
      {
        label: 'In campaigns',
        value: `${format.people(treated)}, ${format.money(Math.round(programme.treatedMean))} each`,
      },
      {
        label: 'Never mailed',
        value: `${format.people(holdout)}, ${format.money(Math.round(programme.holdoutMean))} each`,
      },
    ],
  };
}

function campaignView(format: Format, page: Overview): OverviewView['campaign'] {
  const campaign = page.campaign;
  if (!campaign) return null;
  const accepted = campaign.messages['accepted'] ?? 0;
  const all = Object.values(campaign.messages).reduce((sum, one) => sum + one, 0);
  const wait = daysToGo(format, campaign, page.store.now);
  const lines = [audienceSentence(format, campaign)];
  if (campaign.state === 'running' && campaign.sendUntil)
    lines.push(`The last mail leaves by ${format.day(campaign.sendUntil)}.`);
  if (wait && ['running', 'measuring'].includes(campaign.state)) lines.push(`Orders are counted for ${wait}.`);
  const sending = ['running', 'paused', 'measuring'].includes(campaign.state) && all > 0;
  return {
    name: campaign.name,
    url: `/campaigns/${campaign.id}`,
    badge: stateBadge(campaign.state),
    lines,
    progress: sending
      ? { share: accepted / all, label: `${format.count(accepted)} of ${format.plural(all, 'mail', 'mails')} sent` }
      : null,
  };
}
