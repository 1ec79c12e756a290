/** The app's web pixel in a shop: one at most, its settings held to the fields of extensions/rekindle-pixel. */
import { GraphQLError } from 'graphql';
import { gid, idOf, type ShopState, type World } from './state.ts';
import type { View } from './views.ts';

/** A test holds them to the extension's toml. */
export const PIXEL_FIELDS: Record<string, RegExp> = {
  accountID: /^.{8,100}$/,
  endpoint: /^https:\/\/[^/]+$/,
};

const refused = (code: string, field: string[]): View => ({
  webPixel: null,
  userErrors: [{ __typename: 'ErrorsWebPixelUserError', code, field, message: code }],
});

/** The mutations of pixels. */
export function pixelMutations(world: World, shop: ShopState): View {
  return {
    webPixelCreate({ webPixel }: { webPixel: { settings: unknown } }) {
      if (shop.pixel) return refused('TAKEN', ['webPixel']);
      if (!areSettings(webPixel.settings)) return refused('INVALID_SETTINGS', ['webPixel', 'settings']);
      shop.pixel = { id: world.nextId(), settings: webPixel.settings };
      return { webPixel: pixelView(shop), userErrors: [] };
    },
    webPixelUpdate({ id, webPixel }: { id: string; webPixel: { settings: unknown } }) {
      if (!shop.pixel || idOf('WebPixel', id) !== shop.pixel.id) return refused('NOT_FOUND', ['id']);
      if (!areSettings(webPixel.settings)) return refused('INVALID_SETTINGS', ['webPixel', 'settings']);
      shop.pixel = { ...shop.pixel, settings: webPixel.settings };
      return { webPixel: pixelView(shop), userErrors: [] };
    },
  };
}

/** The shop's pixel. Throws where there is none, as Shopify answers. */
export function pixelView({ pixel }: ShopState): View {
  if (!pixel)
    throw new GraphQLError('No web pixel was found for this app.', { extensions: { code: 'RESOURCE_NOT_FOUND' } });
  return { __typename: 'WebPixel', id: gid('WebPixel', pixel.id), settings: JSON.stringify(pixel.settings) };
}

function areSettings(given: unknown): given is Record<string, string> {
  if (typeof given !== 'object' || given === null) return false;
  const names = Object.keys(given);
  return (
    names.length === Object.keys(PIXEL_FIELDS).length &&
    Object.entries(given).every(
      ([name, value]) => typeof value === 'string' && PIXEL_FIELDS[name]?.test(value) === true,
    )
  );
}
