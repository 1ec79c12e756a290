/** The steps of the sending: offer, hour, the last look before the hand-over, what the provider said and what followed. Pure. */
import { offerFor, withoutOffer, type OfferReason } from '../campaigns/index.ts';
import { lastCheck, type CheckVerdict } from '../delivery/index.ts';
import { settleMessage } from '../events/index.ts';
import { hourName } from '../journeys/index.ts';
import { batchWindow, drawsOf, journeyWindow, pickMoment, quietEnds, sendSlots, zoneOf } from '../scheduling/index.ts';
import type { Dossier, KeptAttempt, KeptMessage, OtherMessage } from './dossier.ts';
import { isSuppressed, lastSaleKnown, permissionAt } from './history.ts';
import { batchFor, changedSince, consentWords, plain, rulesOf } from './plan-steps.ts';
import { count, dayOf, timeOf } from './score-steps.ts';
import { instant, stepOf, type Step } from './step.ts';
import { askedAt, askedWords, lastSent } from './wishes.ts';

const DAY = 86_400_000;
const ERASED = 'The person was erased since: what it was decided on is gone.';

export function sendSteps(dossier: Dossier, message: KeptMessage): Step[] {
  const steps = [offerStep(dossier, message), hourStep(dossier, message)];
  const sent = handOver(dossier.attempts);
  if (sent) steps.push(handOverStep(dossier, sent), checksStep(dossier, message, sent));
  else if (wasJudged(message)) steps.push(dropStep(dossier, message));
  steps.push(outcomeStep(dossier, message));
  if (sent) steps.push(eventsStep(dossier, message));
  return steps;
}

/** The last attempt in which the mail went, or may have gone. */
function handOver(attempts: KeptAttempt[]): KeptAttempt | undefined {
  return attempts.findLast(({ outcome }) => outcome !== 'not_sent');
}

/** Dropped by a look at the person, not by the plan, the campaign's end or the wait for word. */
function wasJudged({ state, stateReason, scheduledAt }: KeptMessage): boolean {
  return (
    state === 'dropped' && scheduledAt !== null && stateReason !== 'cancelled' && stateReason !== 'in_doubt_expired'
  );
}

function offerStep(dossier: Dossier, message: KeptMessage): Step {
  const { campaign, variants, attempts, store } = dossier;
  const { offer } = campaign.plan;
  const text = variants.find(({ id }) => id === message.variantId)?.text;
  const gone = text === undefined ? 'The words of the mail are gone.' : undefined;
  // Without an offer in the plan, the words must not carry the code that the store sets beside it.
  const known = store.settings.offer?.code;
  const carried = known !== undefined && text?.includes(known) === true ? known : null;
  const { offerDeal, offerTest } = campaign.plan;
  const plainOne =
    withoutOffer(offerDeal, offerTest) && variants.find(({ id }) => id === message.variantId)?.key === 'b';
  const reason = dossier.holdout?.offerReason ?? null;
  const dealt = dealtOffer(dossier);
  const why = offerDeal === null ? [] : [offerDeal.reason, dealtWords(dossier, reason)];
  if (!offer || plainOne)
    return stepOf('offer', ['No offer: the mail reminds and recommends only.', ...why], {
      stored: { code: null, dealt: reason },
      recomputed: gone === undefined && dealt !== undefined ? { code: carried, dealt } : null,
      cannot: gone ?? (dealt === undefined ? ERASED : undefined),
      differs:
        dealt === reason
          ? 'The plan has no offer for this person, and the words carry the store’s code.'
          : 'What is kept of this person’s need of an offer says otherwise.',
    });
  const at = handOver(attempts)?.startedAt ?? message.scheduledAt ?? message.createdAt;
  const what = [
    `${plain(offer.kind)} ${offer.kind === 'free_shipping' ? '' : String(offer.value)} with the code ${offer.code}, good until ${dayOf(offer.until, store.timeZone)}.`,
    ...why,
  ];
  return stepOf('offer', what, {
    stored: { code: offer.code, good: true, dealt: reason },
    recomputed:
      text === undefined || dealt === undefined
        ? null
        : { code: text.includes(offer.code) ? offer.code : null, good: offer.until >= at, dealt },
    cannot: gone ?? (dealt === undefined ? ERASED : undefined),
    differs:
      dealt === reason
        ? 'The words of the mail do not carry the plan’s code, or it had run out.'
        : 'What is kept of this person’s need of an offer says otherwise.',
  });
}

/** The decision done again; null: it was not made by person; undefined: the person is gone, and with her what it was drawn by. */
function dealtOffer(dossier: Dossier): OfferReason | null | undefined {
  const { campaign, customer, mail } = dossier;
  const { offerDeal } = campaign.plan;
  if (offerDeal?.by !== 'person') return null;
  if (!customer) return undefined;
  const who = { ...rulesOf(dossier), deal: offerDeal, customerKey: customer.key };
  return offerFor(mail?.offerNet ?? null, who) ?? null;
}

