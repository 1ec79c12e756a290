/** The steps of the plan: the segment's rule, consent, limits, the draw, and which words. Pure. */
import { assign, leaveOut, RECENT_ORDER_DAYS, type DrawRules, type LeftOutReason } from '../campaigns/index.ts';
import { languageOf } from '../language.ts';
import { batchesOf, batchOf, batchReplays, dealtVariant, pickVariant, type LoggedBatch } from '../scheduling/index.ts';
import { conditions, holds, ruleSentence, type Facts } from '../segments/index.ts';
import { drawName, recipeOf } from '../journeys/index.ts';
import type { Dossier, KeptHoldout, OtherMessage } from './dossier.ts';
import { consentKnown, isSuppressed, lastSaleKnown, ordersKnown, permissionAt } from './history.ts';
import { count, dayOf, type Scored } from './score-steps.ts';
import { stepOf, type Step } from './step.ts';
import { askedAt, askedWords, lastPlanned } from './wishes.ts';

const DAY = 86_400_000;
const ERASED = 'The person was erased since: what it was decided on is gone.';

export function planSteps(dossier: Dossier, scored: Scored): Step[] {
  const { holdout } = dossier;
  const steps = [segmentStep(dossier, scored)];
  if (!holdout) return steps;
  steps.push(consentStep(dossier, holdout));
  if (!isOfConsent(holdout.reason)) steps.push(limitsStep(dossier, holdout, scored));
  steps.push(holdoutStep(dossier, holdout));
  if (holdout.arm === 'treated') steps.push(variantStep(dossier, holdout));
  return steps;
}

function segmentStep(dossier: Dossier, scored: Scored): Step {
  const { segment, holdout, enrolment, campaign, store } = dossier;
  const enrolled = holdout?.decidedAt ?? campaign.plannedAt;
  const stored = { member: holdout !== undefined };
  if (!segment)
    return stepOf('segment', ['The segment of the campaign is gone.'], {
      stored,
      recomputed: null,
      cannot: 'The segment was deleted since, and with it its rule.',
    });
  const language = languageOf(store.language);
  const what = [
    `Segment “${segment.name}”: ${ruleSentence(segment.rule, language, store.currency).replace(/[.]$/, '')}. That is the rule as it is stored now.`,
    enrolment
      ? `The person came into the journey “${enrolment.journey.name}” on ${dayOf(enrolled, store.timeZone)}${enrolment.occurrence > 1 ? `, for the ${String(enrolment.occurrence)}. time` : ''}, by being in it: ${recipeOf(enrolment.journey.key)?.why.en ?? ''}`
      : holdout
        ? `The person was in it when the campaign was planned on ${dayOf(campaign.plannedAt, store.timeZone)}.`
        : `The person was not in it when the campaign was planned on ${dayOf(campaign.plannedAt, store.timeZone)}: no draw, and no mail.`,
  ];
  const facts = factsOf(dossier, scored);
  // How the person compared with all others is not kept: it decides nothing only where both extremes agree.
  const [strict, lax] = [Infinity, -Infinity].map((threshold) => facts && holds(segment.rule, facts, () => threshold));
  const cannot =
    facts === undefined
      ? 'The score cannot be made again, and so neither can the membership.'
      : strict !== lax && conditions(segment.rule).some(({ op }) => op === 'top')
        ? 'The rule compares with all other customers as they were then, which is not kept.'
        : undefined;
  return stepOf('segment', what, {
    stored,
    recomputed: strict === undefined || cannot !== undefined ? null : { member: strict },
    cannot,
    differs:
      'The rule of today, on the facts of then, says otherwise: the rule, the person’s data or the draw was changed.',
  });
}

