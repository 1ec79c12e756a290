/**
 * What past mails teach: at which hour people answer, who answers at all, how many mails are too many, whom a mail moves, and
 * who needs a discount. Fits each model where there is enough to fit it on, and says what is missing where there is not. Pure;
 * runs on the scoring's own thread.
 */
import {
  fitEngagement,
  fitFatigue,
  fitOfferResponse,
  fitSendTime,
  type Engagement,
  type Fatigue,
  type OfferResponse,
  type OfferTrial,
  type SendTimeModel,
} from '../models/index.ts';
import {
  ANSWER_DAYS,
  hourCounts,
  MAIL_FEATURES,
  mailFeatures,
  pressureAt,
  priorsOf,
  type PersonMails,
  type Priors,
} from './mail.ts';

export interface LearnInput {
  people: PersonMails[];
  /** Undefined: no campaign has tried an offer against none */
  offer: OfferTrial | undefined;
  /** Milliseconds */
  now: number;
}

/** A model that may be used, or why not. */
export type Lesson<Model> =
  { model: Model; missing: null } | { model: Model; missing: string } | { model: null; missing: string };

export interface Lessons {
  mails: number;
  people: number;
  priors: Priors;
  sendTime: Lesson<SendTimeModel>;
  /** Hours of the week at which mail was ever sent: of the others nothing is known */
  usedHours: number[];
  opens: Lesson<Engagement>;
  clicks: Lesson<Engagement>;
  orders: Lesson<Engagement>;
  fatigue: Lesson<Fatigue>;
  offer: Lesson<OfferResponse>;
}

const DAY = 86_400_000;
/** Answers below which no model of answering is fitted: ten for each of its features. */
const NEEDED_ANSWERS = 10 * MAIL_FEATURES.length;

export function learn({ people, offer, now }: LearnInput): Lessons {
  const all = people.flatMap(({ mails }) =>
    mails
      .map((mail, i) => ({ mail, before: mails.slice(0, i) }))
      .filter(({ mail }) => mail.at <= now - ANSWER_DAYS * DAY),
  );
  const priors = priorsOf(people);
  const features = new Float64Array(all.length * MAIL_FEATURES.length);
  all.forEach(({ mail, before }, i) => {
    features.set(mailFeatures(before, mail.at, { ...mail, priors }), i * MAIL_FEATURES.length);
  });
  const engagement = (word: string, of: (one: (typeof all)[number]) => boolean): Lesson<Engagement> => {
    const outcome = Uint8Array.from(all, (one) => (of(one) ? 1 : 0));
    const answers = outcome.reduce((sum, one) => sum + one, 0);
    const rarer = Math.min(answers, all.length - answers);
    if (rarer < NEEDED_ANSWERS)
      return {
        model: null,
        missing: `too_few_answers: ${String(rarer)} mails ${word}, ${String(NEEDED_ANSWERS)} are needed`,
      };
    return lessonOf(fitEngagement({ features, names: MAIL_FEATURES, outcome }));
  };
  const hours = people.map(({ mails }) => hourCounts(mails, now));
  const used = new Set(all.map(({ mail }) => mail.hour));
  return {
    mails: all.length,
    people: people.length,
    priors,
    sendTime: lessonOf(fitSendTime(hours)),
    usedHours: [...used].toSorted((one, other) => one - other),
    opens: engagement('were opened', ({ mail }) => mail.openedAt !== null),
    clicks: engagement('were clicked', ({ mail }) => mail.clickedAt !== null),
    orders: engagement('were followed by an order', ({ mail }) => mail.orderedAt !== null),
    fatigue: lessonOf(
      fitFatigue(all.map(({ mail, before }) => ({ ...pressureAt(before, mail.at), left: mail.leftAt !== null }))),
    ),
    offer: offer
      ? lessonOf(fitOfferResponse(offer))
      : { model: null, missing: 'no_trial: no campaign has sent its mail with and without the offer yet' },
  };
}

/** What a fit says against itself that forbids to use it. */
function lessonOf<Model extends { warnings: string[] }>(model: Model): Lesson<Model> {
  const against = model.warnings.find((warning) => /^(too_few|few_hours|not_converged|no_signal)/.test(warning));
  return against === undefined ? { model, missing: null } : { model, missing: against };
}
