/**
 * What a pull says of people, kept until it is merged: the newest word on each thing, whatever the order in which the words
 * came. "Newest" is by the time of the order or the list that said it, and among words of one time the greater one, so
 * that the same words always end in the same person.
 *
 * Holds a bounded number of people: beyond it all are written out as rows, and the merge takes the newest again.
 */
import type { SourceCustomer, SourceOrderLine } from '../ports.ts';
import { phoneNumber } from './phone.ts';
import { Wire } from './wire.ts';
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
  'listed',
];
export const CONSENT_COLUMNS = ['id', 'state', 'basis', 'at'];

/** The newest word on one thing. */
export interface Word {
  /** As it came, so that the same word again is seen at once */
  raw: string;
  /** As it is kept; '' for a word that says nothing of use */
  text: string;
  /** ms; -Infinity: nothing was said */
  at: number;
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
  /** Whether the platform spoke of the person, and not only of an order of hers */
  listed: boolean;
}

export interface TakenPeople {
  people: Buffer[] | undefined;
  consents: Buffer[] | undefined;
}

export interface People {
  /** The person's id in the store (32 digits) unless identity says otherwise. */
  fromLine(line: SourceOrderLine, at: number): string;
  /** `now`: when the list was read, in ms. */
  fromList(customer: SourceCustomer, now: number): void;
  /** COPY streams of those written out so far, or of everybody (then nobody is held any more), and of the consents. */
  take(whom: 'written' | 'all'): TakenPeople;
}

export function gatherPeople(idOf: (externalId: string) => string): People {
  const people = new Wire(PEOPLE_COLUMNS.length);
  const consents = new Wire(CONSENT_COLUMNS.length);
  let held = new Map<string, Person>();
  let last = '';
  let lastPerson: Person | undefined;

  function personOf(externalId: string, at: number): Person {
    if (lastPerson && last === externalId) return lastPerson;
    let person = held.get(externalId);
    if (!person) {
      if (held.size >= HELD) writeOut();
      person = newPerson(idOf(externalId), at);
      held.set(detached(externalId), person);
    }
    last = externalId;
    lastPerson = person;
    return person;
  }

  function writeOut(): void {
    for (const [externalId, person] of held) writePerson(people, externalId, person);
    held = new Map();
    lastPerson = undefined;
  }

  return {
    fromLine(line, at) {
      const person = personOf(line.customerId, at);
      if (at < person.firstAt) person.firstAt = at;
      if (line.email !== undefined) say(person.email, line.email, at, provenAddress);
      if (line.country !== undefined) say(person.country, line.country, at, countryCode);
      if (line.timeZone !== undefined) say(person.zone, line.timeZone, at, zoneName);
      return person.id;
    },
    fromList(customer, now) {
      const bornAt = customer.createdAt?.getTime() ?? now;
      const person = personOf(customer.externalId, bornAt);
      person.listed = true;
      if (bornAt < person.firstAt) person.firstAt = bornAt;
      if (customer.email !== undefined)
        say(person.email, customer.email, now, customer.emailVerified === false ? unprovenAddress : provenAddress);
      if (customer.country !== undefined) say(person.country, customer.country, now, countryCode);
      if (customer.timeZone !== undefined) say(person.zone, customer.timeZone, now, zoneName);
      person.phone = greater(person.phone, phoneNumber(customer.phone, customer.country));
      person.firstName = greater(person.firstName, customer.firstName);
      person.lastName = greater(person.lastName, customer.lastName);
      person.language = greater(person.language, customer.language);
      const { consent } = customer;
      if (!consent || Number.isNaN(consent.at.getTime())) return;
      consents.row();
      consents.uuid(person.id);
      consents.text(consent.state);
      consents.text(consent.basis);
      consents.time(consent.at.getTime());
    },
    take(whom) {
      if (whom === 'all') writeOut();
      return { people: people.take(), consents: consents.take() };
    },
  };
}

const nothing = (): Word => ({ raw: '', text: '', at: Number.NEGATIVE_INFINITY });

function newPerson(id: string, at: number): Person {
  return {
    id,
    firstAt: at,
    email: nothing(),
    country: nothing(),
    zone: nothing(),
    phone: '',
    firstName: '',
    lastName: '',
    language: '',
    listed: false,
  };
}

/** Takes a word in if it is the newest. `read` gives it as it is kept, '' for what says nothing. */
export function say(word: Word, raw: string, at: number, read: (raw: string) => string): void {
  if (at < word.at) return;
  if (raw === word.raw) {
    word.at = at;
    return;
  }
  const text = read(raw);
  if (text === '' || (at === word.at && text <= word.text)) return;
  word.raw = detached(raw);
  word.text = text === raw ? word.raw : detached(text);
  word.at = at;
}

/** The first character says whether the address is proven; the rest is the address in lower case. */
function provenAddress(raw: string): string {
  const address = raw.trim().toLowerCase();
  return address.length <= 254 && /^[^\s@]+@[^\s@]+$/.test(address) ? `1${address}` : '';
}

function unprovenAddress(raw: string): string {
  const address = provenAddress(raw);
  return address === '' ? '' : `0${address.slice(1)}`;
}

function countryCode(raw: string): string {
  return /^[A-Za-z]{2}$/.test(raw) ? raw.toUpperCase() : '';
}

function zoneName(raw: string): string {
  return isZone(raw) ? raw : '';
}

function greater(before: string, text: string | undefined): string {
  const trimmed = text?.trim().slice(0, 200) ?? '';
  return trimmed > before ? detached(trimmed) : before;
}

function writePerson(wire: Wire, externalId: string, person: Person): void {
  wire.row();
  wire.uuid(person.id);
  wire.text(externalId);
  wire.time(person.firstAt);
  writeWord(wire, person.email);
  writeWord(wire, person.country);
  writeWord(wire, person.zone);
  for (const text of [person.phone, person.firstName, person.lastName, person.language])
    if (text === '') wire.none();
    else wire.text(text);
  wire.int(person.listed ? 1 : 0);
}

/** Time and word as one text that sorts by time first: 24 characters of ISO 8601, then the word. */
export function writeWord(wire: Wire, word: Word): void {
  if (word.text === '') wire.none();
  else wire.text(new Date(word.at).toISOString() + word.text);
}

/** A text of its own: a slice of a large block would keep the whole block in memory for as long as it is held. */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
