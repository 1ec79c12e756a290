/**
 * Customer lifetime value: expected purchases month by month, times what one is worth, discounted to today.
 * Fader, Hardie & Lee (2005), RFM and CLV: Using Iso-Value Curves for Customer Base Analysis, Journal of Marketing Research
 * 42(4), 415–430, in the monthly steps that the Python library lifetimes made usual.
 */
import { expectedOrders, type PurchaseModel } from './purchase-model.ts';

/** Weeks in a month as lifetimes counts them. */
const MONTH = 4.345;

export interface LifetimeValueOptions {
  months: number;
  /** A month's discount, .01 for one per cent */
  discount: number;
}

/** Value of the coming months in the unit of `spend`; histories in weeks. */
export function lifetimeValue(
  model: PurchaseModel,
  parameters: Float64Array,
  row: { x: number; tx: number; T: number },
  spend: number,
  options: LifetimeValueOptions,
): number {
  let value = 0;
  let before = 0;
  for (let month = 1; month <= options.months; month++) {
    const until = expectedOrders(model, parameters, row, month * MONTH);
    value += (spend * (until - before)) / Math.pow(1 + options.discount, month);
    before = until;
  }
  return value;
}
