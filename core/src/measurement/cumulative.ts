/**
 * What all campaigns together brought in, with an interval that holds at every look. Campaigns draw independently, so their
 * estimates are uncorrelated: the squares of their half-widths add up. A sum that goes on over many campaigns is looked at for
 * longer than each of them, so it is widened as the sequence widens beyond its tuning size; one campaign alone keeps its own
 * interval. Campaigns whose arms are broken are left out and counted.
 */
import type { StoreTransaction } from '../database/connect.ts';
import { CONFIDENCE, type Effect } from './effect.ts';
import { revenueLooks } from './measurements.store.ts';
import { sequenceWidth, tuneRho } from './statistics/sequence.ts';

/** Minor units of the store's currency. */
export interface CumulativeLook {
  at: Date;
  estimate: number;
  low: number;
  high: number;
}

export interface CumulativeEffect extends CumulativeLook {
  since: Date;
  confidence: number;
  currency: string;
  /** Campaigns in the sum, and those left out because their arms are not what was drawn. */
  campaigns: number;
  broken: number;
  /** Looks at the sum, oldest first; the last is the effect itself. */
  series: CumulativeLook[];
}

/** Incremental revenue of all campaigns approved since; null before the first look. */
export async function cumulativeEffect(
  tx: StoreTransaction,
  since: Date = new Date(0),
): Promise<CumulativeEffect | null> {
  return addUp(await revenueLooks(tx, since), since);
}

/** Adds up looks that are sorted by time. */
export function addUp(looks: Effect[], since: Date): CumulativeEffect | null {
  const current = new Map<string, Effect>();
  const series: CumulativeLook[] = [];
  for (const look of looks) {
    current.set(look.campaignId, look);
    const sum = total([...current.values()], look.measuredAt);
    if (series.at(-1)?.at.getTime() === look.measuredAt.getTime()) series.pop();
    series.push(sum);
  }
  const last = series.at(-1);
  const first = looks[0];
  if (!last || !first) return null;
  const broken = [...current.values()].filter((look) => look.verdict === 'broken').length;
  return {
    ...last,
    since,
    confidence: CONFIDENCE,
    currency: first.detail.currency,
    campaigns: current.size - broken,
    broken,
    series,
  };
}

function total(looks: Effect[], at: Date): CumulativeLook {
  const sound = looks.filter((look) => look.verdict !== 'broken');
  const estimate = sound.reduce((sum, look) => sum + look.estimate, 0);
  const variances = sound.map((look) => ((look.high - look.low) / 2) ** 2);
  const variance = variances.reduce((sum, one) => sum + one, 0);
  if (variance === 0) return { at, estimate, low: estimate, high: estimate };
  const halfWidth = Math.sqrt(variance) * widening(variance / Math.max(...variances));
  return { at, estimate, low: estimate - halfWidth, high: estimate + halfWidth };
}

/** How much wider the sequence is at `campaigns` times its tuning size, in standard errors. 1 for one campaign. */
function widening(campaigns: number): number {
  const alpha = 1 - CONFIDENCE;
  const rho = tuneRho(alpha, 1);
  return Math.max(1, sequenceWidth(campaigns, rho, alpha) / sequenceWidth(1, rho, alpha));
}
