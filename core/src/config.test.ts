import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { configSchema, publicUrl, readConfig } from './config.ts';

describe('the configuration', () => {
  test('needs nothing', () => {
    expect(readConfig({})).toMatchObject({ PORT: 3400, ROLE: 'all', REKINDLE_HOME: '.rekindle' });
    expect(publicUrl(readConfig({}))).toBe('http://127.0.0.1:3400');
  });

  test('takes an empty value for none', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: '' }).DATABASE_URL).toBeUndefined();
  });

  test.each([
    [{ PORT: 'http' }, /PORT must be a number/],
    [{ PORT: '70000' }, /PORT must be a port from 0 to 65535/],
    [{ DATABASE_URL: 'mysql://host/db' }, /DATABASE_URL must be an address such as postgresql:/],
    [{ APP_SECRET: 'short' }, /APP_SECRET must have at least 32 characters/],
    [{ ROLE: 'boss' }, /ROLE must be all, web, public or worker/],
    [{ LOG_LEVEL: 'loud', PORT: '-1' }, /PORT .*; LOG_LEVEL must be/],
  ])('says which key of %o is wrong and what to do', (env, sentence) => {
    expect(() => readConfig(env)).toThrow(sentence);
    expect(() => readConfig(env)).toThrow(/Correct it in the environment or in \.env\./);
  });

  test('never repeats a value: it may be a secret', () => {
    expect(() => readConfig({ APP_SECRET: 'hush' })).toThrow(/^((?!hush).)*$/);
    expect(() => readConfig({ DATABASE_URL: 'hush://me' })).toThrow(/^((?!hush).)*$/);
  });

  test('describes every key', () => {
    for (const [key, field] of Object.entries(configSchema.shape)) expect(field.description, key).toBeTruthy();
  });

  test('.env.example works unchanged and names every key', async () => {
    const example = parseEnv(await readFile(path.join(import.meta.dirname, '../../.env.example'), 'utf8'));
    expect(Object.keys(example).toSorted()).toEqual(Object.keys(configSchema.shape).toSorted());
    expect(readConfig(example as Record<string, string>)).toEqual(readConfig({}));
  });
});
