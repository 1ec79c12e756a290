/** The stores that the browser test walks through: one that works, and the dark corners. */
import type { PagesStory } from '@rekindle/core/testing';

export const NOW = new Date('2026-06-15T09:00:00Z');

export const stories: PagesStory[] = [
  {
    name: 'Kaffa Roasters',
    now: NOW,
    createdAt: new Date('2026-01-01T00:00:00Z'),
    customers: 460,
    campaigns: [
      {
        state: 'completed',
        name: 'Win back customers, 1 March 2026',
        plannedAt: new Date('2026-03-01T09:00:00Z'),
        looks: 60,
        lift: { estimate: 412_300, half: 320_000 },
      },
      {
        state: 'awaiting_approval',
        name: 'Win back customers, 14 June 2026',
        plannedAt: new Date('2026-06-14T09:00:00Z'),
        looks: 0,
      },
    ],
  },
  {
    name: 'Nothing Yet Teas',
    now: NOW,
    createdAt: new Date('2026-02-01T00:00:00Z'),
    customers: 0,
  },
  {
    name: 'Very Young Candles',
    now: NOW,
    createdAt: new Date('2026-03-01T00:00:00Z'),
    customers: 60,
    young: true,
  },
  {
    name: 'Grand Magasin International des Thés Anciens et des Cafés Modernes, Maison fondée en 1887',
    now: NOW,
    createdAt: new Date('2026-04-01T00:00:00Z'),
    customers: 300,
    basket: 98_765_432,
    currency: 'JPY',
    timeZone: 'Asia/Tokyo',
    campaigns: [
      {
        state: 'running',
        name: 'Win back customers, 11 June 2026, everybody who has not been seen for a long while',
        plannedAt: new Date('2026-06-11T02:00:00Z'),
        looks: 0,
      },
    ],
  },
  {
    name: 'Waiting Books',
    now: NOW,
    createdAt: new Date('2026-05-01T00:00:00Z'),
    customers: 300,
    currency: 'GBP',
    timeZone: 'Europe/London',
    campaigns: [
      {
        name: 'Win back customers, 2 January 2026',
        plannedAt: new Date('2026-01-02T09:00:00Z'),
        state: 'completed',
        looks: 60,
        lift: { estimate: 900_000, half: 300_000 },
        broken: true,
      },
      {
        name: 'Win back customers, 25 April 2026',
        plannedAt: new Date('2026-04-25T09:00:00Z'),
        state: 'measuring',
        looks: 51,
        lift: { estimate: 40_000, half: 300_000 },
      },
    ],
  },
  {
    name: 'Librería de la Plaza',
    now: NOW,
    createdAt: new Date('2026-05-02T00:00:00Z'),
    customers: 300,
    language: 'es',
    timeZone: 'Europe/Madrid',
  },
];
