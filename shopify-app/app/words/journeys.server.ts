/** Journeys in words: the list, and one of them. */
import {
  mailSteps,
  recipeOf,
  verdictSentence,
  type JourneyFacts,
  type JourneyPage,
  type JourneysPage,
  type Language,
} from '@rekindle/core';
import { bandView, type BandView } from './band.server.ts';
import type { Tone } from './campaign-state.server.ts';
import type { Step } from './campaign-steps.server.ts';
import type { VariantView } from './campaign.server.ts';
import { capital } from './campaigns.server.ts';
import { storeFormat, type Format } from './format.server.ts';
import { cameBackOf, cameInOf, flowOf, insideOf, type FlowNode } from './journey-flow.server.ts';
import { journeySteps } from './journey-steps.server.ts';
import { JOURNEY_WORDS, type JourneyWords } from './journey-words.server.ts';
import { leftOutWords } from './left-out.server.ts';

const TONES: Record<string, Tone> = { running: 'success', paused: 'warning', awaiting_approval: 'attention' };

/** People on the first day from which something may come of it */
const MANY = 10;
/** Weeks of a month */
const MONTH = 30.44 / 7;

export interface JourneysView {
  language: Language;
  words: Pick<JourneyWords, 'title' | 'emptyTitle' | 'emptyText' | 'emptyLink'>;
  answer: string;
  note: string;
  rows: {
    id: string;
    url: string;
    name: string;
    badge: { label: string; tone: Tone };
    why: string;
    /** What it brought, or what may be expected */
    result: string;
    people: string;
  }[];
}

export function journeysView(page: JourneysPage): JourneysView {
  const format = storeFormat(page.store);
  const words = JOURNEY_WORDS[format.language];
  const { title, emptyTitle, emptyText, emptyLink } = words;
  return {
    language: format.language,
    words: { title, emptyTitle, emptyText, emptyLink },
    answer: answerOf(format, words, page.journeys),
    note: words.note,
    rows: page.journeys.map((facts) => ({
      id: facts.id,
      url: `/journeys/${facts.id}`,
      name: facts.name,
      badge: badgeOf(words, facts),
      why: recipeOf(facts.journey.key)?.why[format.language] ?? '',
      result: resultOf(format, words, page, facts),
      people: peopleOf(format, words, facts),
    })),
  };
}

function answerOf(format: Format, words: JourneyWords, journeys: JourneyFacts[]): string {
  if (journeys.length === 0) return words.none;
  const count = (state: string): number => journeys.filter((one) => one.state === state).length;
  const [running, paused] = [count('running'), count('paused')];
  const inside = journeys.reduce((sum, { standing }) => sum + insideOf(standing), 0);
  const waiting = count('awaiting_approval') + count('draft');
  if (running + paused === 0) return words.offAnswer(words.drafts(format.count(waiting), waiting === 1));
  const tail = paused > 0 ? words.pausedToo(format.count(paused)) : '';
  return words.onAnswer(format.count(running), format.people(inside)) + tail;
}

function badgeOf(words: JourneyWords, { state }: JourneyFacts): { label: string; tone: Tone } {
  const labels: Record<string, string> = words.states;
  return { label: labels[state] ?? state, tone: TONES[state] };
}

/** "214 people came in, 87 inside, 31 came back, about 12 a week" */
function peopleOf(format: Format, words: JourneyWords, facts: JourneyFacts): string {
  const { standing, waiting, peopleAWeek, approvedAt } = facts;
  const weekly = peopleAWeek === null ? null : format.count(Math.max(0, Math.round(peopleAWeek)));
  if (approvedAt === null)
    return `${words.now(format.people(waiting.total))}, ${weekly === null ? words.weeklyUnknown : words.weekly(weekly)}.`;
  const parts = [
    words.cameIn(format.people(cameInOf(standing))),
    words.inside(format.people(insideOf(standing))),
    words.cameBack(format.people(cameBackOf(standing))),
    ...(weekly === null ? [] : [words.perWeek(weekly)]),
  ];
  return `${parts.join(', ')}.`;
}

function resultOf(
  format: Format,
  words: JourneyWords,
  page: Pick<JourneysPage, 'store' | 'past'>,
  facts: JourneyFacts,
): string {
  if (facts.approvedAt === null) return expected(format, words, page, facts);
  if (!facts.look) return words.notMeasured;
  const { revenue } = facts.look;
  const verdict = verdictSentence(revenue, { language: format.language, currency: page.store.currency });
  return revenue.verdict === 'not_yet' || revenue.verdict === 'broken'
    ? capital(verdict)
    : words.measured(`${verdict}.`);
}

/** What a month may bring, by what mails brought a person so far. */
function expected(
  format: Format,
  words: JourneyWords,
  { past }: Pick<JourneysPage, 'past'>,
  { peopleAWeek, holdoutShare, segment, waiting }: JourneyFacts,
): string {
  const worth =
    segment.people === 0 ? '' : `${words.worth(format.people(segment.people), format.moneyWhole(segment.risk))} `;
  const few = peopleAWeek !== null && Math.round(peopleAWeek) === 0;
  // A month's sum says nothing of those who come in on the first day.
  if (few) return worth + (waiting.total < MANY ? words.expectFew : words.expectUnknown);
  if (past === null || peopleAWeek === null) return worth + words.expectUnknown;
  const mailed = peopleAWeek * MONTH * (1 - holdoutShare);
  const [estimate, low, high] = [past.estimate * mailed, past.low * mailed, past.high * mailed];
  const say = (value: number): string => {
    const money = format.moneyBound(Math.abs(value), high - low);
    if (Math.round(value) === 0) return words.nothing;
    return value < 0 ? words.loss(money) : money;
  };
  return (
    worth +
    (past.low > 0
      ? words.expect(format.moneyKnown(estimate, high - low), say(low), say(high))
      : words.expectUnclear(say(low), say(high)))
  );
}

