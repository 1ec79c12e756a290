/** Which version of the mail is better: variants held against each other, a winner by rule, and the next batch's shares. */
import { fail } from '../../errors.ts';
import type { StoreTransaction } from '../../database/connect.ts';
import { joinAsSets, revenueCap } from '../outcomes.store.ts';
import { compareVariants, type DecidingMetric, type VariantComparison } from './compare.ts';
import { readWindow, sumVariants } from './variants.store.ts';

export { allocate, dealVariant, replays, type Allocation, type VariantRecord } from './allocate.ts';
export {
  compareVariants,
  VARIANT_METRICS,
  type DecidingMetric,
  type VariantArm,
  type VariantComparison,
  type VariantMetric,
} from './compare.ts';

/** A campaign's variants as they stand at `now`, on outcomes already counted. Throws `not_found`, `wrong_state` before approval. */
export async function campaignVariants(
  tx: StoreTransaction,
  campaignId: string,
  now: Date,
  deciding: DecidingMetric = 'orders',
): Promise<VariantComparison> {
  const campaign = await readWindow(tx, campaignId);
  if (!campaign) throw fail('not_found', `There is no campaign ${campaignId}.`);
  const { approved_at: from, measure_until: until } = campaign;
  if (!from || !until || now <= from)
    throw fail('wrong_state', 'The campaign has not begun: there is nothing to compare.');
  const progress = Math.min(1, (now.getTime() - from.getTime()) / (until.getTime() - from.getTime()));
  await joinAsSets(tx);
  const cap = await revenueCap(tx, campaignId);
  return compareVariants(await sumVariants(tx, campaignId, cap), { deciding, progress });
}
