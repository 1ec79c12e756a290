/**
 * One made-up person, whole: who she is, when she would buy without any mail, how she reads mail and what a mail does to her.
 * Everything follows from the seed and her number, so a million of them need no memory. The engine never sees `hidden`.
 */
import { seededRandom } from '../../random.ts';
import type { Random } from '../../ports.ts';
import { beta, exponential, gamma, pick, pickEvenly } from './chance.ts';
import { BUYING, CATALOGUE, CONSENTS, COUNTRIES, EFFECT, NAMES, READING, SPENDING } from './parameters.ts';

const DAY = 86_400_000;
const WEEK = 7 * DAY;

export interface SimulatedOrder {
  id: string;
  at: number;
  lines: { productId: string; productName: string; quantity: number; /** minor units */ amount: number }[];
}

export interface Person {
  number: number;
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  language: string;
  country: string;
  timeZone: string;
  /** Whether the shop was told the zone, or must guess it from the country */
  tellsTimeZone: boolean;
  joinedAt: number;
  consent: { state: (typeof CONSENTS)[number]['state']; basis: (typeof CONSENTS)[number]['basis'] };
  /** Orders without any mail, in time order, up to the end of the world */
  orders: SimulatedOrder[];
  hidden: Hidden;
}

export interface Hidden {
  /** Gamma rate of her spend an order, dollars */
  nu: number;
  /** How strongly a mail moves her, before it fades with absence; 0..1 */
  responsiveness: number;
  opens: number;
  clicks: number;
  prefetches: boolean;
  addressGone: boolean;
  /** Hour of her own day at which she reads mail most */
  readingHour: number;
}

export interface Span {
  seed: string;
  /** First order of the oldest customer, and the end of the world, milliseconds UTC */
  from: number;
  until: number;
}

/** The person with this number (0, 1, 2, …). */
export function makePerson(span: Span, number: number): Person {
  const random = seededRandom(`${span.seed}/person/${String(number)}`);
  const place = pick(random, COUNTRIES);
  const names = NAMES[place.language] ?? NAMES['en'] ?? { first: ['Alex'], last: ['Doe'] };
  const firstName = pickEvenly(random, names.first);
  const lastName = pickEvenly(random, names.last);
  const id = `C${String(number + 1).padStart(6, '0')}`;
  const joinedAt = span.from + random.next() * (span.until - span.from);
  const hidden = makeHidden(random);
  return {
    number,
    id,
    firstName,
    lastName,
    email: `${plain(firstName)}.${plain(lastName)}.${String(number + 1)}@mail.example`,
    language: place.language,
    country: place.country,
    timeZone: pickEvenly(random, place.zones),
    tellsTimeZone: random.next() < 0.5,
    joinedAt,
    consent: pick(random, CONSENTS),
    orders: makeOrders(random, { id, joinedAt, until: span.until, hidden }),
    hidden,
  };
}

function makeHidden(random: Random): Hidden {
  return {
    nu: gamma(random, SPENDING.q, SPENDING.gamma),
    responsiveness: beta(random, EFFECT.a, EFFECT.b),
    opens: beta(random, READING.open.a, READING.open.b),
    clicks: beta(random, READING.click.a, READING.click.b),
    prefetches: random.next() < READING.prefetch,
    addressGone: random.next() < READING.hardBounce,
    readingHour: pick(random, [
      { weight: 3, hour: 7 },
      { weight: 4, hour: 9 },
      { weight: 3, hour: 13 },
      { weight: 3, hour: 18 },
      { weight: 5, hour: 20 },
    ]).hour,
  };
}

/** Pareto/NBD: the first order, then a Poisson stream until she drops out. Times in weeks, as the parameters are. */
function makeOrders(
  random: Random,
  person: { id: string; joinedAt: number; until: number; hidden: Hidden },
): SimulatedOrder[] {
  const rate = gamma(random, BUYING.r, BUYING.alpha);
  const dropOut = person.joinedAt + exponential(random, gamma(random, BUYING.s, BUYING.beta)) * WEEK;
  const end = Math.min(dropOut, person.until);
  const orders: SimulatedOrder[] = [];
  for (let at = person.joinedAt; at < end || orders.length === 0; at += exponential(random, rate) * WEEK) {
    orders.push(makeOrder(random, `${person.id}-${String(orders.length + 1)}`, at, person.hidden.nu));
  }
  return orders;
}

/** An order whose sum is close to a gamma-gamma draw: products are added while they bring it nearer. */
export function makeOrder(random: Random, id: string, at: number, nu: number): SimulatedOrder {
  const target = gamma(random, SPENDING.p, nu) * 100;
  const lines: SimulatedOrder['lines'] = [];
  let sum = 0;
  do {
    const product = pick(random, CATALOGUE);
    const quantity = Math.max(1, Math.min(6, Math.round((target - sum) / product.price / 2)));
    lines.push({ productId: product.id, productName: product.name, quantity, amount: product.price * quantity });
    sum += product.price * quantity;
  } while (sum < target * 0.85 && lines.length < 8);
  return { id, at, lines };
}

/** Expected value of one order of this person, minor units, if prices were continuous. */
export function expectedOrderValue(hidden: Hidden): number {
  return (SPENDING.p / hidden.nu) * 100;
}

/** Ascii letters for an address. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}
