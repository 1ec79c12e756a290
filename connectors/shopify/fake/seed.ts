/** People and orders for a shop that has none: made up, the same for the same seed. */
import { seededRandom } from '@rekindle/core';
import type { FakeShop } from './server.ts';

export interface SeedOptions {
  seed?: string | number;
  customers: number;
  orders: number;
  /** Orders lie between these instants. */
  from: Date;
  to: Date;
}

const FIRST = ['Anna', 'Ben', 'Chloé', 'Diego', 'Elena', 'Finn', 'Greta', 'Hugo', 'Inés', 'José', 'Łucja', 'Zoë'];
const LAST = ['Alonso', 'Brandt', 'Costa', 'Dubois', 'Evans', 'Fischer', 'García', 'Haddad', 'Ito', 'O’Brien'];
const WARES = ['Green tea', 'Black tea', 'Tea pot', 'Two cups', 'Honey', 'Biscuits, oat'];
const PLACES = [
  { country: 'ES', timeZone: 'Europe/Madrid', locale: 'es' },
  { country: 'FR', timeZone: 'Europe/Paris', locale: 'fr' },
  { country: 'GB', timeZone: 'Europe/London', locale: 'en' },
];
const CONSENTS = ['SUBSCRIBED', 'SUBSCRIBED', 'SUBSCRIBED', 'NOT_SUBSCRIBED', 'UNSUBSCRIBED', 'PENDING'] as const;

export function seedShop(shop: FakeShop, options: SeedOptions): void {
  const random = seededRandom(options.seed ?? 'seed');
  const pick = <One>(list: readonly One[]): One => list[Math.floor(random.next() * list.length)] as One;
  const { from, to } = options;
  const ids = Array.from({ length: options.customers }, (_, number) => {
    const [firstName, lastName] = [pick(FIRST), pick(LAST)];
    const named = random.next() > 0.05;
    return shop.addCustomer({
      ...(named ? { firstName, lastName } : {}),
      ...pick(PLACES),
      email: random.next() > 0.03 ? `person${String(number)}@example.com` : null,
      phone: random.next() > 0.5 ? `+3460000${String(number).padStart(4, '0')}` : null,
      consent: pick(CONSENTS),
      createdAt: from,
    }).id;
  });
  const step = (to.getTime() - from.getTime()) / Math.max(1, options.orders);
  for (let number = 0; number < options.orders; number++) {
    const items = Array.from({ length: 1 + Math.floor(random.next() * 3) }, () => {
      const ware = Math.floor(random.next() * WARES.length);
      const quantity = 1 + Math.floor(random.next() * 2);
      const price = 500 + ware * 325;
      const discount = random.next() > 0.8 ? Math.floor(price / 10) : 0;
      return { title: WARES[ware] ?? '', productId: 1 + ware, price, quantity, discount };
    });
    shop.placeOrder({
      customerId: pick(ids),
      items,
      shipping: random.next() > 0.5 ? 495 : 0,
      at: new Date(from.getTime() + (number + random.next()) * step),
    });
  }
}
