/**
 * Fatigue: how the chance of an unsubscribe or complaint on one mail grows with how many the person got lately. A discrete-time
 * hazard (Singer & Willett 1993, It's About Time, Journal of Educational Statistics 18(2)), each mail one trial, logistic in
 * ln(1 + mails in the last 30 days) and in the time since joining. From it the most mails that keep the loss under a bound.
 */
import { fitLogistic, logisticChance, type Logistic } from './logistic.ts';

export interface MailTrial {
  /** Mails this person got in the 30 days before this one */
  mailsBefore: number;
  /** Days since the person was first mailed */
  daysKnown: number;
  /** Whether he unsubscribed or complained on this mail */
  left: boolean;
}

export interface Fatigue {
  model: Logistic;
  /** What one more ln-unit of pressure multiplies the odds by, with 95 % bounds */
  pressure: { oddsRatio: number; low: number; high: number };
  warnings: string[];
}

/** Fewer leavers than this and pressure cannot be told from chance. */
const NEEDED_LEAVERS = 30;

export function fitFatigue(trials: readonly MailTrial[]): Fatigue {
  const features = new Float64Array(trials.length * 2);
  trials.forEach((trial, i) => {
    features.set(featuresOf(trial), i * 2);
  });
  const outcome = Uint8Array.from(trials, ({ left }) => (left ? 1 : 0));
  const model = fitLogistic({ features, names: ['pressure', 'known'], outcome }, { penalty: 1 });
  const [slope, error] = [model.coefficients[1]!, model.standardErrors[1]!];
  const leavers = outcome.reduce((sum, left) => sum + left, 0);
  return {
    model,
    pressure: { oddsRatio: Math.exp(slope), low: Math.exp(slope - 1.96 * error), high: Math.exp(slope + 1.96 * error) },
    warnings: [
      ...(leavers < NEEDED_LEAVERS
        ? [`too_few_leavers: ${String(leavers)} left, ${String(NEEDED_LEAVERS)} are needed`]
        : []),
      ...(slope - 1.96 * error <= 0 ? ['no_fatigue_seen: more mails did not clearly lose more people'] : []),
    ],
  };
}

/** Chance of losing this person on the next mail. */
export function leavingChance(fatigue: Fatigue, person: Pick<MailTrial, 'mailsBefore' | 'daysKnown'>): number {
  return logisticChance(fatigue.model, featuresOf(person));
}

/**
 * Most mails in 30 days after which one more still loses at most `bound` (0..1) of such people; undefined where the fit is too
 * thin to say.
 */
export function mostMails(
  fatigue: Fatigue,
  options: { bound: number; daysKnown: number; limit?: number },
): number | undefined {
  if (fatigue.warnings.some((warning) => warning.startsWith('too_few'))) return undefined;
  const limit = options.limit ?? 30;
  for (let mails = 0; mails < limit; mails++)
    if (leavingChance(fatigue, { mailsBefore: mails, daysKnown: options.daysKnown }) > options.bound) return mails;
  return limit;
}

function featuresOf({ mailsBefore, daysKnown }: Pick<MailTrial, 'mailsBefore' | 'daysKnown'>): [number, number] {
  return [Math.log1p(mailsBefore), Math.log1p(daysKnown)];
}
