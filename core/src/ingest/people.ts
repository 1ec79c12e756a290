/**
 * What a pull says of people, kept until it is merged: the newest word on each thing, whatever the order in which the words
 * came. "Newest" is by the time of the order or the list that said it, and among words of one time the greater one, so
 * that the same words always end in the same person.
 *
 * Holds a bounded number of people: beyond it all are written out as rows, and the merge takes the newest again.
 */
import { copyField } from '../database/copy.ts';
import type { SourceCustomer, SourceOrderLine } from '../ports.ts';
import { isZone } from './zones.ts';

/** People held at once; about 300 bytes each. */
const HELD = 100_000;

export const PEOPLE_COLUMNS = [
  'id',
  'external_id',
  'first_at',
  'email_word',
  'country_word',
  'zone_word',
  'phone',
  'first_name',
  'last_name',
  'language',
];
export const CONSENT_COLUMNS = ['id', 'state', 'basis', 'at'];

/** A word and when it was said (ms); '' and -Infinity: nothing was said. */
interface Word {
  at: number;
  text: string;
}

interface Person {
  id: string;
  firstAt: number;
  email: Word;
  country: Word;
  zone: Word;
  phone: string;
  firstName: string;
  lastName: string;
  language: string;
}

export interface People {
  /** The person's id in the store unless identity says otherwise. */
  fromLine(line: SourceOrderLine, at: number): string;
  /** `now`: when the list was read, in ms. */
  fromList(customer: SourceCustomer, now: number): void;
  /** COPY text of those written out so far, or of everybody (then nobody is held any more), and of the consents. */
  take(whom: 'written' | 'all'): { people: string[]; consents: string[] };
}

export function gatherPeople(idOf: (externalId: string) => string): People {
  let held = new Map<string, Person>();
  let people: string[] = [];
  let consents: string[] = [];
  let last: SourceOrderLine | undefined;
  let lastPerson: Person | undefined;

  function personOf(externalId: string, at: number): Person {
    let person = held.get(externalId);
    if (!person) {
      if (held.size >= HELD) writeOut();
      person = newPerson(idOf(externalId), at);
      held.set(detached(externalId), person);
    }
    if (at < person.firstAt) person.firstAt = at;
    return person;
  }

  function writeOut(): void {
    for (const [externalId, person] of held) people.push(rowOf(externalId, person));
    held = new Map();
    last = lastPerson = undefined;
  }

  return {
    fromLine(line, at) {
      if (
        last &&
        lastPerson &&
        last.customerId === line.customerId &&
        last.orderedAt === line.orderedAt &&
        last.email === line.email &&
        last.country === line.country &&
        last.timeZone === line.timeZone
      )
        return lastPerson.id;
      const person = personOf(line.customerId, at);
      sayPlace(person, line, at);
      if (line.email !== undefined) sayEmail(person, line.email, true, at);
      last = line;
      lastPerson = person;
      return person.id;
    },
    fromList(customer, now) {
      const person = personOf(customer.externalId, customer.createdAt?.getTime() ?? now);
      sayPlace(person, customer, now);
      if (customer.email !== undefined) sayEmail(person, customer.email, customer.emailVerified !== false, now);
      person.phone = greater(person.phone, customer.phone);
      person.firstName = greater(person.firstName, customer.firstName);
      person.lastName = greater(person.lastName, customer.lastName);
      person.language = greater(person.language, customer.language);
      const consent = customer.consent;
      if (consent && !Number.isNaN(consent.at.getTime()))
        consents.push(`${person.id}\t${consent.state}\t${consent.basis}\t${consent.at.toISOString()}\n`);
    },
    take(whom) {
      if (whom === 'all') writeOut();
      const taken = { people, consents };
      people = [];
      consents = [];
      return taken;
    },
  };
}

function newPerson(id: string, at: number): Person {
  const nothing = { at: Number.NEGATIVE_INFINITY, text: '' };
  return {
    id,
    firstAt: at,
    email: nothing,
    country: nothing,
    zone: nothing,
    phone: '',
    firstName: '',
    lastName: '',
    language: '',
  };
}

function newest(before: Word, at: number, text: string): Word {
  return at > before.at || (at === before.at && text > before.text) ? { at, text } : before;
}

function sayPlace(
  person: Person,
  said: { country?: string | undefined; timeZone?: string | undefined },
  at: number,
): void {
  if (said.country !== undefined && /^[A-Za-z]{2}$/.test(said.country))
    person.country = newest(person.country, at, said.country.toUpperCase());
  if (said.timeZone !== undefined && isZone(said.timeZone)) person.zone = newest(person.zone, at, said.timeZone);
}

/** The first character says whether the address is proven; the rest is the address in lower case. */
function sayEmail(person: Person, email: string, verified: boolean, at: number): void {
  const address = email.trim().toLowerCase();
  if (address.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(address))
    person.email = newest(person.email, at, (verified ? '1' : '0') + address);
}

function greater(before: string, text: string | undefined): string {
  const trimmed = text?.trim().slice(0, 200) ?? '';
  return trimmed > before ? trimmed : before;
}

function rowOf(externalId: string, person: Person): string {
  const fields = [
    person.id,
    copyField(externalId),
    new Date(person.firstAt).toISOString(),
    wordField(person.email),
    wordField(person.country),
    wordField(person.zone),
    textField(person.phone),
    textField(person.firstName),
    textField(person.lastName),
    textField(person.language),
  ];
  return `${fields.join('\t')}\n`;
}

/** Time and word as one text that sorts by time first: 24 characters of ISO 8601, then the word. */
export function wordField(word: Word): string {
  return word.text === '' ? '\\N' : new Date(word.at).toISOString() + copyField(word.text);
}

function textField(text: string): string {
  return text === '' ? '\\N' : copyField(text);
}

/** A text of its own: a slice of a large block would keep the whole block in memory for as long as it is held. */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
