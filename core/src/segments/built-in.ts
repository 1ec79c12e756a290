/** The segments that every store has from its first scoring on. */
import { uuidOf } from '../random.ts';
import type { Rule } from './rule.ts';

export interface BuiltInSegment {
  key:
    | 'slipping'
    | 'lapsed'
    | 'win-back'
    | 'one-time'
    | 'best-customers'
    | 'slipping-away'
    | 'second-order'
    | 'welcome-back';
  name: { en: string; es: string };
  rule: Rule;
}

const slipping: Rule = { field: 'life_stage', op: 'in', value: ['slipping'] };
/** One minor unit: whoever sent everything back has nothing that could be won back. */
const somethingLeft: Rule = { field: 'revenue', op: 'at_least', value: 1 };
const lapsing: Rule = { field: 'life_stage', op: 'in', value: ['slipping', 'lapsed'] };

export const BUILT_IN_SEGMENTS: BuiltInSegment[] = [
  {
    key: 'slipping',
    name: { en: 'Slipping', es: 'En riesgo' },
    rule: slipping,
  },
  {
    key: 'lapsed',
    name: { en: 'Lapsed', es: 'Inactivos' },
    rule: { field: 'life_stage', op: 'in', value: ['lapsed'] },
  },
  {
    key: 'win-back',
    name: { en: 'Worth winning back', es: 'Vale la pena recuperar' },
    rule: { all: [lapsing, somethingLeft] },
  },
  {
    key: 'one-time',
    name: { en: 'Bought once', es: 'Compraron una vez' },
    rule: { field: 'purchase_days', op: 'between', value: [1, 1] },
  },
  {
    key: 'best-customers',
    name: { en: 'Best customers', es: 'Mejores clientes' },
    rule: { field: 'revenue', op: 'top', value: 0.2 },
  },
  // Who comes into the ready-made journeys (core/journeys). Past the first of the two personal boundaries and not yet past the
  // second: who lapsed long ago is a campaign's business.
  {
    key: 'slipping-away',
    name: { en: 'Regulars who are late', es: 'Habituales que se retrasan' },
    rule: { all: [slipping, { field: 'purchase_days', op: 'at_least', value: 2 }, somethingLeft] },
  },
  {
    key: 'second-order',
    name: { en: 'Bought once and late', es: 'Compraron una vez y se retrasan' },
    rule: { all: [slipping, { field: 'purchase_days', op: 'between', value: [1, 1] }, somethingLeft] },
  },
  {
    key: 'welcome-back',
    name: { en: 'Back after half a year', es: 'De vuelta tras medio año' },
    rule: {
      all: [
        { field: 'days_since_last', op: 'at_most', value: 14 },
        { field: 'last_gap_days', op: 'at_least', value: 180 },
      ],
    },
  },
];

/** A segment's id: the same in every run of the same log. */
export function segmentId(storeId: string, key: string): string {
  return uuidOf('segment', storeId, key);
}
