import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seededRandom, type OfferReport } from '@rekindle/core';
import { Command } from 'commander';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { add } from './offer.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rekindle-offer-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command on a trial of 12,000 people, half of them in the north, and gives what it printed. */
async function run(chance: (north: boolean, offered: boolean) => number, ...more: string[]): Promise<OfferReport> {
  const random = seededRandom(`offer command ${chance.toString()}`);
  const rows = Array.from({ length: 12_000 }, () => {
    const [north, offered] = [random.next() < 0.5, random.next() < 0.5];
    return `${north ? 'north' : 'south'},${String(Math.round(random.next() * 100))},${offered ? 'yes' : 'no'},${random.next() < chance(north, offered) ? '1' : '0'}`;
  });
  const file = path.join(folder, 'trial.csv');
  await writeFile(file, ['region,silence,offer,ordered', ...rows].join('\n'));
  const program = new Command('rekindle').exitOverride();
  add(program);
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    const asked = ['--trial', file, '--offer-column', 'offer', '--offered', 'yes', '--plain', 'no', '--outcome', 'ordered', '--cost', '0.2', '--json', ...more]; // prettier-ignore
    await program.parseAsync(['models', 'offer', ...asked], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return JSON.parse(printed.join('')) as OfferReport;
}

test('a trial in which the north needs the offer and the south does not: dealt by person it brings most', async () => {
  const { advice, policies, heterogeneity, warnings } = await run((north, offered) => north ? (offered ? 0.3 : 0.05) : 0.3); // prettier-ignore
  expect(advice).toBe('by_person');
  expect(heterogeneity).toBeGreaterThan(10);
  expect(warnings).toEqual([]);
  // In truth: .27 by person, .24 to all, .175 to nobody.
  expect(policies.by_person.mean).toBeCloseTo(0.27, 1);
  expect(policies.by_person.mean).toBeGreaterThan(policies.to_all.mean + policies.to_all.standardError);
  expect(policies.to_all.mean).toBeGreaterThan(policies.to_nobody.mean);
  expect(policies.by_person.offered).toBeGreaterThan(0.45);
  expect(policies.by_person.offered).toBeLessThan(0.55);
});

test('a trial in which the offer only gives money away: to nobody', async () => {
  const { advice, net, rates } = await run(() => 0.3);
  expect(advice).toBe('to_nobody');
  expect(net.high).toBeLessThan(0);
  expect(rates.offered).toBeCloseTo(rates.plain, 1);
});

test('a cost that is no share is refused', async () => {
  await expect(run(() => 0.3, '--cost', '20')).rejects.toMatchObject({ code: 'bad_request' });
});
