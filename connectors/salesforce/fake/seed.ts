/** Invented people with a history, so that a fake organisation is not empty. The same seed gives the same people. */
import { seededRandom } from '@rekindle/core';
import type { Keeper } from './keeper.ts';

const FIRST = ['Ana', 'Ben', 'Carla', 'David', 'Elena', 'Farid', 'Greta', 'Hugo', 'Iris', 'Jonas', 'Klara', 'Luis'];
const LAST = [
  'Alonso',
  'Becker',
  'Costa',
  'Duarte',
  'Evans',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ibarra',
  'Jensen',
  'Keller',
];
const COUNTRIES = ['Spain', 'Germany', 'United Kingdom', 'France', 'Portugal'];
const DAY = 86_400_000;

export interface Seeded {
  contacts: string[];
  leads: string[];
  opportunities: string[];
}

/** Adds contacts with one to six won opportunities in the year before `until`, and leads without any. */
export function seedPeople(
  keeper: Keeper,
  options: { seed: number | string; contacts: number; leads: number; until: Date },
): Seeded {
  const random = seededRandom(`salesforce people ${String(options.seed)}`);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random.next() * from.length)];
  const seeded: Seeded = { contacts: [], leads: [], opportunities: [] };
  const person = (number: number) => {
    const firstName = pick(FIRST) ?? 'Ana';
    const lastName = pick(LAST) ?? 'Alonso';
    const email = `${firstName}.${lastName}.${String(number)}@example.com`.toLowerCase();
    return { firstName, lastName, email, country: pick(COUNTRIES) ?? 'Spain', optedOut: random.next() < 0.05 };
  };
  for (let number = 0; number < options.contacts; number++) {
    const contact = keeper.addContact(person(number));
    seeded.contacts.push(contact);
    const orders = 1 + Math.floor(random.next() * 6);
    for (let order = 0; order < orders; order++) {
      const closeDate = new Date(options.until.getTime() - Math.floor(random.next() * 365) * DAY)
        .toISOString()
        .slice(0, 10);
      const amount = Math.round(2000 + random.next() * 18_000) / 100;
      seeded.opportunities.push(keeper.addOpportunity({ contact, amount, closeDate }));
    }
  }
  for (let number = 0; number < options.leads; number++)
    seeded.leads.push(keeper.addLead(person(options.contacts + number)));
  return seeded;
}
