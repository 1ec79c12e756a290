/** What a pull calls the products: the newest name of each. */
import { ID, lanesOf, type Lanes, type WriteId } from './ids.ts';
import { Names } from './names.ts';
import { Wire } from './wire.ts';
import { Words } from './words.ts';

/** Products held at once. */
const HELD = 50_000;

export const PRODUCT_COLUMNS = ['id', 'external_id', 'first_at', 'name_word'];

export interface Product {
  id: Uint8Array;
  firstAt: number;
  /** What its lines are numbered by */
  lanes: Lanes;
}

export interface Products {
  named(externalId: string, name: string | undefined, at: number): Product;
  take(which: 'written' | 'all'): Buffer[] | undefined;
}

export function gatherProducts(writeId: WriteId): Products {
  const rows = new Wire(PRODUCT_COLUMNS.length);
  const names = new Names();
  const words = new Words();
  let held: Product[] = [];

  function writeOut(): void {
    for (const [number, product] of held.entries()) {
      rows.row();
      rows.uuid(product.id);
      rows.text(names.texts[number] ?? '');
      rows.time(product.firstAt);
      words.write(rows, number);
    }
    names.clear();
    words.clear();
    held = [];
  }

  return {
    named(externalId, name, at) {
      let number = names.numberOf(externalId);
      if (number === HELD) {
        writeOut();
        number = names.numberOf(externalId);
      }
      let product = held[number];
      if (!product) {
        product = { id: new Uint8Array(ID), firstAt: at, lanes: lanesOf(externalId) };
        writeId(externalId, product.id, 0);
        held.push(product);
        words.add();
      }
      if (at < product.firstAt) product.firstAt = at;
      if (name !== undefined) words.say(number, name, at, shortName);
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
