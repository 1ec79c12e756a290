/** The web pixel, switched on in a shop as strict as Shopify. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { PIXEL_FIELDS } from './fake/pixels.ts';
import { openShop, schemaMissing, type Opened } from './fake/testing.ts';
import { activateShopifyPixel } from './src/index.ts';

const missing = await schemaMissing();
const settings = { accountID: '0a1b2c3d-0000-4000-8000-000000000000.key', endpoint: 'https://rekindle.example' };

async function opened(work: (shop: Opened) => Promise<void>): Promise<void> {
  const open = await openShop({ customers: 0, orders: 0 });
  try {
    await work(open);
  } finally {
    await open.fake.close();
  }
}

describe.skipIf(missing !== undefined)(missing ?? 'the web pixel', () => {
  test('runs once with its settings, however often it is asked for', () =>
    opened(async ({ options, shop }) => {
      await activateShopifyPixel(options, settings);
      const first = shop.state.pixel;
      expect(first?.settings).toEqual(settings);
      await activateShopifyPixel(options, settings);
      // Not even written again.
      expect(shop.state.pixel).toBe(first);
    }));

  test('moves to another address', () =>
    opened(async ({ options, shop }) => {
      await activateShopifyPixel(options, settings);
      const { id } = shop.state.pixel ?? {};
      const moved = { ...settings, endpoint: 'https://new.example' };
      await activateShopifyPixel(options, moved);
      expect(shop.state.pixel).toEqual({ id, settings: moved });
    }));

  test('is refused in words where its settings are none', () =>
    opened(async ({ options, shop }) => {
      const plain = { ...settings, endpoint: 'http://rekindle.example' };
      await expect(activateShopifyPixel(options, plain)).rejects.toMatchObject({
        code: 'connector_refused',
        message: expect.stringContaining('INVALID_SETTINGS') as string,
      });
      expect(shop.state.pixel).toBeUndefined();
    }));
});

test('the fake holds settings to the fields of the extension', () => {
  const toml = readFileSync(
    path.join(import.meta.dirname, '../../extensions/rekindle-pixel/shopify.extension.toml'),
    'utf8',
  );
  const named = [...toml.matchAll(/^\[settings\.fields\.(\w+)\]/gm)].map(([, name = '']) => name);
  expect(named.toSorted()).toEqual(Object.keys(PIXEL_FIELDS).toSorted());
  expect(toml).toContain(`name = "regex", value = "${PIXEL_FIELDS['endpoint']?.source.replaceAll('\\/', '/') ?? ''}"`);
  expect(toml).toContain('name = "min", value = "8" }, { name = "max", value = "100"');
});
