/**
 * The life stage of a customer, by the personal lapse boundary and the chance of still being a customer. Pure.
 *
 * slip:  four of five of this person's likely gaps are shorter than this
 * lapse: nineteen of twenty are
 */
export const LIFE_STAGES = ['new', 'active', 'slipping', 'lapsed', 'lost'] as const;
export type LifeStage = (typeof LIFE_STAGES)[number];

/** Shares of a person's likely gaps that are shorter than the two boundaries. */
export const SLIP_SHARE = 0.8;
export const LAPSE_SHARE = 0.95;
/** Past the slip boundary and less likely than this to be still a customer: lapsed before the lapse boundary is reached. */
const HARDLY_ALIVE = 0.25;
/** Past the lapse boundary and less likely than this: lost. */
const GONE = 0.1;
/** Without a model: this many lapse boundaries of silence mean lost. */
const LOST_BOUNDARIES = 2;

export interface Silence {
  /** Days since the last purchase */
  days: number;
  /** Purchases after the first */
  repeats: number;
  /** Days */
  slip: number;
  /** Days */
  lapse: number;
  /** 0..1; undefined without a model */
  alive: number | undefined;
}

export function lifeStage({ days, repeats, slip, lapse, alive }: Silence): LifeStage {
  if (days > lapse) {
    const lost = alive === undefined ? days > LOST_BOUNDARIES * lapse : alive < GONE;
    return lost ? 'lost' : 'lapsed';
  }
  if (days > slip) return alive !== undefined && alive < HARDLY_ALIVE ? 'lapsed' : 'slipping';
  return repeats === 0 ? 'new' : 'active';
}