export interface JourneyView {
  language: Language;
  words: Pick<
    JourneyWords,
    | 'back'
    | 'flow'
    | 'leaves'
    | 'rules'
    | 'outNow'
    | 'nobody'
    | 'ana'
    | 'writing'
    | 'lift'
    | 'liftNone'
    | 'caption'
    | 'arms'
    | 'fair'
    | 'attributedTitle'
    | 'broken'
    | 'notNow'
    | 'version'
  >;
  name: string;
  badge: { label: string; tone: Tone };
  answer: string;
  note: string;
  warning: string | null;
  steps: Step[];
  flow: FlowNode[];
  rules: { label: string; value: string }[];
  leftOut: { reason: string; count: string }[];
  mails: { step: string; title: string; variants: VariantView[] }[];
  sender: string;
  lift: {
    chart: BandView | null;
    arms: { label: string; value: string; hint: string }[];
    attributed: string | null;
  } | null;
}

export function journeyView(page: JourneyPage): JourneyView {
  const format = storeFormat(page.store);
  const words = JOURNEY_WORDS[format.language];
  const { facts, store } = page;
  return {
    language: format.language,
    words,
    name: facts.name,
    badge: badgeOf(words, facts),
    answer: resultOf(format, words, page, facts),
    note: peopleOf(format, words, facts),
    warning: facts.look && !facts.look.revenue.detail.srm.ok ? words.brokenText : null,
    steps: journeySteps(format, words, store, facts),
    flow: flowOf(format, words, page),
    rules: rulesOf(format, words, facts),
    leftOut: Object.entries(facts.waiting.leftOut)
      .toSorted((a, b) => b[1] - a[1])
      .map(([reason, count]) => ({ reason: leftOutWords(reason), count: format.count(count) })),
    mails: mailsOf(format, words, page),
    sender: page.sender.name,
    lift: liftOf(format, words, page),
  };
}

function rulesOf(format: Format, words: JourneyWords, facts: JourneyFacts): JourneyView['rules'] {
  const { definition, key } = facts.journey;
  return [
    { label: words.who, value: recipeOf(key)?.why[format.language] ?? '' },
    { label: words.leavesWhen, value: words.leavesRule + (definition.leaveWithSegment ? words.leavesSegment : '') },
    { label: words.again, value: words.againRule(format.days(definition.reentryDays)) },
    { label: words.share, value: words.shareRule(format.share(facts.holdoutShare)) },
    { label: words.counts, value: words.countsRule(format.days(definition.measureDays)) },
    { label: words.offer, value: words.offerRule },
    ...(facts.approvedAt ? [{ label: words.since, value: format.time(facts.approvedAt) }] : []),
  ];
}

function mailsOf(format: Format, words: JourneyWords, page: JourneyPage): JourneyView['mails'] {
  return mailSteps(page.facts.journey.definition).map(({ key }, place) => ({
    step: key,
    title: words.mailsOf(format.count(place + 1)),
    variants: page.variants
      .filter((variant) => variant.step === key)
      .map((variant) => {
        const own = page.mails.find(({ variantId }) => variantId === variant.id);
        return {
          key: variant.key.toUpperCase(),
          language: variant.language,
          subject: variant.preview.subject,
          preheader: variant.preheader,
          html: variant.preview.html,
          writer: variant.writer === 'playbook' ? words.playbook : words.writtenBy(variant.writer),
          figures: own
            ? [
                { label: words.sentTitle, value: format.count(own.sent) },
                { label: words.clickedTitle, value: own.sent === 0 ? '–' : format.share(own.clicked / own.sent) },
              ]
            : [],
        };
      }),
  }));
}

function liftOf(format: Format, words: JourneyWords, page: JourneyPage): JourneyView['lift'] {
  const { look } = page.facts;
  if (!look) return null;
  const { revenue, return_rate: returned } = look;
  const sentence = capital(verdictSentence(revenue, { language: format.language, currency: page.store.currency }));
  const arm = (label: string, mean: number, people: number, share: number) => ({
    label,
    value: words.each(format.money(Math.round(mean))),
    hint: words.ofThem(format.people(people), format.share(share)),
  });
  const { attributed } = revenue.detail;
  return {
    // Where the groups are not what was drawn no figure is worth a picture.
    chart: revenue.detail.srm.ok
      ? bandView(
          format,
          page.series.map((one) => ({ ...one, at: one.measuredAt })),
          { finding: sentence, unit: words.unit(page.store.currency) },
        )
      : null,
    arms: [
      arm(words.withMail, revenue.treatedMean, revenue.treated, returned.treatedMean),
      arm(words.without, revenue.holdoutMean, revenue.holdout, returned.holdoutMean),
    ],
    attributed:
      attributed.orders === 0
        ? null
        : words.attributed(
            format.moneyWhole(attributed.revenue),
            words.order(format.count(attributed.orders), attributed.orders === 1),
            format.days(attributed.windowDays),
          ),
  };
}