function dealtWords({ campaign, mail }: Dossier, reason: string | null): string {
  const net = mail?.offerNet ?? 0;
  const worth = `${net < 0 ? '−' : '+'}${Math.abs(net * 100).toFixed(1)} % of an order’s value after its cost`;
  switch (reason) {
    case 'needed':
      return `Needs it: the offer brings ${worth}.`;
    case 'not_needed':
      return `Likely to order without it: the offer would bring ${worth}.`;
    case 'not_known':
      return 'Nothing is known of this person’s need: the campaign’s rule gives the offer.';
    case 'drawn':
      return 'Dealt by lot to this person, so that what is known of others stays true.';
    default:
      return campaign.plan.offerTest
        ? 'So who gets it is drawn, to learn who needs it.'
        : 'So the campaign’s rule gives it to everybody.';
  }
}

function hourStep(dossier: Dossier, message: KeptMessage): Step {
  const { customer, campaign, store, score, settingsChanged, orders, holidays } = dossier;
  const stored = {
    at: instant(message.scheduledAt),
    timeZone: message.timeZone,
    zoneFrom: message.zoneSource,
    hour: message.localHour,
    picked: message.hourSource,
  };
  const what = [
    message.scheduledAt
      ? `${timeOf(message.scheduledAt, message.timeZone ?? store.timeZone)} on the person’s clock (${message.timeZone ?? ''}${ZONES[message.zoneSource ?? ''] ?? ''}), ${HOURS[message.hourSource ?? ''] ?? 'how is not kept'}.`
      : `No hour was found: ${plain(message.stateReason ?? '')}.`,
    ...changedSince(settingsChanged, message.createdAt),
  ];
  const { enrolment } = dossier;
  const span = sendingOf(dossier, message);
  if (!customer || !span)
    return stepOf('hour', what, {
      stored,
      recomputed: null,
      cannot: 'The person was erased since, or the campaign has no window: the hour cannot be drawn again.',
    });
  const bought = orders.filter(({ at, kind }) => kind === 'sale' && at <= message.createdAt).map(({ at }) => at);
  const { zone, source } = zoneOf({ ...customer, bought }, store.timeZone);
  const batch = batchFor(dossier, customer.key);
  const window = batch
    ? batchWindow({ sendFrom: span.from, sendUntil: span.until }, batch.batch, batch.decidedAt)
    : { from: span.from > message.createdAt ? span.from : message.createdAt, until: span.until };
  const slots =
    message.state === 'planned'
      ? []
      : sendSlots(zone, window, store.settings.quietHours, holidays.in(customer.country));
  const name = enrolment ? hourName(campaign.key, message.step, message.occurrence) : campaign.key;
  const draws = drawsOf(store.drawKey, name, customer.key);
  const moment =
    slots.length > 0 ? pickMoment(slots, score?.best_hour ?? null, campaign.plan.randomHourShare, draws) : undefined;
  return stepOf('hour', what, {
    stored,
    recomputed: {
      at: instant(moment?.at),
      timeZone: zone,
      // Not kept of messages that were planned before it was.
      zoneFrom: message.zoneSource === null ? null : source,
      hour: moment?.hour ?? null,
      picked: moment?.source ?? null,
    },
    differs: movedSince(dossier, message)
      ? 'Another moment comes out: the person’s country or zone was told anew since, or what is stored was changed.'
      : 'Another moment comes out: what is stored was changed, or the quiet hours, the zone or the campaign’s window were.',
  });
}

/** When a mail might go: in the campaign's days, or in those after the person came to the step of a journey. */
function sendingOf({ campaign, enrolment }: Dossier, message: KeptMessage): { from: Date; until: Date } | undefined {
  if (enrolment) return journeyWindow(message.createdAt, campaign.plan.sendDays);
  const { sendFrom: from, sendUntil: until } = campaign;
  return from && until ? { from, until } : undefined;
}

function movedSince({ customer }: Dossier, { createdAt }: KeptMessage): boolean {
  return [customer?.countryAt, customer?.timeZoneAt].some((at) => at && at > createdAt);
}

const ZONES: Record<string, string> = {
  profile: ', as a platform says of the person',
  address: ', by the address',
  country: ', by the country',
  behaviour: ', guessed from the hours of the orders',
  store: ', the shop’s: nothing else is known',
};

const HOURS: Record<string, string> = {
  preference: 'the hour at which the person reads mail',
  random: 'a random hour, to measure what picking one brings',
  default: 'one of the hours that suit most people',
};

