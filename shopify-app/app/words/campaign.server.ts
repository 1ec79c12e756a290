/** One campaign in words: what will happen, or whether it worked. */
import { domainSentence, verdictSentence, type CampaignPage } from '@rekindle/core';
import { bandView, type BandView } from './band.server.ts';
import { stepsOf, type Step } from './campaign-steps.server.ts';
import { audienceSentence, daysToGo, stateBadge, type Tone } from './campaign-state.server.ts';
import { capital } from './campaigns.server.ts';
import { formatFor, LANGUAGE, type Format } from './format.server.ts';
import { versionsView, type VersionsView } from './versions.server.ts';
import { leftOutWords } from './left-out.server.ts';

export interface Bar {
  label: string;
  count: string;
  /** 0..1 of the first bar */
  width: number;
  share: string;
  hint: string | null;
}

export interface VariantView {
  key: string;
  language: string;
  subject: string;
  preheader: string;
  html: string;
  writer: string;
  figures: { label: string; value: string }[];
}

export interface CampaignView {
  name: string;
  badge: { label: string; tone: Tone };
  answer: string;
  note: string | null;
  /** What makes every figure below worthless; null: nothing */
  warning: string | null;
  steps: Step[];
  /** The domain that mails come from does not pass, and this campaign has mails to send */
  held: { title: string; text: string; url: string; link: string } | null;
  /** The page that follows the sending */
  live: { url: string; label: string } | null;
  plan: { bars: Bar[]; leftOut: { reason: string; count: string }[]; facts: { label: string; value: string }[] };
  variants: VariantView[];
  /** The versions held against each other; null: nothing to compare */
  versions: VersionsView | null;
  sender: { name: string; email: string };
  /** Null before the first mail is planned */
  sent: {
    bars: Bar[];
    hours: { hour: string; count: string; height: number }[];
    busiest: string;
    finding: string;
    /** What picking each person's hour brought; null: it is not tried in this campaign, or nothing is counted yet */
    gain: { sentence: string; how: string } | null;
  } | null;
  lift: {
    chart: BandView | null;
    sentence: string;
    arms: { label: string; value: string; hint: string }[];
    attributed: string | null;
  } | null;
}

export function campaignView(page: CampaignPage): CampaignView {
  const format = formatFor(page.store);
  const { campaign } = page;
  return {
    name: campaign.name,
    badge: stateBadge(campaign.state),
    ...answerOf(format, page),
    warning: warningOf(format, page),
    steps: stepsOf(format, page),
    held: heldOf(page),
    live: liveOf(page),
    plan: planOf(format, page),
    variants: page.variants.map((variant) => variantOf(format, page, variant)),
    versions: versionsView(format, page),
    sender: { name: page.sender.name, email: page.sender.email },
    sent: sentOf(format, page),
    lift: liftOf(format, page),
  };
}

const UNSENT = ['draft', 'awaiting_approval', 'running', 'paused'];

function heldOf({ held, campaign }: CampaignPage): CampaignView['held'] {
  if (!held || !UNSENT.includes(campaign.state)) return null;
  const waits =
    campaign.approvedAt === null
      ? 'The campaign can be approved once it passes.'
      : 'Mails wait where they are and go by themselves once it passes.';
  return {
    title: 'The sending domain does not pass',
    text: `${domainSentence(held, LANGUAGE)} ${waits}`,
    url: '/deliverability/domain',
    link: 'See what is missing',
  };
}

function liveOf({ campaign }: CampaignPage): CampaignView['live'] {
  return campaign.state === 'running' || campaign.state === 'paused'
    ? { url: `/campaigns/${campaign.id}/sending`, label: 'Follow the sending' }
    : null;
}

function answerOf(format: Format, page: CampaignPage): { answer: string; note: string | null } {
  const { campaign, look, store } = page;
  const audience = audienceSentence(format, campaign);
  if (look) {
    const answer = capital(verdictSentence(look.revenue, { language: LANGUAGE, currency: store.currency }));
    return { answer, note: audience };
  }
  const wait = daysToGo(format, campaign, store.now);
  if (campaign.approvedAt && campaign.state !== 'cancelled')
    return { answer: audience, note: `Not enough yet to say what it brought${wait ? `, ${wait}` : ''}.` };
  if (campaign.state === 'awaiting_approval')
    return { answer: audience, note: 'Nothing leaves before you approve it.' };
  if (campaign.state === 'cancelled') return { answer: 'Cancelled: no further mail leaves.', note: audience };
  return { answer: audience, note: 'The mail is being written. It will wait here for your approval.' };
}

/** A sample-ratio mismatch, in the words of somebody who must not use the figures. */
function warningOf(format: Format, { look, campaign }: CampaignPage): string | null {
  if (!look || look.revenue.detail.srm.ok) return null;
  const { treated, holdout, detail } = look.revenue;
  return `Do not use the figures of this campaign. ${format.people(treated)} were mailed and ${format.people(holdout)} held back, where the draw makes it ${format.share(1 - campaign.holdoutShare)} and ${format.share(campaign.holdoutShare)}: by chance that happens less than once in ${format.count(Math.max(1000, Math.round(1 / Math.max(detail.srm.pValue, 1e-9))))} campaigns. Something added or removed people after the draw, so what it brought cannot be told.`;
}

