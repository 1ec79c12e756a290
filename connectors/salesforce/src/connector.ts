/** Salesforce as a platform: sign-in, pull and push of one organisation. */
import { setTimeout } from 'node:timers/promises';
import { fail, wallClock, type Clock, type Connector, type Credentials } from '@rekindle/core';
import { salesforceSignIn, type SalesforceApp } from './auth.ts';
import { salesforceClient } from './client.ts';
import { currenciesOf } from './currencies.ts';
import { pullSalesforce } from './pull.ts';
import { pushSalesforce, TAKES } from './push.ts';
import { salesforceSettings } from './schema.ts';
import { sessionsOf } from './session.ts';

export interface SalesforceOptions {
  app: SalesforceApp;
  /** The organisation's id: 00D… */
  account: string;
  /** Of the connection: salesforceSettings */
  settings: unknown;
  credentials: Credentials;
  clock?: Clock;
  /** Waits between tries and between looks at a job */
  sleep?: (ms: number) => Promise<void>;
  /** Longest wait for one answer. Default two minutes: Salesforce itself gives a query that long */
  timeoutMs?: number;
  /** Rows in a page of a job's result. Default 10,000: some 2 MB, held at once */
  pageRows?: number;
}

export function salesforceConnector(options: SalesforceOptions): Connector {
  const {
    app,
    account,
    credentials,
    clock = wallClock,
    sleep = wait,
    timeoutMs = 120_000,
    pageRows = 10_000,
  } = options;
  const parsed = salesforceSettings.safeParse(options.settings);
  if (!parsed.success)
    throw fail('bad_configuration', 'The Salesforce connection lacks the integration user’s name or a currency.');
  const { username, currency, loginUrl } = parsed.data;
  const signIn = () =>
    salesforceSignIn({ ...app, loginUrl: loginUrl ?? app.loginUrl }, { username, account, clock, timeoutMs });
  const client = salesforceClient({ sessions: sessionsOf(credentials, clock, signIn), sleep, timeoutMs });
  const severalCurrencies = currenciesOf(client);
  return {
    platform: 'salesforce',
    takes: TAKES,
    pull: (request) => pullSalesforce({ client, currency, sleep, pageRows, severalCurrencies }, request),
    push: (records) => pushSalesforce({ client, now: clock.now(), severalCurrencies }, records),
  };
}

async function wait(ms: number): Promise<void> {
  await setTimeout(ms);
}
