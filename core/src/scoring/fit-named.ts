/** One door to every model's fit, by the name that operators type. */
import { fail } from '../errors.ts';
import { CANDIDATES, modelNamed } from './choose.ts';
import { fitBgBb, fitGammaGamma, fitPurchaseModel, type Fit, type Histories } from './models/index.ts';

export const MODEL_NAMES = ['bg-nbd', 'mbg-nbd', 'pareto-nbd', 'bg-bb', 'gamma-gamma'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];
export const PURCHASE_MODEL_NAMES = CANDIDATES.map(({ name }) => name);
export type PurchaseModelName = (typeof PURCHASE_MODEL_NAMES)[number];

/**
 * Fits a model by name. `means` (value of a repeat purchase, any unit) is wanted by gamma-gamma only; bg-bb takes whole
 * chances as time.
 */
export function fitNamed(name: ModelName, data: { histories: Histories; means?: Float64Array | undefined }): Fit {
  switch (name) {
    case 'gamma-gamma': {
      if (!data.means)
        throw fail('bad_request', 'gamma-gamma needs the mean value of a repeat purchase (column m_x or zbar).');
      return fitGammaGamma({ x: data.histories.x, mean: data.means });
    }
    case 'bg-bb':
      requireChances(data.histories);
      return fitBgBb(data.histories);
    default:
      return fitPurchaseModel(modelNamed(name), data.histories);
  }
}

function requireChances({ x, tx, T }: Histories): void {
  for (let i = 0; i < x.length; i++)
    if (!Number.isInteger(tx[i]) || !Number.isInteger(T[i]) || x[i]! > tx[i]!)
      throw fail(
        'bad_request',
        `bg-bb counts chances: t_x and T must be whole numbers with x ≤ t_x, row ${String(i + 1)} is not.`,
      );
}
