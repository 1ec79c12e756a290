/**
 * The ready-made journeys, drafted for every store from its own scores. None writes to who bought in the last days but the
 * one that is for them, and none carries an offer: a code that ends on a day cannot stand in a mail that goes for months.
 */
import type { JourneyDefinition } from './definition.ts';

export interface Recipe {
  key: 'slipping-away' | 'second-order' | 'welcome-back';
  name: { en: string; es: string };
  /** In one sentence: who comes in */
  why: { en: string; es: string };
  definition(measureDays: number): JourneyDefinition;
}

export const RECIPES: Recipe[] = [
  {
    key: 'slipping-away',
    name: { en: 'Slipping away', es: 'Se están alejando' },
    why: {
      en: 'A regular customer is later than their own rhythm allows.',
      es: 'Alguien que compra con regularidad tarda más de lo que permite su propio ritmo.',
    },
    definition: (measureDays) => ({
      segment: 'slipping-away',
      afterOrder: false,
      steps: [
        { key: 'reminder', kind: 'mail', goal: 'reminder' },
        { key: 'wait-1', kind: 'wait', days: 10 },
        { key: 'quiet-1', kind: 'check', unless: ['clicked'] },
        { key: 'second', kind: 'mail', goal: 'second_try' },
        { key: 'wait-2', kind: 'wait', days: 14 },
        { key: 'quiet-2', kind: 'check', unless: ['clicked'] },
        { key: 'last', kind: 'mail', goal: 'last_word' },
      ],
      // Slipping ends in lapsed: leaving the segment that way is no reason to fall silent.
      leaveWithSegment: false,
      reentryDays: Math.max(120, measureDays),
      measureDays,
      sendDays: 3,
    }),
  },
  {
    key: 'second-order',
    name: { en: 'The second order never came', es: 'El segundo pedido no llegó' },
    why: {
      en: 'Somebody bought once, and the day by which most come back has passed.',
      es: 'Alguien compró una vez y ya pasó el día en que la mayoría vuelve.',
    },
    definition: (measureDays) => ({
      segment: 'second-order',
      afterOrder: false,
      steps: [
        { key: 'first', kind: 'mail', goal: 'second_order' },
        { key: 'wait-1', kind: 'wait', days: 14 },
        { key: 'quiet-1', kind: 'check', unless: ['clicked'] },
        { key: 'last', kind: 'mail', goal: 'last_word' },
      ],
      leaveWithSegment: false,
      reentryDays: Math.max(365, measureDays),
      measureDays,
      sendDays: 3,
    }),
  },
  {
    key: 'welcome-back',
    name: { en: 'Welcome back', es: 'Qué bien que hayas vuelto' },
    why: {
      en: 'Somebody ordered again after a gap far beyond what is usual in the shop.',
      es: 'Alguien volvió a pedir tras una pausa mucho más larga de lo habitual en la tienda.',
    },
    definition: (measureDays) => ({
      segment: 'welcome-back',
      afterOrder: true,
      steps: [
        { key: 'wait-1', kind: 'wait', days: 7 },
        { key: 'thanks', kind: 'mail', goal: 'welcome_back' },
        { key: 'wait-2', kind: 'wait', days: 21 },
        { key: 'quiet-1', kind: 'check', unless: ['clicked'] },
        { key: 'again', kind: 'mail', goal: 'reminder' },
      ],
      leaveWithSegment: false,
      reentryDays: Math.max(180, measureDays),
      measureDays,
      sendDays: 3,
    }),
  },
];

export function recipeOf(key: string): Recipe | undefined {
  return RECIPES.find((one) => one.key === key);
}
