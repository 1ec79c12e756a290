/** HubSpot as a platform: contacts are people, won deals are their orders. */
import { fail, type Connector, type PullBatch } from '@rekindle/core';
import { hubSpotClient } from './ask.ts';
import type { ClientOptions } from './auth.ts';
import { ensureProperties } from './properties.ts';
import { pullHubSpot } from './pull.ts';
import { pushRecords, TAKES } from './push.ts';
import { reader } from './read.ts';
import { hubSpotSettings, type HubSpotSettings } from './schema.ts';
import { optOutProperty, subscriptionOf } from './subscription.ts';

export interface HubSpotOptions extends ClientOptions {
  settings: HubSpotSettings;
}

/** Throws `bad_configuration` where the settings cannot be some; what HubSpot says is said by pull() and push(). */
export function hubSpotConnector(options: HubSpotOptions): Connector {
  const settings = hubSpotSettings.safeParse(options.settings);
  if (!settings.success)
    throw fail('bad_configuration', 'The settings of the HubSpot connection are not complete. Connect it again.');
  const { currency, subscriptionId } = settings.data;
  const ask = hubSpotClient(options);
  const subscription = once(() => subscriptionOf(ask, subscriptionId));
  const properties = once(() => ensureProperties(ask));
  return {
    platform: 'hubspot',
    takes: TAKES,
    async *pull(request): AsyncGenerator<PullBatch> {
      const optOut = optOutProperty(await subscription());
      yield* pullHubSpot({ reader: reader(ask, optOut), optOut, currency }, request);
    },
    push: (records) => pushRecords({ ask, subscription, ensureProperties: properties }, records),
  };
}

/** Asked once and remembered; a failure is not. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
