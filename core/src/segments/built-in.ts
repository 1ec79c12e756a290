/** The segments that every store has from its first scoring on. */
import { uuidOf } from '../random.ts';
import type { Rule } from './rule.ts';

export interface BuiltInSegment {
  key: 'slipping' | 'lapsed' | 'win-back' | 'one-time' | 'best-customers';
  name: { en: string; es: string };
  rule: Rule;
}

const lapsing: Rule = { field: 'life_stage', op: 'in', value: ['slipping', 'lapsed'] };

export const BUILT_IN_SEGMENTS: BuiltInSegment[] = [
  {
    key: 'slipping',
    name: { en: 'Slipping', es: 'En riesgo' },
    rule: { field: 'life_stage', op: 'in', value: ['slipping'] },
  },
  {
    key: 'lapsed',
    name: { en: 'Lapsed', es: 'Inactivos' },
    rule: { field: 'life_stage', op: 'in', value: ['lapsed'] },
  },
  {
    key: 'win-back',
    name: { en: 'Worth winning back', es: 'Vale la pena recuperar' },
    // One minor unit: whoever sent everything back has nothing that could be won back.
    rule: { all: [lapsing, { field: 'revenue', op: 'at_least', value: 1 }] },
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
];

/** A segment's id: the same in every run of the same log. */
export function segmentId(storeId: string, key: string): string {
  return uuidOf('segment', storeId, key);
}
