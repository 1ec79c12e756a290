/** Why no model scores a store yet, in a shopkeeper's words: what is missing, and until when. Pure. */
import { NEEDED_DAYS } from './choose.ts';

export interface WhyNoModel {
  /** What is missing, a sentence */
  missing: string;
  /** When that will be, where it can be told */
  until: Date | null;
  /** What is done meanwhile, a sentence */
  meanwhile: string;
  /** How much of what is missing is there; null where it cannot be counted */
  progress: { unit: string; have: number; need: number } | null;
}

const MEANWHILE = 'Until then each customer is judged by their own rhythm of orders.';
const TRIED_AGAIN = 'The forecasts are tried again after every night’s scoring; each customer is judged by their own rhythm of orders meanwhile.'; // prettier-ignore

const number = new Intl.NumberFormat('en-GB', { useGrouping: 'always' });

/** `reason`: as the scoring kept it (score_runs.reason), with codes and figures for whoever wants them. */
export function whyNoModel(reason: string, asOf: Date): WhyNoModel {
  const young = /^store_too_young: (\d+) days of orders, (\d+)/.exec(reason);
  if (young) {
    const [have, need] = [Number(young[1]), Number(young[2])];
    return {
      missing: `Forecasts need ${number.format(need)} days of orders, and so far there ${have === 1 ? 'is 1' : `are ${number.format(have)}`}.`,
      until: new Date(asOf.getTime() + Math.max(1, need - have) * 86_400_000),
      meanwhile: MEANWHILE,
      progress: { unit: 'Days of orders', have, need },
    };
  }
  const small = /^store_too_small: (\d+) customers bought again, (\d+)/.exec(reason);
  if (small) {
    const [have, need] = [Number(small[1]), Number(small[2])];
    return {
      missing: `Forecasts need ${number.format(need)} customers who came back for a second order, and so far ${have === 0 ? 'none has' : have === 1 ? '1 has' : `${number.format(have)} have`}.`,
      until: null,
      meanwhile: MEANWHILE,
      progress: { unit: 'Customers who came back', have, need },
    };
  }
  // Several models were tried, each with its own objection: what most of them run into is said.
  if (/seasonal_or_changed/.test(reason)) {
    return {
      missing:
        'Your orders lately went quite another way than the months before promised: a season, or a change in the shop. A forecast made from them would mislead.',
      until: null,
      meanwhile: TRIED_AGAIN,
      progress: null,
    };
  }
  if (/nobody ever leaves/.test(reason)) {
    return {
      missing: 'Hardly any of your customers has stopped buying so far, so there is nothing to tell who will.',
      until: null,
      meanwhile: TRIED_AGAIN,
      progress: null,
    };
  }
  if (reason.startsWith('no history to hold out')) {
    return {
      missing: `Forecasts are first tried on orders that they have not seen, and for that the history is too short; ${number.format(NEEDED_DAYS)} days do.`,
      until: null,
      meanwhile: MEANWHILE,
      progress: null,
    };
  }
  return {
    missing: 'Your customers’ orders do not show yet who stays and who leaves, so no forecast can be relied on.',
    until: null,
    meanwhile: TRIED_AGAIN,
    progress: null,
  };
}