function handOverStep(dossier: Dossier, { startedAt }: KeptAttempt): Step {
  const { customer } = dossier;
  const stored = { mayMail: true };
  if (!customer)
    return stepOf('consent_at_hand_over', ['May the person still be mailed?'], {
      stored,
      recomputed: null,
      cannot: 'The person was erased since: what it was decided on is gone.',
    });
  const permission = permissionAt(dossier, startedAt);
  const why =
    customer.email === null
      ? 'no_email'
      : isSuppressed(dossier, startedAt)
        ? 'suppressed'
        : permission.allowed
          ? null
          : permission.reason;
  return stepOf('consent_at_hand_over', [consentWords(dossier, startedAt, why)], {
    stored,
    recomputed: { mayMail: why === null },
    differs: 'What is known today of that instant says no: a word that is dated before it came later, or was changed.',
  });
}

function checksStep(dossier: Dossier, message: KeptMessage, sent: KeptAttempt): Step {
  const verdict = look(dossier, message, sent.startedAt, { atOnce: false });
  const { cap } = dossier.store.settings;
  return stepOf(
    'last_checks',
    [
      `Looked at once more at ${timeOf(sent.startedAt, message.timeZone ?? dossier.store.timeZone)}: no order since the draw, not the same address twice, at most ${count(cap.messages, 'mail', 'mails')} in ${count(cap.days, 'day', 'days')}, outside quiet hours.`,
      ...askedWords(dossier, sent.startedAt),
      ...changedSince(dossier.settingsChanged, sent.startedAt),
    ],
    {
      stored: { verdict: 'go' },
      recomputed: verdict ? { verdict: verdictWord(verdict) } : null,
      cannot: verdict ? undefined : 'The person was erased since: what it was decided on is gone.',
      differs:
        'What is known today of that instant would have held it back: a fact that is dated before it came later, or was changed.',
    },
  );
}

/** The instant of a drop is not kept: it is looked for among those at which something became known. */
function dropStep(dossier: Dossier, message: KeptMessage): Step {
  const reason = message.stateReason ?? '';
  const due = new Date(Math.max(message.scheduledAt?.getTime() ?? 0, message.notBefore?.getTime() ?? 0));
  const found = moments(dossier, due).find((at) => {
    const verdict = look(dossier, message, at, { atOnce: true });
    return verdict && verdictWord(verdict) === reason;
  });
  const zone = message.timeZone ?? dossier.store.timeZone;
  return stepOf(
    'last_checks',
    [
      `Due at ${timeOf(due, zone)} and not sent: ${plain(reason)}.`,
      found
        ? `The facts say so at ${timeOf(found, zone)}; the instant at which it was looked at is not kept.`
        : 'The instant at which it was looked at is not kept.',
      ...askedWords(dossier, found ?? due),
    ],
    {
      stored: { verdict: reason },
      recomputed: dossier.customer || reason === 'erased' ? { verdict: found ? reason : 'go' } : null,
      cannot: dossier.customer || reason === 'erased' ? undefined : 'The person was erased since.',
      differs: 'At no instant after it was due do the facts known today give this reason.',
    },
  );
}

/** When it was due, and in the days after it whenever something new became known. */
function moments(
  { imports, consents, preferences, replies, suppression, campaign, others, now }: Dossier,
  due: Date,
): Date[] {
  const news = [
    ...imports.map(({ at }) => at),
    ...consents.map(({ at }) => at),
    ...preferences.map(({ at }) => at),
    ...replies,
    ...(suppression ? [suppression.at] : []),
    ...(campaign.measureUntil ? [campaign.measureUntil] : []),
    ...others.flatMap(({ attempts }) => attempts.map(({ startedAt }) => startedAt)),
  ];
  const until = Math.min(due.getTime() + 90 * DAY, now.getTime());
  const later = news.filter((at) => at > due && at.getTime() <= until);
  return [due, ...later.toSorted((one, other) => one.getTime() - other.getTime())];
}