/** What a rule may ask, as of the scoring. Undefined: it cannot be made again. */
function factsOf(dossier: Dossier, { totals, row }: Scored): Facts | undefined {
  const { customer, run } = dossier;
  if (!customer || !run || (totals && !row)) return undefined;
  const number = (value: string | null | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  const days = (at: Date): number => (run.asOf.getTime() - at.getTime()) / DAY;
  const bought = new Map<string, number>();
  for (const order of ordersKnown(dossier, run.asOf))
    if (order.kind === 'sale') for (const product of order.products) bought.set(product, days(order.at));
  return {
    days_since_last: number(row?.days_since_last),
    days_since_first: totals ? days(totals.firstAt) : null,
    purchase_days: totals?.purchaseDays ?? null,
    orders: totals?.orders ?? null,
    revenue: totals?.revenue ?? null,
    usual_interval_days: number(row?.usual_interval_days),
    last_gap_days: lastGap(ordersKnown(dossier, run.asOf).flatMap(({ kind, at }) => (kind === 'sale' ? [at] : []))),
    p_alive: number(row?.p_alive),
    p_return_90: number(row?.p_return_90),
    expected_orders_90: number(row?.expected_orders_90),
    expected_value_90: number(row?.expected_value_90),
    expected_value_365: number(row?.expected_value_365),
    value_at_risk: number(row?.value_at_risk),
    life_stage: row?.life_stage ?? null,
    country: customer.country,
    language: customer.language,
    has_email: customer.email !== null,
    has_phone: customer.hasPhone,
    bought: [...bought].map(([productId, daysAgo]) => ({ productId, daysAgo })),
  };
}

/** Days between the last two purchases; those within a day of each other are one. `sales` oldest first. */
function lastGap(sales: Date[]): number | null {
  const last = sales.at(-1)?.getTime() ?? 0;
  const before = sales.findLast((at) => last - at.getTime() > DAY);
  return before ? (last - before.getTime()) / DAY : null;
}

const OF_CONSENT: readonly string[] = [
  'no_email',
  'suppressed',
  'unsubscribed',
  'consent_pending',
  'no_consent',
  'consent_expired',
] satisfies LeftOutReason[];

function isOfConsent(reason: string | null): boolean {
  return reason !== null && OF_CONSENT.includes(reason);
}

function consentStep(dossier: Dossier, { decidedAt, reason }: KeptHoldout): Step {
  const { customer, store } = dossier;
  const stored = { mayMail: !isOfConsent(reason), reason: isOfConsent(reason) ? reason : null };
  if (!customer)
    return stepOf('consent_at_plan', ['May the person be mailed?'], { stored, recomputed: null, cannot: ERASED });
  const permission = permissionAt(dossier, decidedAt);
  const why =
    customer.email === null
      ? 'no_email'
      : isSuppressed(dossier, decidedAt)
        ? 'suppressed'
        : permission.allowed
          ? null
          : permission.reason;
  return stepOf('consent_at_plan', [consentWords(dossier, decidedAt, why)], {
    stored,
    recomputed: { mayMail: why === null, reason: why },
    differs: `What is known today of ${dayOf(decidedAt, store.timeZone)} says otherwise: a word of the person, an order, her country or her address came or was changed later.`,
  });
}

/** "May be mailed on 2 Mar 2026 (ES): soft_opt_in." */
export function consentWords(dossier: Dossier, at: Date, why: string | null): string {
  const { customer, store } = dossier;
  const permission = permissionAt(dossier, at);
  const said = consentKnown(dossier, at);
  const record = said
    ? `the newest word is “${said.state}” of ${dayOf(said.at, store.timeZone)}`
    : 'no word of the person is on record';
  const where = customer?.country ?? 'country not known';
  if (why !== null) return `May not be mailed on ${dayOf(at, store.timeZone)} (${where}): ${plain(why)}; ${record}.`;
  const basis = permission.allowed ? plain(permission.basis) : '';
  return `May be mailed on ${dayOf(at, store.timeZone)} (${where}): ${basis}; ${record}.`;
}

export function plain(code: string): string {
  return code.replaceAll('_', ' ');
}

const LIMITS: readonly string[] = [
  'asked_pause',
  'asked_topic',
  'asked_fewer',
  'not_enough_data',
  'ordered_recently',
  'capped',
  'would_leave',
  'sleeping_dog',
  'beyond_limit',
] satisfies LeftOutReason[];

function limitsStep(dossier: Dossier, { decidedAt, reason }: KeptHoldout, { row }: Scored): Step {
  const { campaign, store, run, settingsChanged } = dossier;
  const { cap } = store.settings;
  const mails = mailsBefore(dossier, decidedAt);
  const judge = (number: number, gone: boolean): LeftOutReason | undefined =>
    leaveOut(
      {
        hasEmail: true,
        suppressed: false,
        refusal: null,
        asked: askedAt(dossier, decidedAt, lastPlanned(dossier, decidedAt, gone)),
        scoreState: row?.state ?? null,
        lastOrderAt: lastSaleKnown(dossier, decidedAt),
        mails: number,
        leaveChance: dossier.mail?.leaveChance ?? null,
        uplift: dossier.mail?.uplift ?? null,
      },
      {
        now: decidedAt,
        scoredAt: run?.asOf ?? decidedAt,
        cap,
        topic: campaign.plan.topic,
        afterOrder: dossier.enrolment?.journey.definition.afterOrder ?? false,
      },
    );
  const [least, most] = [judge(mails.sure, false) ?? null, judge(mails.sure + mails.perhaps, true) ?? null];
  const what = [
    `At most ${count(cap.messages, 'mail', 'mails')} in ${count(cap.days, 'day', 'days')} (as set now): ${count(mails.sure, 'mail was', 'mails were')} counted. No mail to who ordered after the scoring or in the ${String(RECENT_ORDER_DAYS)} days before the plan.`,
    ...askedWords(dossier, decidedAt),
    ...changedSince(settingsChanged, decidedAt),
  ];
  return stepOf('limits_at_plan', what, {
    stored: { leftOut: reason !== null && LIMITS.includes(reason) ? reason : null },
    recomputed: run && least === most && reason !== 'beyond_limit' ? { leftOut: least } : null,
    cannot:
      reason === 'beyond_limit'
        ? 'The limit compares with everybody else who could be mailed then, which is not kept.'
        : run
          ? least === most
            ? undefined
            : 'A mail of that time was given up since, and nobody wrote down when: it may have counted or not.'
          : 'The record of the scoring is gone.',
    differs: `What is known today gives another answer: an order came to light, the caps were changed, or what is stored was.`,
  });
}

/** Mails that planning counted; `perhaps`: given up since, at a time that is not kept. */
function mailsBefore({ others, store, customerId }: Dossier, at: Date): { sure: number; perhaps: number } {
  const since = at.getTime() - store.settings.cap.days * DAY;
  const counts = (one: OtherMessage): boolean => {
    const accepted = one.acceptedAt && one.acceptedAt <= at ? one.acceptedAt : null;
    return one.createdAt <= at && (accepted ?? one.scheduledAt ?? one.createdAt).getTime() > since;
  };
  const mine = others.filter((one) => one.customerId === customerId && counts(one));
  const gone = mine.filter(({ state }) => state === 'refused' || state === 'dropped');
  return { sure: mine.length - gone.length, perhaps: gone.length };
}

/** Says so where the settings were changed after they decided. */
export function changedSince(changes: Date[], at: Date): string[] {
  return changes.some((change) => change > at)
    ? ['The store’s settings were changed since; those of now are used.']
    : [];
}

function holdoutStep(dossier: Dossier, holdout: KeptHoldout): Step {
  const { customer, campaign } = dossier;
  const share = campaign.holdoutShare;
  const percent = (value: number): string => `${String(Math.round(value * 1000) / 10)} %`;
  const what = [
    `Drawn ${holdout.draw.toFixed(6)}; below ${share.toFixed(6)} (${percent(share)}) is held back to measure.`,
    armWords(holdout),
  ];
  const stored = { draw: holdout.draw, share, arm: holdout.arm, storeControl: holdout.reason === 'store_control' };
  if (!customer) return stepOf('holdout', what, { stored, recomputed: null, cannot: ERASED });
  const before = holdout.reason === 'store_control' ? null : (holdout.reason as LeftOutReason | null);
  const again = assign(customer.key, before, rulesOf(dossier), dossier.mail?.offerNet);
  return stepOf('holdout', what, {
    stored,
    recomputed: { draw: again.draw, share, arm: again.arm, storeControl: again.reason === 'store_control' },
    differs:
      again.draw === holdout.draw
        ? 'The draw is the same and the arm is not: a share was changed since, or what is stored was.'
        : 'The keyed draw gives another number: what is stored was changed, or the store’s key was.',
  });
}

function armWords({ arm, reason }: KeptHoldout): string {
  if (arm === 'holdout') return 'Held back: gets no mail of this campaign, so that it can be measured.';
  if (arm === 'treated') return 'Gets the mail.';
  return reason === 'store_control'
    ? 'In the store-wide control: gets no mail at all.'
    : `Left out before the draw counted: ${plain(reason ?? 'no reason kept')}.`;
}

/** What this person was drawn by. */
export function rulesOf({ store, campaign, enrolment }: Dossier): DrawRules {
  return {
    drawKey: store.drawKey,
    // Whoever comes into a journey again is drawn again.
    campaignKey: drawName(campaign.key, enrolment?.occurrence ?? 1),
    holdoutShare: campaign.holdoutShare,
    controlShare: store.controlShare,
    offer: campaign.plan.offerDeal,
  };
}

/** The logged batch that a person of a campaign dealt day by day falls into; undefined: not dealt yet, or dealt at once. */
export function batchFor({ campaign, store, batches }: Dossier, customerKey: string): LoggedBatch | undefined {
  const { sendFrom, sendUntil } = campaign;
  if (batches.length === 0 || !sendFrom || !sendUntil) return undefined;
  return batches[batchOf(store.drawKey, campaign.key, customerKey, batchesOf({ sendFrom, sendUntil }))];
}

function variantStep(dossier: Dossier, holdout: KeptHoldout): Step {
  const { customer, campaign, store, variants, message } = dossier;
  const written = variants.find(({ id }) => id === message?.variantId);
  const stored = { variantKey: holdout.variantKey, ...(message && { variantId: message.variantId }) };
  const what = [
    holdout.offerReason === null || holdout.offerReason === 'drawn'
      ? `Version ${holdout.variantKey ?? 'none'}, by a draw of its own.`
      : `Version ${holdout.variantKey ?? 'none'}: the one ${holdout.variantKey === 'b' ? 'without' : 'with'} the offer.`,
    ...(written
      ? [
          `Written in ${tongue(written.language)}; the person reads ${customer?.language ? tongue(customer.language) : 'what the store speaks'}.`,
        ]
      : []),
  ];
  if (!customer) return stepOf('variant', what, { stored, recomputed: null, cannot: ERASED });
  const batch = batchFor(dossier, customer.key);
  if (batch && !batchReplays(batch))
    return stepOf('variant', what, {
      stored,
      recomputed: null,
      cannot: 'The log of the batch does not come out again from what it says it knew: it was changed.',
    });
  if (batch) {
    const shares = batch.shares.map(({ key, share }) => `${key} ${String(Math.round(share * 1000) / 10)} %`);
    what.push(`Dealt on day ${String(batch.batch + 1)} by the rule “${batch.rule}”: ${shares.join(', ')}.`);
  }
  const { variantKey } = batch
    ? { variantKey: dealtVariant(batch, store.drawKey, campaign.key, customer.key) }
    : assign(customer.key, null, { ...rulesOf(dossier), holdoutShare: 0, controlShare: 0 }, dossier.mail?.offerNet);
  const words = variants.filter(({ step }) => step === (message?.step ?? ''));
  const picked = pickVariant(words, { variantKey, language: customer.language }, store.language);
  return stepOf('variant', what, {
    stored,
    recomputed: { variantKey, ...(message && { variantId: picked?.id ?? null }) },
    differs: 'Another version comes out: what is stored was changed, or the person’s language was.',
  });
}

/** "German" */
function tongue(language: string): string {
  return new Intl.DisplayNames('en', { type: 'language', fallback: 'code' }).of(language) ?? language;
}
