/**
 * The web pixel of extensions/rekindle-pixel, switched on in a shop: deploying the app brings the script, and it runs once it has
 * its settings. An app has one pixel in a shop, so asking again puts the settings right and adds none.
 */
import { fail } from '@rekindle/core';
import { z } from 'zod';
import { shopifyClient, type ClientOptions } from './client.ts';
import { ADD_PIXEL, CHANGE_PIXEL, READ_PIXEL } from './operations.ts';
import { userErrors } from './schema.ts';

/** As the extension's toml names them. */
export interface PixelSettings {
  /** The store's pixel key */
  accountID: string;
  /** Where Rekindle is: https, no slash at the end */
  endpoint: string;
}

const written = z.object({ userErrors });
const added = z.object({ webPixelCreate: written });
const changed = z.object({ webPixelUpdate: written });
const read = z.object({ webPixel: z.object({ id: z.string(), settings: z.unknown() }).nullable() });

/** Has the pixel run with these settings. Throws `connector_refused`, `connector_unavailable`. */
export async function activateShopifyPixel(options: ClientOptions, settings: PixelSettings): Promise<void> {
  const client = shopifyClient(options);
  const webPixel = { settings };
  const { userErrors: errors } = (await client.run(ADD_PIXEL, { webPixel }, added)).webPixelCreate;
  if (errors.length === 0) return;
  // To ask first would be an error in every shop that has none yet.
  if (!errors.some(({ code }) => code === 'TAKEN')) throw refusal(errors);
  const there = (await client.run(READ_PIXEL, {}, read)).webPixel;
  if (there === null || isSame(there.settings, settings)) return;
  const { webPixelUpdate } = await client.run(CHANGE_PIXEL, { id: there.id, webPixel }, changed);
  if (webPixelUpdate.userErrors.length > 0) throw refusal(webPixelUpdate.userErrors);
}

/** Shopify gives the settings as JSON, or as a text of it. */
function isSame(there: unknown, { accountID, endpoint }: PixelSettings): boolean {
  const same = z.object({ accountID: z.literal(accountID), endpoint: z.literal(endpoint) });
  if (typeof there !== 'string') return same.safeParse(there).success;
  try {
    return same.safeParse(JSON.parse(there)).success;
  } catch {
    return false;
  }
}

function refusal(errors: z.output<typeof userErrors>): Error {
  const codes = errors.map(({ code }) => code ?? 'no code').join(', ');
  return fail(
    'connector_refused',
    `Shopify does not run the web pixel (${codes}): was the app deployed with its extension, and is PUBLIC_URL https?`,
  );
}
