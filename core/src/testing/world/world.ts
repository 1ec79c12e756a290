/**
 * A made-up shop and its people, who buy, read mail and come back, in virtual time: the demo store of `npm start`, the
 * whole-cycle test and the benches live in it. It stands outside the engine: what it tells goes through the csv connector
 * and the mail provider's webhooks, what it is told is the mail that the provider accepted. The truth about a mail's effect
 * stays here, for tests to compare with.
 */
import { seededRandom } from '../../random.ts';
import { EFFECT } from './parameters.ts';
import { makeOrder, makePerson, type Person, type SimulatedOrder, type Span } from './person.ts';
import { reactTo, type Reaction } from './reactions.ts';

const DAY = 86_400_000;

export interface WorldOptions {
  seed: string | number;
  /** How many people will have bought at least once when the world ends. */
  people: number;
  /** When the shop's first customer may have come, and the last instant that is ever lived. */
  from: Date;
  until: Date;
  currency?: string;
  /** False: nobody is moved by a mail (an A/A world). Default true. */
  effect?: boolean;
}

export interface World {
  readonly people: number;
  person(number: number): Person;
  /** The shop's order log as CSV, as it stands at `now`. */
  ordersCsv(now: Date): Generator<string>;
  /** The shop's list of customers as CSV, as it stands at `now`. */
  customersCsv(now: Date): Generator<string>;
  /** Tells the world that a mail was handed over. A second mail to a person moves her less, a copy not at all. */
  receive(mail: { messageId: string; email: string; at: Date }): void;
  /** What people and mail servers did up to `now`, in time order, each once. */
  reactions(now: Date): Reaction[];
  /** When something happens next; undefined: nothing is on its way. */
  nextReactionAt(): Date | undefined;
  /**
   * The planted effect: expected extra revenue, minor units, of these mails (the first to each person; the id is the
   * shop's own), counting orders up to `until`.
   */
  plantedEffect(mails: { customerId: string; at: Date }[], until: Date): number;
}

export function createWorld(options: WorldOptions): World {
  const span: Span = { seed: String(options.seed), from: options.from.getTime(), until: options.until.getTime() };
  const currency = options.currency ?? 'EUR';
  const extra = new Map<number, SimulatedOrder[]>();
  const mailed = new Set<string>();
  let pending: Reaction[] = [];

  function person(number: number): Person {
    return makePerson(span, number);
  }

  /** Chance that a mail at this instant brings one more order. */
  function chanceOfReturn(who: Person, at: number): number {
    if (options.effect === false || who.hidden.addressGone) return 0;
    const last = who.orders.findLast((order) => order.at <= at)?.at ?? who.joinedAt;
    const before = extra.get(who.number)?.length ?? 0;
    return (who.hidden.responsiveness * Math.exp(-(at - last) / DAY / EFFECT.fadesDays)) / (1 + before);
  }

  /** The order a mail would bring: the same for a person whenever it comes, so that its worth is known. */
  function extraOrder(who: Person, at: number, occurrence: number): SimulatedOrder {
    const random = seededRandom(`${span.seed}/extra/${String(who.number)}/${String(occurrence)}`);
    return makeOrder(random, `${who.id}-R${String(occurrence)}`, at, who.hidden.nu);
  }

  return {
    people: options.people,
    person,
    *ordersCsv(now) {
      yield 'customer_id,order_id,ordered_at,amount,currency,product_id,product_name,quantity\n';
      for (let number = 0; number < options.people; number++) {
        const who = person(number);
        const orders = [...who.orders, ...(extra.get(number) ?? [])].filter((order) => order.at <= now.getTime());
        if (orders.length > 0) yield orders.map((order) => orderRows(who, order, currency)).join('');
      }
    },
    *customersCsv(now) {
      yield 'customer_id,email,first_name,last_name,language,country,time_zone,consent_state,consent_basis,consent_at,created_at\n';
      for (let number = 0; number < options.people; number++) {
        const who = person(number);
        if (who.joinedAt <= now.getTime()) yield customerRow(who);
      }
    },
    receive({ messageId, email, at }) {
      if (mailed.has(messageId)) return;
      mailed.add(messageId);
      const number = Number(/\.(\d+)@/.exec(email)?.[1]) - 1;
      if (!(number >= 0 && number < options.people)) return;
      const who = person(number);
      const random = seededRandom(`${span.seed}/mail/${messageId}`);
      const comesBack = random.next() < chanceOfReturn(who, at.getTime());
      if (comesBack) {
        const orders = extra.get(number) ?? [];
        const delay = -Math.log(1 - random.next()) * EFFECT.delayDays * DAY;
        extra.set(number, [...orders, extraOrder(who, at.getTime() + delay, orders.length + 1)]);
      }
      pending.push(...reactTo({ who, messageId, at: at.getTime(), comesBack, random }));
    },
    reactions(now) {
      const due = pending.filter((reaction) => reaction.at <= now.getTime());
      pending = pending.filter((reaction) => reaction.at > now.getTime());
      return due.toSorted((a, b) => a.at - b.at || a.messageId.localeCompare(b.messageId));
    },
    nextReactionAt() {
      const first = pending.reduce((least, reaction) => Math.min(least, reaction.at), Infinity);
      return first === Infinity ? undefined : new Date(first);
    },
    plantedEffect(mails, until) {
      let sum = 0;
      for (const { customerId, at } of mails) {
        const who = person(Number(customerId.slice(1)) - 1);
        const value = extraOrder(who, 0, 1).lines.reduce((total, line) => total + line.amount, 0);
        const inTime = 1 - Math.exp(-(until.getTime() - at.getTime()) / DAY / EFFECT.delayDays);
        // As before the mail: the orders it brought do not count.
        sum += chanceOfReturn({ ...who, number: -1 }, at.getTime()) * inTime * value;
      }
      return sum;
    },
  };
}

function orderRows(who: Person, order: SimulatedOrder, currency: string): string {
  const start = `${who.id},${order.id},${new Date(order.at).toISOString()}`;
  return order.lines
    .map(
      (line) =>
        `${start},${decimal(line.amount)},${currency},${line.productId},"${line.productName}",${String(line.quantity)}\n`,
    )
    .join('');
}

function customerRow(who: Person): string {
  const joined = new Date(who.joinedAt).toISOString();
  const zone = who.tellsTimeZone ? who.timeZone : '';
  const words = [who.id, who.email, who.firstName, who.lastName, who.language, who.country, zone];
  return `${[...words, who.consent.state, who.consent.basis, joined, joined].join(',')}\n`;
}

function decimal(minor: number): string {
  return `${String(Math.floor(minor / 100))}.${String(minor % 100).padStart(2, '0')}`;
}
