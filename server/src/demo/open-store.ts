/** Opens the stores that the demo lives in: the simulated shop, and a shop made from an order log. */
import { uuidOf, type Database } from '@rekindle/core';
import { insertConnection, insertStore, type NewStore } from './demo.store.ts';

export const SIMULATED_STORE = uuidOf('store', 'simulated');

/** The simulated coffee shop; `source` are the settings of its csv connection. */
export async function openSimulatedStore(
  database: Database,
  options: { source: Record<string, unknown>; seed: string; at: Date; settings?: Record<string, unknown> },
): Promise<string> {
  await open(database, {
    organisationId: uuidOf('organisation', 'simulated'),
    storeId: SIMULATED_STORE,
    name: 'Café Alba',
    currency: 'EUR',
    timeZone: 'Europe/Madrid',
    country: 'ES',
    language: 'en',
    website: 'https://cafe-alba.example',
    senderEmail: 'hola@cafe-alba.example',
    postalAddress: 'Café Alba, Calle del Olmo 12, 28012 Madrid, Spain',
    simulated: true,
    drawKey: uuidOf('draw', options.seed),
    settings: options.settings ?? {},
    connection: {
      id: uuidOf('connection', 'simulated', 'csv'),
      platform: 'csv',
      account: 'Café Alba (simulated)',
      settings: options.source,
    },
    at: options.at,
  });
  return SIMULATED_STORE;
}

/** Settings of the csv connection to the simulated shop, whose address changes with every start. */
export function simulatedSource(shopUrl: string): Record<string, unknown> {
  return { orders: `${shopUrl}/orders.csv`, customers: `${shopUrl}/customers.csv` };
}

export interface OrderLog {
  file: string;
  format?: string | undefined;
  columns?: Record<string, string> | undefined;
}

/** What a log itself tells of its shop. */
export interface LogFacts {
  currency: string;
  country: string;
  timeZone: string;
}

/** A store made from an order log. It has no addresses, so placeholders on a reserved domain stand in. */
export async function openLogStore(
  database: Database,
  log: OrderLog,
  options: { seed: string; at: Date; facts: LogFacts; measureDays: number },
): Promise<string> {
  const storeId = uuidOf('store', 'order log', options.seed);
  await open(database, {
    organisationId: uuidOf('organisation', 'order log'),
    storeId,
    name: 'Order log',
    currency: options.facts.currency,
    timeZone: options.facts.timeZone,
    country: options.facts.country,
    language: 'en',
    website: 'https://shop.example',
    senderEmail: 'hello@shop.example',
    postalAddress: 'Order log, 1 Example Street, London, United Kingdom',
    simulated: false,
    drawKey: uuidOf('draw', options.seed),
    settings: { measureDays: options.measureDays },
    connection: {
      id: uuidOf('connection', 'order log', options.seed),
      platform: 'csv',
      account: 'order log',
      settings: { orders: log.file, format: log.format, columns: log.columns, placeholderAddresses: true },
    },
    at: options.at,
  });
  return storeId;
}

async function open(database: Database, store: NewStore): Promise<void> {
  await database.inDirectory((tx) => insertStore(tx, store));
  await database.inStore(store.storeId, (tx) => insertConnection(tx, store));
}