/** Delivery's last look, with what was known at an instant. `atOnce`: what began in that same instant counts. */
function look(
  dossier: Dossier,
  message: KeptMessage,
  at: Date,
  { atOnce }: { atOnce: boolean },
): CheckVerdict | undefined {
  const { customer, store, campaign, holdout, others } = dossier;
  const permission = permissionAt(dossier, at);
  const sale = lastSaleKnown(dossier, at);
  const since = new Date(at.getTime() - store.settings.cap.days * DAY);
  const begun = (one: OtherMessage): boolean => isUnderWay(one, at, atOnce);
  const toPerson = others.filter((one) => one.customerId === message.customerId && begun(one));
  return lastCheck(
    {
      person: customer && { email: customer.email },
      suppressed: isSuppressed(dossier, at),
      refusal: permission.allowed ? null : permission.reason,
      replied: dossier.replies.some((one) => one <= at),
      asked: askedAt(dossier, at, lastSent(toPerson, at)),
      orderedSince: holdout !== undefined && sale !== null && sale > holdout.decidedAt,
      leftJourney: leftJourney(dossier, at),
      recent: toPerson.filter(({ acceptedAt }) => !(acceptedAt && acceptedAt <= since)).length,
      sameAddress: others.some(
        (one) =>
          one.customerId !== message.customerId &&
          one.campaignId === message.campaignId &&
          one.step === message.step &&
          (message.step === '' || one.createdAt.getTime() > at.getTime() - 30 * DAY) &&
          begun(one),
      ),
      timeZone: message.timeZone ?? store.timeZone,
      isHoliday: dossier.holidays.in(customer?.country ?? null),
    },
    {
      now: at,
      quietEnds: quietEnds(at, store.settings.quietHours),
      cap: store.settings.cap.messages,
      measureUntil: campaign.measureUntil,
    },
  );
}

/** Whether she had answered, or was not inside the journey any more. */
function leftJourney({ enrolment, holdout }: Dossier, at: Date): 'replied' | 'left_journey' | null {
  if (!enrolment || !holdout) return null;
  if (enrolment.replies.some((reply) => reply > holdout.decidedAt && reply <= at)) return 'replied';
  return enrolment.endedAt !== null && enrolment.endedAt <= at ? 'left_journey' : null;
}

/** Claimed, in doubt or accepted at an instant. */
function isUnderWay({ attempts }: OtherMessage, at: Date, atOnce: boolean): boolean {
  const last = attempts.findLast(({ startedAt }) => startedAt < at || (atOnce && startedAt <= at));
  if (!last) return false;
  const over = last.finishedAt !== null && last.finishedAt <= at;
  return !over || last.outcome === 'accepted' || last.outcome === 'in_doubt';
}

function verdictWord(verdict: CheckVerdict): string {
  if ('drop' in verdict) return verdict.drop;
  return 'go' in verdict ? 'go' : 'quiet_hours';
}

/** What may stand in messages.state after an attempt that ended so; the likeliest first. */
const STATES: Record<string, string[]> = {
  accepted: ['accepted'],
  refused: ['refused', 'scheduled', 'dropped'],
  not_sent: ['scheduled', 'dropped'],
  in_doubt: ['in_doubt', 'dropped'],
  'under way': ['scheduled'],
  none: ['scheduled', 'planned', 'dropped', 'refused'],
};

function outcomeStep({ attempts, store }: Dossier, message: KeptMessage): Step {
  const last = attempts.at(-1);
  const states = STATES[last ? (last.outcome ?? 'under way') : 'none'] ?? [];
  const zone = message.timeZone ?? store.timeZone;
  const what = [
    ...attempts.map(
      (one) =>
        `Attempt ${String(one.token)} to ${one.provider} at ${timeOf(one.startedAt, zone)}: ${plain(one.outcome ?? 'under way')}${one.status === null ? '' : ` (${String(one.status)})`}.`,
    ),
    `The message is ${plain(message.state)}${message.stateReason === null ? '' : `: ${plain(message.stateReason)}`}.`,
  ];
  return stepOf('outcome', what, {
    stored: { state: message.state, acceptedAt: instant(message.acceptedAt) },
    recomputed: {
      state: states.includes(message.state) ? message.state : (states[0] ?? null),
      acceptedAt: last?.outcome === 'accepted' ? instant(last.finishedAt) : null,
    },
    differs: 'The attempts on record lead to another state.',
  });
}

function eventsStep({ events, store }: Dossier, message: KeptMessage): Step {
  const { agents, moments: again } = settleMessage(events);
  const machines = [...agents.values()].filter((agent) => agent === 'machine').length;
  const shown = Object.entries(message.moments).flatMap(([name, at]) => (at ? [[name, at] as const] : []));
  const zone = message.timeZone ?? store.timeZone;
  return stepOf(
    'events',
    [
      `${count(events.length, 'event is', 'events are')} on record${machines > 0 ? `, ${String(machines)} by machines, which count for nothing` : ''}.`,
      ...shown.map(([name, at]) => `${name[0]?.toUpperCase() ?? ''}${name.slice(1)} ${timeOf(at, zone)}.`),
    ],
    {
      stored: Object.fromEntries(Object.entries(message.moments).map(([name, at]) => [name, instant(at)])),
      recomputed: Object.fromEntries(
        Object.entries<Date | null>({ ...again }).map(([name, at]) => [name, instant(at)]),
      ),
      differs: 'The events on record give other moments than the message shows.',
    },
  );
}