function planOf(format: Format, { campaign, store }: CampaignPage): CampaignView['plan'] {
  const { segment, leftOut, treated, holdout, storeControl } = campaign.funnel;
  const out = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  const bar = (label: string, count: number, hint: string | null = null): Bar => ({
    label,
    count: format.count(count),
    width: segment === 0 ? 0 : count / segment,
    share: segment === 0 ? '' : format.share(count / segment),
    hint,
  });
  const bars = [
    bar(campaign.segmentName ? `In “${campaign.segmentName}”` : 'In the segment', segment),
    bar('Left out', out),
    bar(
      'Held back to measure',
      holdout,
      'The holdout: picked at random from those who could be mailed. They get nothing, so that the difference shows what the mail did.',
    ),
    bar('Get the mail', treated),
  ];
  if (storeControl > 0) bars.splice(3, 0, bar('Never mailed, to measure the whole', storeControl));
  const { plan } = campaign;
  const from = campaign.sendFrom ?? store.now;
  const facts = [
    {
      label: 'Sending',
      value: campaign.sendUntil
        ? `${format.day(from)} – ${format.day(campaign.sendUntil)}`
        : `Over ${format.days(plan.sendDays)} from your approval`,
    },
    { label: 'Each mail leaves', value: 'At the person’s own best hour, outside quiet hours' },
    {
      label: 'Orders count',
      value: campaign.measureUntil
        ? `Until ${format.fullDay(campaign.measureUntil)}`
        : `For ${format.days(plan.measureDays)} from your approval`,
    },
    { label: 'Offer', value: offerOf(format, plan.offer) },
    ...choiceOf(format, plan),
  ];
  if (campaign.approvedAt) facts.push({ label: 'Approved', value: format.time(campaign.approvedAt) });
  return {
    bars,
    leftOut: Object.entries(leftOut)
      .toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
      .map(([reason, count]) => ({ reason: leftOutWords(reason), count: format.count(count) })),
    facts,
  };
}

/** By what people were chosen, and how they are dealt the versions. */
function choiceOf(format: Format, plan: CampaignPage['campaign']['plan']): { label: string; value: string }[] {
  const facts: { label: string; value: string }[] = [];
  const { choice } = plan;
  if (choice) {
    const most = choice.limit === null ? '' : ` At most ${format.people(choice.limit)}, as you set.`;
    const who = {
      uplift: 'People whom a mail moves most come first; nobody whom it would put off is mailed.',
      value: 'Who is worth most comes first.',
      everyone: 'Everybody who may be mailed.',
    }[choice.by];
    facts.push({ label: 'Whom it goes to', value: `${who}${most} ${choice.reason}` });
  }
  if (plan.offerDeal) facts.push({ label: 'Who gets the offer', value: offerDealWords(format, plan.offerDeal) });
  // A plan of before it was written down to whom the offer goes.
  else if (plan.offerTest)
    facts.push({ label: 'Who gets the offer', value: 'A random half, to learn who needs one: version B is without' });
  if (plan.dealing !== 'even')
    facts.push({
      label: 'Versions',
      value:
        plan.dealing === 'winner'
          ? 'Dealt day by day: evenly until one has won, then that one'
          : 'Dealt day by day: the likelier the best by clicks, the more people get it',
    });
  return facts;
}

function offerDealWords(
  format: Format,
  { by, reason, drawn }: NonNullable<CampaignPage['campaign']['plan']['offerDeal']>,
): string {
  const byLot = drawn > 0 ? ` To ${format.share(drawn)} it is dealt by lot, so that this stays known.` : '';
  const who = {
    person: `Who needs it; version B, without it, goes to who is likely to order anyway.${byLot}`,
    test: 'A random half, to learn who needs it: version B is without.',
    rule: 'Everybody.',
  }[by];
  return `${who} ${reason}`;
}

function offerOf(format: Format, offer: CampaignPage['campaign']['plan']['offer']): string {
  if (!offer) return 'None: the mail reminds and recommends';
  const what =
    offer.kind === 'percent'
      ? `${format.count(offer.value)} % off`
      : offer.kind === 'amount'
        ? `${format.money(offer.value)} off`
        : 'Free shipping';
  return `${what}, code ${offer.code}, until ${format.day(offer.until)}`;
}

function variantOf(format: Format, page: CampaignPage, variant: CampaignPage['variants'][number]): VariantView {
  const rows = page.messages.filter((row) => row.variantId === variant.id);
  const of = (count: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + count(row), 0);
  const sent = of((row) => (row.state === 'accepted' ? row.messages : 0));
  const figures =
    sent === 0
      ? []
      : [
          { label: 'Sent', value: format.count(sent) },
          { label: 'Opened', value: format.share(of((row) => row.opened) / sent) },
          { label: 'Clicked', value: format.share(of((row) => row.clicked) / sent) },
        ];
  return {
    key: variant.key.toUpperCase(),
    language: variant.language,
    subject: variant.preview.subject,
    preheader: variant.preheader,
    html: variant.preview.html,
    writer: variant.writer === 'playbook' ? 'Written by the playbook' : `Written by ${variant.writer}`,
    figures,
  };
}

