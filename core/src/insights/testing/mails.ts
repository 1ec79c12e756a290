/** Planted in mails, in what campaigns brought, and in what models say of themselves. */
import type { PlantedCampaign, PlantedMail, PlantedShop } from '../../testing/index.ts';
import { mails, range, share, weekly, type Case } from './shops.ts';

const sent = (all: PlantedMail[], people: PlantedShop['people'] = []): PlantedShop => ({
  campaigns: [{ name: 'Spring', ago: 40, mails: all }],
  people,
});

/** Two hours, 400 mails each; so many of a hundred clicked. */
const hours = (nine: number, three: number): PlantedShop =>
  sent(mails(800, 30, (i) => ({ hour: i < 400 ? 9 : 15, clicked: share(i, i < 400 ? nine : three) })));

const picked = (own: number, random: number): PlantedShop =>
  sent(mails(800, 30, (i) => ({ source: i < 400 ? 'preference' : 'random', clicked: share(i, i < 400 ? own : random) }))); // prettier-ignore

/** One version, first half and second half of the sending. */
const halves = (first: number, second: number): PlantedShop =>
  sent(mails(600, 30, (i) => ({ clicked: share(i, i < 300 ? first : second) })));

const domains = (bounced: number): PlantedShop =>
  sent(
    mails(600, 30, (i) => ({ to: i < 300 ? 'one' : 'other', bounced: i < 300 && share(i, bounced) })),
    [
      { name: 'one', domain: 'one.example' },
      { name: 'other', domain: 'other.example' },
    ],
  );

const complained = (percent: number): PlantedShop => sent(mails(1000, 30, (i) => ({ complained: share(i, percent) })));

/** An older campaign with 10 clicks and no one lost of a hundred, and a newer one as told. */
const newer = (clicked: number, left: number): PlantedShop => ({
  campaigns: [
    { name: 'Older', ago: 90, mails: mails(500, 80, (i) => ({ clicked: share(i, 10), left: share(i, 1) })) },
    { name: 'Newer', ago: 30, mails: mails(500, 20, (i) => ({ clicked: share(i, clicked), left: share(i, left) })) },
  ],
});

const opened = (by: 'human' | 'machine'): PlantedShop => sent(mails(150, 30, () => ({ openedBy: by })));

/** Two versions, 400 people each; so many of a hundred bought. */
const versions = (a: number, b: number): PlantedShop => ({
  orders: weekly(6, () => ({})),
  campaigns: [
    {
      name: 'Duel',
      ago: 61,
      look: { verdict: 'not_yet', estimate: 0, low: -1, high: 1, pValue: 0.5 },
      drawn: range(800).map((i) => ({ who: `d${String(i)}`, arm: 'treated', version: i % 2 === 0 ? 'a' : 'b', bought: share(Math.floor(i / 2), i % 2 === 0 ? a : b) ? 3000 : 0 })),
    },
  ],
}); // prettier-ignore

const look = (verdict: string, estimate: number, half: number, pValue: number): PlantedShop => ({
  campaigns: [{ name: 'Spring', ago: 61, look: { verdict, estimate, low: estimate - half, high: estimate + half, pValue } }],
}); // prettier-ignore
const open = look('not_yet', 50_000, 90_000, 0.4);

/** A thousand people, a fifth of them never mailed; so many of a hundred bought after the campaign. */
function programme(
  mailed: number,
  control: number,
  { inControl = (i: number) => i % 5 === 0, ago = 61 }: { inControl?: (i: number) => boolean; ago?: number } = {},
): PlantedShop {
  const drawn: PlantedCampaign['drawn'] = range(1000).map((i) => ({
    who: `s${String(i)}`,
    arm: inControl(i) ? 'control' : 'treated',
    before: 2000 + (i % 7) * 100,
  }));
  return {
    controlShare: 0.2,
    campaigns: [{ name: 'All', ago, drawn }],
    orders: range(1000)
      .filter((i) => share(Math.floor(i / 5), inControl(i) ? control : mailed))
      .map((i) => ({ by: `s${String(i)}`, ago: ago - 11, amount: 3000 + (i % 4) * 100 })),
  };
}

