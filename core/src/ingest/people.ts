/**
 * What a pull says of people, kept until it is merged: the newest word on each thing (words.ts), whatever the order in which
 * the words came, by the time of the order or the list that said it.
 *
 * Holds a bounded number of people: beyond it all are written out as rows, and the merge takes the newest again.
 */
import type { SourceCustomer, SourceOrderLine } from '../ports.ts';
import { larger } from './columns.ts';
import { ID, type WriteId } from './ids.ts';
import { detached, Names } from './names.ts';
import { phoneNumber } from './phone.ts';
import { Wire } from './wire.ts';
import { Words } from './words.ts';
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

/** What only a list says; there is one of each whom the platform spoke of, and not only of an order of theirs. */
interface Listed {
  phone: string;
  firstName: string;
  lastName: string;
  language: string;
}

export interface TakenPeople {
  people: Buffer[] | undefined;
  consents: Buffer[] | undefined;
}

export interface People {
  /** The person's number among those held. */
  fromLine(line: SourceOrderLine, at: number): number;
  /** Ids in the store, unless identity says otherwise: that of a number from ID times it on. To be read at once. */
  ids(): Uint8Array;
  /** `now`: when the list was read, in ms. */
  fromList(customer: SourceCustomer, now: number): void;
  /** COPY streams of those written out so far, or of everybody (then nobody is held any more), and of the consents. */
  take(whom: 'written' | 'all'): TakenPeople;
  /** How often people were written out because they were too many: numbers begin anew then. */
  overflows(): number;
}

export function gatherPeople(writeId: WriteId): People {
  const people = new Wire(PEOPLE_COLUMNS.length);
  const consents = new Wire(CONSENT_COLUMNS.length);
  const names = new Names();
  const emails = new Words();
  const countries = new Words();
  const zones = new Words();
  let ids = new Uint8Array(ID << 10);
  let listed: (Listed | undefined)[] = [];
  let firstAt = new Float64Array(1 << 10);
  let last = '';
  let lastNumber = -1;
  let overflows = 0;

  function numberOf(externalId: string, at: number): number {
    if (lastNumber !== -1 && last === externalId) return lastNumber;
    let number = names.numberOf(externalId);
    if (number === HELD) {
      overflows++;
      writeOut();
      number = names.numberOf(externalId);
    }
    if (number === listed.length) {
      if (number === firstAt.length) {
        firstAt = larger(new Float64Array(number * 2), firstAt);
        ids = larger(new Uint8Array(ID * number * 2), ids);
      }
      firstAt[number] = at;
      writeId(externalId, ids, ID * number);
      listed.push(undefined);
      emails.add();
      countries.add();
      zones.add();
    }
    last = externalId;
    lastNumber = number;
    return number;
  }

  function writeOut(): void {
    for (const [number, said] of listed.entries()) {
      people.row();
      people.uuid(ids, ID * number);
      people.text(names.texts[number] ?? '');
      people.time(firstAt[number] ?? 0);
      for (const words of [emails, countries, zones]) words.write(people, number);
      writeListed(people, said);
    }
    for (const column of [names, emails, countries, zones]) column.clear();
    listed = [];
    lastNumber = -1;
  }

  return {
    fromLine(line, at) {
      const number = numberOf(line.customerId, at);
      if (at < (firstAt[number] ?? at)) firstAt[number] = at;
      if (line.email !== undefined) emails.say(number, line.email, at, provenAddress);
      if (line.country !== undefined) countries.say(number, line.country, at, countryCode);
      if (line.timeZone !== undefined) zones.say(number, line.timeZone, at, zoneName);
      return number;
    },
    ids: () => ids,
    fromList(customer, now) {
      const bornAt = customer.createdAt?.getTime() ?? now;
      const number = numberOf(customer.externalId, bornAt);
      if (bornAt < (firstAt[number] ?? bornAt)) firstAt[number] = bornAt;
      if (customer.email !== undefined)
        emails.say(number, customer.email, now, customer.emailVerified === false ? unprovenAddress : provenAddress);
      if (customer.country !== undefined) countries.say(number, customer.country, now, countryCode);
      if (customer.timeZone !== undefined)
        zones.say(number, customer.timeZone, now, customer.timeZoneFrom === 'address' ? zoneOfAddress : zoneName);
      const person = (listed[number] ??= { phone: '', firstName: '', lastName: '', language: '' });
      person.phone = greater(person.phone, phoneNumber(customer.phone, customer.country));
      person.firstName = greater(person.firstName, customer.firstName);
      person.lastName = greater(person.lastName, customer.lastName);
      person.language = greater(person.language, customer.language);
      const { consent } = customer;
      if (!consent || Number.isNaN(consent.at.getTime())) return;
      consents.row();
      consents.uuid(ids, ID * number);
      consents.text(consent.state);
      consents.text(consent.basis);
      consents.time(consent.at.getTime());
    },
    take(whom) {
      if (whom === 'all') writeOut();
      return { people: people.take(), consents: consents.take() };
    },
    overflows: () => overflows,
  };
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

/** Marked, so that it gives way to what a person says of herself. */
function zoneOfAddress(raw: string): string {
  return isZone(raw) ? `@${raw}` : '';
}

function greater(before: string, text: string | undefined): string {
  const trimmed = text?.trim().slice(0, 200) ?? '';
  return trimmed > before ? detached(trimmed) : before;
}

function writeListed(wire: Wire, listed: Listed | undefined): void {
  for (const text of [listed?.phone, listed?.firstName, listed?.lastName, listed?.language])
    if (text === undefined || text === '') wire.none();
    else wire.text(text);
  wire.int(listed ? 1 : 0);
}