function sentOf(format: Format, page: CampaignPage): CampaignView['sent'] {
  const rows = page.messages;
  if (rows.length === 0) return null;
  const of = (count: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + count(row), 0);
  const planned = of((row) => row.messages);
  const accepted = of((row) => (row.state === 'accepted' ? row.messages : 0));
  const ordered = page.outcomes.find((one) => one.arm === 'treated')?.ordered ?? 0;
  const bar = (label: string, count: number, whole: number, hint: string | null = null): Bar => ({
    label,
    count: format.count(count),
    width: planned === 0 ? 0 : count / planned,
    share: whole === 0 ? '' : format.share(count / whole),
    hint,
  });
  const machines = (kind: 'open' | 'click') =>
    page.agents.reduce((sum, one) => sum + (one.kind === kind && one.agent === 'machine' ? one.messages : 0), 0);
  const hours = Array.from({ length: 24 }, (_, hour) => of((row) => (row.localHour === hour ? row.messages : 0)));
  const most = Math.max(...hours, 1);
  const busiest = format.hour(hours.indexOf(most));
  return {
    bars: [
      bar('Planned', planned, planned),
      bar('Sent', accepted, planned),
      bar(
        'Opened',
        of((row) => row.opened),
        accepted,
        'By people, about right: some mail programs hide it. What machines open is counted apart.',
      ),
      ...(machines('open') > 0
        ? [
            bar(
              'Opened by machines',
              machines('open'),
              accepted,
              'Privacy proxies that fetch every picture, and robots. They count for nothing.',
            ),
          ]
        : []),
      bar(
        'Clicked',
        of((row) => row.clicked),
        accepted,
      ),
      ...(machines('click') > 0
        ? [
            bar(
              'Clicked by machines',
              machines('click'),
              accepted,
              'Link scanners of mail gateways. They count for nothing.',
            ),
          ]
        : []),
      bar(
        'Ordered',
        ordered,
        accepted,
        'Also orders that would have come without a mail. What the mail did is the difference to those held back.',
      ),
    ],
    hours: hours.map((count, hour) => ({ hour: format.hour(hour), count: format.count(count), height: count / most })),
    busiest: `Most leave around ${busiest}, each by the recipient’s own clock.`,
    finding: `Mails by local hour. ${hours.flatMap((count, hour) => (count > 0 ? [`${format.hour(hour)}: ${format.count(count)}`] : [])).join(', ')}.`,
    gain: gainOf(format, page),
  };
}

/** The share of mails that left at a random hour, and what the others brought beyond them. */
function gainOf(format: Format, { hours, store }: CampaignPage): NonNullable<CampaignView['sent']>['gain'] {
  if (!hours) return null;
  const { revenue } = hours;
  const options = { language: LANGUAGE, currency: store.currency, against: 'random_hour' } as const;
  const said = verdictSentence(revenue, options);
  const surely = revenue.verdict === 'won' || revenue.verdict === 'lost';
  const sentence = surely
    ? `Sending at each person’s hour brought ${said}.`
    : revenue.verdict === 'not_yet'
      ? `Whether each person’s hour beats a random one cannot be told yet${said.slice(said.indexOf(':'))}.`
      : `Each person’s hour against a random one: ${said}.`;
  const how = `${format.people(revenue.treated)} got the mail at an hour picked for them, ${format.people(revenue.holdout)} at one drawn at random.`;
  return { sentence, how };
}

function liftOf(format: Format, page: CampaignPage): CampaignView['lift'] {
  const { look, series, store } = page;
  // Figures that nobody may use are not drawn: a picture is believed whatever stands above it.
  if (!look || !look.revenue.detail.srm.ok) return null;
  const { revenue, return_rate: returned } = look;
  const sentence = capital(verdictSentence(revenue, { language: LANGUAGE, currency: store.currency }));
  const { attributed } = revenue.detail;
  return {
    chart: bandView(
      format,
      series.map((one) => ({ ...one, at: one.measuredAt })),
      { finding: sentence, unit: `Incremental revenue, ${store.currency}` },
    ),
    sentence,
    arms: [
      {
        label: 'Got the mail',
        value: `${format.money(Math.round(revenue.treatedMean))} each`,
        hint: `${format.people(revenue.treated)}, ${format.share(returned.treatedMean)} ordered`,
      },
      {
        label: 'Held back',
        value: `${format.money(Math.round(revenue.holdoutMean))} each`,
        hint: `${format.people(revenue.holdout)}, ${format.share(returned.holdoutMean)} ordered`,
      },
    ],
    attributed:
      attributed.orders === 0
        ? null
        : `${format.moneyWhole(attributed.revenue)} came within ${format.days(attributed.windowDays)} of a click (${format.plural(attributed.orders, 'order', 'orders')}). Other tools call that attributed revenue. It counts people who would have ordered anyway, so it is not what the mail brought.`,
  };
}
