/** All that past mails, campaigns and baskets teach, in one step of pure mathematics for the scoring's own thread. */
import { learnPeopleUplift, type PeopleUplift } from '../../measurement/index.ts';
import { pairsOf } from './affinity.ts';
import { learn, type Lessons } from './learn.ts';
import type { PersonMails } from './mail.ts';
import type { MailScore, Pair, TrialRow } from './mails.store.ts';
import { mailScore, mailTrial, offerTrial } from './people.ts';

export interface TeachInput {
  people: PersonMails[];
  /** People of past campaigns, with what the draw and they did */
  trial: TrialRow[];
  /** What the tried offer costs, as a share of an order's value; null: none was tried */
  offerCost: number | null;
  baskets: string[][];
  /** Milliseconds */
  now: number;
}

export interface Taught {
  lessons: Lessons;
  uplift: PeopleUplift | { missing: string };
  pairs: Pair[];
}

export interface MailedPerson extends PersonMails {
  orders: number;
  lastAt: number | undefined;
}

export function teach({ people, trial, offerCost, baskets, now }: TeachInput): Taught {
  return {
    lessons: learn({ people, offer: offerTrial(trial, offerCost), now }),
    uplift: learnPeopleUplift(mailTrial(trial)),
    pairs: pairsOf(baskets),
  };
}

export function scoreMailed(lessons: Lessons, people: readonly MailedPerson[], now: number): MailScore[] {
  return people.map((one) => mailScore(lessons, one, { orders: one.orders, lastAt: one.lastAt, now }));
}
