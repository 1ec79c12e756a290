/** What a pull calls the products: the newest name of each, as in people.ts. */
import { copyField } from '../database/copy.ts';
import { detached, wordField } from './people.ts';

/** Products held at once. */
const HELD = 50_000;

export const PRODUCT_COLUMNS = ['id', 'external_id', 'first_at', 'name_word'];

interface Product {
  id: string;
  firstAt: number;
  name: { at: number; text: string };
}

export interface Products {
  /** The product's id in the store. */
  named(externalId: string, name: string | undefined, at: number): string;
  take(which: 'written' | 'all'): string[];
}

export function gatherProducts(idOf: (externalId: string) => string): Products {
  let held = new Map<string, Product>();
  let rows: string[] = [];

  function writeOut(): void {
    for (const [externalId, product] of held) {
      const first = new Date(product.firstAt).toISOString();
      rows.push(`${product.id}\t${copyField(externalId)}\t${first}\t${wordField(product.name)}\n`);
    }
    held = new Map();
  }

  return {
    named(externalId, name, at) {
      let product = held.get(externalId);
      if (!product) {
        if (held.size >= HELD) writeOut();
        product = { id: idOf(externalId), firstAt: at, name: { at: Number.NEGATIVE_INFINITY, text: '' } };
        held.set(detached(externalId), product);
      }
      if (at < product.firstAt) product.firstAt = at;
      if (name !== undefined && name !== '' && at >= product.name.at) rename(product, name, at);
      return product.id;
    },
    take(which) {
      if (which === 'all') writeOut();
      const taken = rows;
      rows = [];
      return taken;
    },
  };
}

function rename(product: Product, name: string, at: number): void {
  const same = name === product.name.text;
  if (at > product.name.at) product.name = { at, text: same ? product.name.text : detached(name.trim().slice(0, 500)) };
  else if (!same && name > product.name.text) product.name.text = detached(name.trim().slice(0, 500));
}
