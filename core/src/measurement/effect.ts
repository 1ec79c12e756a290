/**
 * The effect of a campaign as it stood at one look: what measurements rows hold, what is judged from them, and what readers
 * get. Pure; the sums come from outcomes.store.ts.
 */
import { z } from 'zod';
import { daysToTell, MOST_DAYS } from './days-to-tell.ts';
import { ENOUGH_BUYERS, estimateEffect, type ArmSums, type Estimate } from './estimate.ts';
import { sampleRatioPValue } from './statistics/ratio.ts';

export const METRICS = ['revenue', 'orders', 'return_rate'] as const;
export type Metric = (typeof METRICS)[number];

/**
 * won: the interval is above 0. lost: below. not_yet: it covers 0 and the window is open. nothing_seen: it covers 0 and the
 * window is over. broken: the arms are not what was drawn, and no figure of this campaign can be trusted.
 */
export const VERDICTS = ['won', 'lost', 'nothing_seen', 'not_yet', 'broken'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const CONFIDENCE = 0.95;
/** Below this the arms are held to be broken: a hard warning, chosen so rare that it is no false alarm. */
export const BROKEN_BELOW = 0.001;

/** Money in minor units of `currency` where the metric is revenue; people for return_rate. */
export const effectDetail = z.object({
  currency: z.string().length(3),
  confidence: z.number(),
  /** Share of the window gone at this look, 0..1 */
  progress: z.number(),
  /** Days until the window ends, rounded up; 0 when it is over */
  daysLeft: z.number(),
  /** Whether enough people did anything for a verdict */
  enough: z.boolean(),
  /** People with an order after the draw */
  buyers: z.object({ treated: z.number(), holdout: z.number() }),
  /** What all treated did, with or without the mail */
  treatedTotal: z.number(),
  /** Revenue of all treated, minor units, uncapped */
  treatedRevenue: z.number(),
  /** One person counts at most this much revenue (minor units), null where nobody had spent anything before */
  cap: z.number().nullable(),
  perTreated: z.object({ estimate: z.number(), low: z.number(), high: z.number() }),
  /** Standard error of `estimate`, a plain one */
  standardError: z.number(),
  /** Variance that CUPED takes away, 0..1 */
  cuped: z.object({ theta: z.number(), varianceReduction: z.number() }),
  /** Sample-ratio mismatch: are the arms as large as the draw makes them? */
  srm: z.object({ pValue: z.number(), ok: z.boolean() }),
  /** Last touch within the window of days. Counts orders that would have come anyway: shown beside, never instead. */
  attributed: z.object({ orders: z.number(), revenue: z.number(), windowDays: z.number() }),
  /** stores.data_version that this look counted; with the same one a later look of the day has no news */
  dataVersion: z.number().optional(),
});
export type EffectDetail = z.infer<typeof effectDetail>;

/** One metric at one look. `estimate`, `low`, `high`: totals over all treated, minor units for revenue. */
export interface Effect {
  campaignId: string;
  metric: Metric;
  measuredAt: Date;
  treated: number;
  holdout: number;
  treatedMean: number;
  holdoutMean: number;
  estimate: number;
  low: number;
  high: number;
  confidence: number;
  pValue: number;
  verdict: Verdict;
  detail: EffectDetail;
}

/** What a look at one campaign gives before anything is judged. */
export interface Observation {
  campaignId: string;
  currency: string;
  /** Share that the draw holds back. */
  holdoutShare: number;
  from: Date;
  /** Null: a journey that goes on */
  until: Date | null;
  now: Date;
  cap: number | null;
  sums: Record<Metric, { treated: ArmSums; holdout: ArmSums }>;
  buyers: { treated: number; holdout: number };
  treatedRevenue: number;
  attributed: { orders: number; revenue: number; windowDays: number };
  dataVersion: number;
  /** Of a journey, whose people each have a window of their own: whole windows watched so far, how many a day come on top, and at how many the interval is tightest */
  standing?: { watched: number; perDay: number; expected: number };
}

/** Judges one look: one effect a metric. */
export function judge(seen: Observation): Effect[] {
  const counts = seen.sums.revenue;
  const { standing } = seen;
  const { progress, daysLeft } = standing
    ? { progress: standing.watched / Math.max(1, counts.treated.n + counts.holdout.n), daysLeft: undefined }
    : goneBy(seen.from, seen.until ?? seen.now, seen.now);
  const over = seen.until !== null && seen.now >= seen.until;
  const pValue = sampleRatioPValue([counts.treated.n, counts.holdout.n], [1 - seen.holdoutShare, seen.holdoutShare]);
  const srm = { pValue, ok: pValue >= BROKEN_BELOW };
  const enough = seen.buyers.treated + seen.buyers.holdout >= ENOUGH_BUYERS;
  return METRICS.map((metric) => {
    const { treated, holdout } = seen.sums[metric];
    const one = estimateEffect({ treated, holdout, progress, tunedTo: standing?.expected, alpha: 1 - CONFIDENCE });
    return {
      campaignId: seen.campaignId,
      metric,
      measuredAt: seen.now,
      treated: treated.n,
      holdout: holdout.n,
      treatedMean: one.treatedMean,
      holdoutMean: one.holdoutMean,
      estimate: one.difference * treated.n,
      low: one.low * treated.n,
      high: one.high * treated.n,
      confidence: CONFIDENCE,
      pValue: one.pValue,
      verdict: verdictOf({ low: one.low, high: one.high, enough, over, ratioHolds: srm.ok }),
      detail: {
        currency: seen.currency,
        confidence: CONFIDENCE,
        progress,
        daysLeft: over ? 0 : (daysLeft ?? daysUntilTold(one, standing)),
        enough,
        buyers: seen.buyers,
        treatedTotal: treated.y,
        treatedRevenue: seen.treatedRevenue,
        cap: seen.cap,
        perTreated: { estimate: one.difference, low: one.low, high: one.high },
        standardError: one.standardError * treated.n,
        cuped: { theta: one.theta, varianceReduction: one.varianceReduction },
        srm,
        attributed: seen.attributed,
        dataVersion: seen.dataVersion,
      },
    };
  });
}

function goneBy(from: Date, until: Date, now: Date): { progress: number; daysLeft: number } {
  const window = until.getTime() - from.getTime();
  const gone = Math.min(window, now.getTime() - from.getTime());
  return { progress: window > 0 ? gone / window : 1, daysLeft: Math.ceil((window - gone) / 86_400_000) };
}

function daysUntilTold({ difference, standardError }: Estimate, standing: Observation['standing']): number {
  if (!standing || standardError === 0) return MOST_DAYS;
  const { watched, perDay, expected } = standing;
  return daysToTell({ z: difference / standardError, watched, perDay, tunedTo: expected, alpha: 1 - CONFIDENCE });
}

/** The rule that turns an interval into a word; in this order. */
export function verdictOf(look: {
  low: number;
  high: number;
  enough: boolean;
  over: boolean;
  ratioHolds: boolean;
}): Verdict {
  if (!look.ratioHolds) return 'broken';
  if (look.enough && look.low > 0) return 'won';
  if (look.enough && look.high < 0) return 'lost';
  return look.over ? 'nothing_seen' : 'not_yet';
}