const model = (name: string, figures: unknown): PlantedShop => ({ models: [{ name, figures }] });
const held = (actual: number) => model('bg-nbd', { predicted: 1000, actual, weeks: 13 });
const fatigue = (low: number) => model('fatigue', { pressure: { oddsRatio: 1.5, low, high: 1.9 } });
const uplift = (recommendation: string) => model('uplift', { recommendation, reason: 'The order of people holds on people who were not learned from.', qini: { estimate: 0.06, low: 0.02, high: 0.1 } }); // prettier-ignore
const offer = (advice: string) => model('offer-response', { advice, effect: { estimate: 0.02, low: 0.01, high: 0.03 }, net: { estimate: advice === 'to_nobody' ? -0.02 : 0.01, low: -0.03, high: 0.02 }, rates: { offered: 0.1, plain: 0.08 } }); // prettier-ignore

export const MAIL_CASES: Case[] = [
  { kinds: ['hour_works', 'hour_fails'], planted: hours(30, 5), base: hours(20, 20) },
  { kinds: ['picking_hours_pays'], planted: picked(30, 10), base: picked(20, 20) },
  { kinds: ['version_tires'], planted: halves(30, 5), base: halves(20, 20) },
  { kinds: ['domain_bounces'], planted: domains(10), base: domains(0) },
  { kinds: ['complaints_high'], planted: complained(1), base: complained(0) },
  { kinds: ['clicks_up'], planted: newer(25, 1), base: newer(10, 1) },
  { kinds: ['clicks_down'], planted: newer(2, 1), base: newer(10, 1) },
  { kinds: ['unsubscribes_up'], planted: newer(10, 8), base: newer(10, 1) },
  { kinds: ['machines_open'], planted: opened('machine'), base: opened('human') },
  { kinds: ['version_won'], planted: versions(40, 10), base: versions(20, 20) },
  { kinds: ['campaign_won'], planted: look('won', 90_000, 40_000, 0.001), base: open },
  { kinds: ['campaign_lost'], planted: look('lost', -90_000, 40_000, 0.001), base: open },
  { kinds: ['campaign_broken'], planted: look('broken', 90_000, 40_000, 0.001), base: open },
  { kinds: ['campaign_unclear'], planted: look('nothing_seen', 10_000, 40_000, 0.6), base: open },
  { kinds: ['programme_effect'], planted: programme(45, 10), base: programme(20, 20) },
  { kinds: ['programme_effect'], planted: programme(10, 45), base: programme(20, 20) },
  {
    kinds: ['programme_broken'],
    planted: programme(20, 20, { inControl: (i) => i % 10 === 0 }),
    base: programme(20, 20),
  },
  // Before anybody has ordered it shows already.
  { kinds: ['programme_broken'], planted: programme(0, 0, { inControl: (i) => i % 10 === 0 }), base: programme(0, 0) },
  { kinds: ['programme_unclear'], planted: programme(20, 20, { ago: 400 }), base: programme(20, 20) },
];

export const MODEL_CASES: Case[] = [
  { kinds: ['model_off'], planted: held(600), base: held(1010) },
  { kinds: ['no_model'], planted: { scoring: { method: 'rhythm', reason: 'store_too_young: 50 days of orders, 180 are needed for a model' } }, base: held(1010) }, // prettier-ignore
  { kinds: ['mails_tire'], planted: fatigue(1.2), base: fatigue(0.9) },
  { kinds: ['mail_moves_some'], planted: uplift('target-by-uplift'), base: uplift('mail-all') },
  { kinds: ['offer_needed'], planted: offer('by_person'), base: offer('to_nobody') },
  { kinds: ['offer_wasted'], planted: offer('to_nobody'), base: offer('by_person') },
];
