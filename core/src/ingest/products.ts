/** What a pull calls the products: the newest name of each, as in people.ts. */
import { lanesOf, type Lanes } from './ids.ts';
import { detached, say, writeWord, type Word } from './people.ts';
import { Wire } from './wire.ts';

/** Products held at once. */
const HELD = 50_000;

export const PRODUCT_COLUMNS = ['id', 'external_id', 'first_at', 'name_word'];

export interface Product {
  /** 32 digits */
  id: string;
  firstAt: number;
  name: Word;
  /** What its lines are numbered by */
  lanes: Lanes;
}

export interface Products {
  named(externalId: string, name: string | undefined, at: number): Product;
  take(which: 'written' | 'all'): Buffer[] | undefined;
}

export function gatherProducts(idOf: (externalId: string) => string): Products {
  const rows = new Wire(PRODUCT_COLUMNS.length);
  let held = new Map<string, Product>();

  function writeOut(): void {
    for (const [externalId, product] of held) {
      rows.row();
      rows.uuid(product.id);
      rows.text(externalId);
      rows.time(product.firstAt);
      writeWord(rows, product.name);
    }
    held = new Map();
  }

  return {
    named(externalId, name, at) {
      let product = held.get(externalId);
      if (!product) {
        if (held.size >= HELD) writeOut();
        const none = { raw: '', text: '', at: Number.NEGATIVE_INFINITY };
        product = { id: idOf(externalId), firstAt: at, name: none, lanes: lanesOf(externalId) };
        held.set(detached(externalId), product);
      }
      if (at < product.firstAt) product.firstAt = at;
      if (name !== undefined) say(product.name, name, at, shortName);
      return product;
    },
    take(which) {
      if (which === 'all') writeOut();
      return rows.take();
    },
  };
}

function shortName(raw: string): string {
  return raw.trim().slice(0, 500);
}
