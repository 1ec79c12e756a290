/** A fake HubSpot whose administrator has just allowed the app, and a connector of it. */
import type { Connector, Credentials } from '@rekindle/core';
import { fakeClock, type FakeClock } from '@rekindle/core/testing';
import type { HubSpotFake } from './fake.ts';
import { startHubSpotFake } from './server.ts';
import { hubSpotAuthorizeUrl, hubSpotConnector, hubSpotSignIn, type HubSpotApp } from '../src/index.ts';

export interface Connected {
  fake: HubSpotFake;
  clock: FakeClock;
  app: HubSpotApp;
  credentials: Credentials;
  connector: Connector;
  /** How long the connector would have waited, in milliseconds, each time it did. */
  waits: number[];
}

const REDIRECT = 'https://app.example/return';

export async function connectedHubSpot(now: Date): Promise<Connected> {
  const clock = fakeClock(now);
  const fake = await startHubSpotFake({ seed: 1, clock });
  const waits: number[] = [];
  const app: HubSpotApp = {
    clientId: fake.clientId,
    clientSecret: fake.clientSecret,
    baseUrl: fake.url,
    clock,
    timeoutMs: 5_000,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
  const { tokens, settings } = await hubSpotSignIn(app, {
    code: await allow(hubSpotAuthorizeUrl(app, { redirectUri: REDIRECT, state: 'state' })),
    redirectUri: REDIRECT,
  });
  const credentials = credentialsOf(tokens);
  return { fake, clock, app, credentials, waits, connector: hubSpotConnector({ ...app, credentials, settings }) };
}

/** The administrator says yes: the code that she comes back with. */
export async function allow(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  await answer.arrayBuffer();
  const back = new URL(answer.headers.get('location') ?? 'https://nowhere.example');
  return back.searchParams.get('code') ?? '';
}

/** Credentials in memory, renewed one after the other. */
export function credentialsOf(first: unknown): Credentials {
  let kept = first;
  let turn: Promise<unknown> = Promise.resolve();
  return {
    read: () => Promise.resolve(kept),
    renew(renew) {
      turn = turn
        .catch(() => undefined)
        .then(async () => {
          kept = await renew(kept);
          return kept;
        });
      return turn;
    },
  };
}
