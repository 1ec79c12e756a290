/** A made-up order log for benches, shaped like a real shop's: about 3 lines an order, 4 orders a customer, in order of time. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { seededRandom } from '@rekindle/core';

/** Writes `rows` lines; the same seed writes the same bytes. */
export async function writeOrderLog(file: string, rows: number, seed: number): Promise<void> {
  const random = seededRandom(seed).fork('order log');
  const out = createWriteStream(file);
  const customers = Math.max(1, Math.round(rows / 12));
  const countries = ['ES', 'FR', 'DE', 'US', 'GB', 'IT'];
  let text = 'customer_id,order_id,ordered_at,amount,currency,product_id,product_name,quantity,email,country\n';
  let at = Date.UTC(2023, 0, 1);
  const gap = (3 * 365 * 86_400_000 * 3) / rows;
  for (let row = 0, order = 1; row < rows; order++) {
    const customer = Math.floor(random.next() * customers);
    at += Math.ceil(random.next() * 2 * gap);
    const time = new Date(at).toISOString();
    const head = `c${String(customer)},${String(100_000 + order)},${time}`;
    const tail = `customer${String(customer)}@mail.example,${countries[customer % countries.length] ?? 'ES'}`;
    const lines = 1 + Math.floor(random.next() * 5);
    for (let line = 0; line < lines && row < rows; line++, row++) {
      // Few products sell often.
      const product = Math.floor(random.next() * random.next() * 4000);
      const amount = ((1 + random.next() * 100) | 0) + Math.floor(random.next() * 100) / 100;
      text += `${head},${amount.toFixed(2)},EUR,sku-${String(product)},Cup number ${String(product)},${String(1 + (line % 3))},${tail}\n`;
    }
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'close');
}
