import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commerceContract, type CommerceSubject } from '@rekindle/connector-contract';
import { csvConnector } from './src/index.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1, 12);
const rows = Array.from({ length: 60 }, (_, number) => ({
  customer: `c${String(number % 11)}`,
  order: `o${String(Math.floor(number / 2))}`,
  product: `p${String(number)}`,
  // Not in the order of time: a log may be sorted by anything.
  at: new Date(START + ((Math.floor(number / 2) * 7) % 30) * DAY),
}));
const people = [...new Set(rows.map((row) => row.customer))];

commerceContract('CSV', async (): Promise<CommerceSubject> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rekindle-csv-'));
  const orders = path.join(folder, 'orders.csv');
  const customers = path.join(folder, 'customers.csv');
  const lines = rows.map((row, number) =>
    [row.customer, row.order, row.at.toISOString(), `${String(10 + number)}.50`, 'EUR', row.product, 'Tea, green', '2']
      .map(quoted)
      .join(','),
  );
  const header = 'customer_id,order_id,ordered_at,amount,currency,product_id,product_name,quantity';
  await writeFile(orders, [header, ...lines, 'c1,o99,not a date,1.00,EUR,p1,Tea,1', ''].join('\n'));
  const list = people.map((id) => `${id},${id}@example.com,Anna,ES`);
  await writeFile(customers, ['customer_id,email,first_name,country', ...list, ''].join('\n'));
  const midway = new Date(START + 14 * DAY);
  return {
    connector: csvConnector({ orders, customers }),
    holds: { customers: people, orderLines: rows.map((row) => row.order) },
    midway,
    holdsUntilMidway: rows.filter((row) => row.at <= midway).map((row) => row.order),
    close: () => rm(folder, { recursive: true }),
  };
});

function quoted(text: string): string {
  return text.includes(',') ? `"${text}"` : text;
}
