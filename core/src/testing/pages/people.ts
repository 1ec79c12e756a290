/** Made-up buyers with a rhythm each, some of whom fell out of it. The same for the same seed. */
import type { Random } from '../../ports.ts';

const DAY = 86_400_000;

export interface Buyer {
  number: number;
  firstName: string | null;
  lastName: string | null;
  country: string;
  timeZone: string;
  orders: { at: Date; amount: number }[];
  interval: number;
  daysSince: number;
  alive: number;
  lifeStage: string;
  state: string;
  valueAtRisk: number | null;
}

const FIRST =
  'Ana Bruno Carla Diego Elena Fátima Gonzalo Hannah Iñigo Jürgen Katarzyna Lucía Mateo Noor Olivia Pablo Renée Sofía Tomás Zoë'.split(
    ' ',
  );
const LAST =
  'García Müller Rossi Novák Fernández Okafor Lindqvist Ó’Brien Papadopoulos Silva Ibáñez Dubois van-der-Berg Kowalska'.split(
    ' ',
  );
const PLACES: [string, string][] = [
  ['ES', 'Europe/Madrid'],
  ['ES', 'Europe/Madrid'],
  ['DE', 'Europe/Berlin'],
  ['GB', 'Europe/London'],
  ['US', 'America/New_York'],
];

function pick<One>(from: readonly One[], random: Random): One {
  return from[Math.floor(random.next() * from.length)] as One;
}

export function makeBuyers(
  random: Random,
  options: { count: number; now: Date; basket: number; young: boolean },
): Buyer[] {
  return Array.from({ length: options.count }, (_, number) => makeBuyer(number, random, options));
}

function makeBuyer(
  number: number,
  random: Random,
  { now, basket, young }: { now: Date; basket: number; young: boolean },
): Buyer {
  const interval = 18 + Math.floor(random.next() * 60);
  const lateness = young ? random.next() : [0.3, 0.7, 1.1, 1.7, 2.1, 3, 4, 8][Math.floor(random.next() * 8)]!;
  const count = young ? 1 + Math.floor(random.next() * 2) : number % 9 === 0 ? 1 : 2 + Math.floor(random.next() * 14);
  const daysSince = Math.max(1, Math.round(interval * lateness));
  const orders = Array.from({ length: count }, (_, back) => ({
    at: new Date(
      now.getTime() -
        (daysSince + back * interval * (0.8 + random.next() * 0.4)) * DAY -
        Math.floor(random.next() * 12) * 3_600_000,
    ),
    amount: Math.round(basket * (0.5 + random.next())),
  })).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const enough = count > 1 && !young;
  const alive = Math.max(0.02, Math.min(0.98, 1.25 - lateness * 0.3));
  const yearly = (basket * 365) / interval;
  const [country, timeZone] = pick(PLACES, random);
  const nameless = number % 17 === 3;
  const long = number === 4;
  return {
    number,
    firstName: nameless ? null : long ? 'María de los Ángeles Guadalupe' : pick(FIRST, random),
    lastName: nameless ? null : long ? 'Fernández-Villaverde y Sánchez de la Torre Montenegro' : pick(LAST, random),
    country,
    timeZone,
    orders,
    interval,
    daysSince,
    alive,
    lifeStage: !enough
      ? daysSince < 60
        ? 'new'
        : 'lapsed'
      : lateness < 1.3
        ? 'active'
        : lateness < 2.2
          ? 'slipping'
          : lateness < 5
            ? 'lapsed'
            : 'lost',
    state: enough ? 'scored' : 'not_enough_data',
    valueAtRisk: enough ? Math.round(yearly * (1 - alive)) : null,
  };
}
