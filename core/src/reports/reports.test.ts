import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { saveSettings, storeSettings } from '../accounts/index.ts';
import { findInsights } from '../insights/index.ts';
import type { MailBatch } from '../ports.ts';
import { score } from '../scoring/index.ts';
import { buildEngine, buildHistory, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { listReports, makeReports, reportCsv, reportHtml, reportPdf, reportText } from './index.ts';
import { stringify } from './csv.ts';
import type { ReportFigures } from './figures.ts';
import { lastSpan, spanTitle } from './span.ts';

/** A Monday. */
const NOW = new Date('2026-06-01T10:00:00Z');
const DAY = 86_400_000;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

async function shop(name: string, to: string[], language = 'en') {
  const storeId = await buildStore(db.database, { name, timeZone: 'Europe/Madrid', language });
  const batches: MailBatch[] = [];
  const engine = buildEngine(db.database, {
    now: NOW,
    email: {
      name: 'kept',
      maximumBatch: 10,
      idempotent: true,
      send: (batch) => {
        batches.push(batch);
        return Promise.resolve({ outcome: 'accepted', status: 202 });
      },
      readEvents: () => [],
      domains: { find: () => Promise.resolve(undefined) },
    },
  });
  // Three orders a day; those of the last week are of 50, all before of 20.
  const purchases = Array.from({ length: 400 * 3 }, (_, i) => {
    const at = new Date(NOW.getTime() - Math.floor(i / 3) * DAY - (i % 3) * 3_600_000);
    return { customer: `p${String(i % 240)}`, at, amount: at >= new Date('2026-05-24T22:00:00Z') ? 5000 : 2000 };
  });
  await buildHistory(db.database, storeId, purchases);
  await db.database.inStore(storeId, (tx) => saveSettings(tx, storeSettings.parse({ reports: { weekly: true, monthly: true, to } }))); // prettier-ignore
  await score(engine, storeId);
  await findInsights(engine, storeId);
  return { storeId, engine, batches, list: () => db.database.inStore(storeId, (tx) => listReports(tx, 10)) };
}

test('a week and a month of the store’s calendar', () => {
  const week = lastSpan('week', NOW, 'Europe/Madrid');
  expect([week.from.toISOString(), week.until.toISOString()]).toEqual([
    '2026-05-24T22:00:00.000Z',
    '2026-05-31T22:00:00.000Z',
  ]);
  expect(spanTitle(week, 'Europe/Madrid', 'en')).toBe('25 – 31 May 2026');
  expect(spanTitle(lastSpan('month', NOW, 'Europe/Madrid'), 'Europe/Madrid', 'en')).toBe('May 2026');
  expect(spanTitle(week, 'Europe/Madrid', 'es')).toBe('25 – 31 de mayo de 2026');
  expect(spanTitle(lastSpan('month', NOW, 'Europe/Madrid'), 'Europe/Madrid', 'es')).toBe('mayo de 2026');
});

test('the same numbers on the page, in the mail, in the CSV and in the PDF; made once, mailed once', async () => {
  const { storeId, engine, batches, list } = await shop('Reported', ['boss@shop.example', 'team@shop.example']);
  expect(await makeReports(engine, storeId)).toEqual({ made: 2, mailed: 2 });
  engine.clock.advance(3_600_000);
  expect(await makeReports(engine, storeId)).toEqual({ made: 0, mailed: 0 });
  const reports = await list();
  expect(reports.map((one) => one.span).toSorted()).toEqual(['month', 'week']);
  const week = reports.find((one) => one.span === 'week')!;
  const { figures } = week;
  const line = (label: string) =>
    figures.sections.flatMap((section) => section.lines).find((one) => one.label === label)!;
  // Seven days of three orders of 50, after seven days of three orders of 20.
  expect(line('Revenue')).toMatchObject({ value: 1050, before: 420 });
  expect(line('Orders')).toMatchObject({ value: 21, before: 21, words: '21' });
  expect(line('Value of an order')).toMatchObject({ value: 50, before: 20 });
  expect(line('Brought so far')).toMatchObject({ value: null, words: 'Not known yet' });
  expect(line('Revenue, next four weeks').value).toBeGreaterThan(0);
  expect(figures.findings.length).toBeGreaterThan(0);

  expect(batches).toHaveLength(2);
  const mail = batches.find((one) => one.template.subject.includes('Week'))!;
  expect(mail.recipients.map((one) => one.email)).toEqual(['boss@shop.example', 'team@shop.example']);
  const html = reportHtml(figures, `https://mail.example/reports/${week.id}`);
  expect(mail.template.html).toBe(html);
  expect(mail.template.text).toBe(reportText(figures));
  const csv = reportCsv(figures);
  const pdf = Buffer.from(await reportPdf(figures, week.madeAt));
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(Buffer.from(await reportPdf(figures, week.madeAt)).equals(pdf)).toBe(true);
  expect(pdf.length).toBeLessThan(40_000);
  for (const one of figures.sections.flatMap((section) => section.lines)) {
    expect(html).toContain(one.words.replaceAll('&', '&amp;'));
    expect(csv).toContain(one.label);
    expect(mail.template.text).toContain(`${one.label}: ${one.words}`);
  }
  expect(csv).toContain('What came in,Revenue,1050,420,');
});

test('a store that reads Spanish reads the same numbers in Spanish, everywhere', async () => {
  const english = await shop('In English', ['boss@shop.example']);
  const spanish = await shop('En español', ['jefa@shop.example'], 'es');
  for (const { engine, storeId } of [english, spanish]) await makeReports(engine, storeId);
  const [one, other] = [(await english.list()).find(({ span }) => span === 'week')!, (await spanish.list()).find(({ span }) => span === 'week')!]; // prettier-ignore
  const lines = (figures: ReportFigures) => figures.sections.flatMap((section) => section.lines);
  expect(lines(other.figures).map(({ value, before }) => [value, before])).toEqual(
    lines(one.figures).map(({ value, before }) => [value, before]),
  );
  expect(other.figures.title).toBe('Semana: 25 – 31 de mayo de 2026');
  expect(other.figures.answer.replaceAll('\u00a0', ' ')).toBe(
    '1.050 € de 21 pedidos, un 150 % más que la semana anterior.',
  );
  const mail = spanish.batches.find((batch) => batch.template.subject.includes('Semana'))!;
  expect(mail.template.html).toContain('<html lang="es">');
  const pages = [mail.template.html, mail.template.text, reportCsv(other.figures)].join('\n');
  const words = pages.replace(/<style.*?<\/style>|<[^>]*>/gs, ' ');
  expect(words).toMatch(/Lo que entró/);
  expect(words).not.toMatch(/\b(the|of|with|mails?|customers?|weeks?|before|orders|what|known)\b/i);
  expect(reportCsv(other.figures)).toContain('Lo que entró,Ingresos,1050,420,');
  const pdf = Buffer.from(await reportPdf(other.figures, other.madeAt)).toString('latin1');
  expect(pdf).toContain('/Lang (es)');
});

test('without an address nothing is mailed, and without an order nothing is reported', async () => {
  const { storeId, engine, batches } = await shop('Quiet', []);
  expect(await makeReports(engine, storeId)).toEqual({ made: 2, mailed: 0 });
  expect(batches).toEqual([]);
  const empty = await buildStore(db.database, { name: 'Empty' });
  expect(await makeReports(engine, empty)).toEqual({ made: 0, mailed: 0 });
});

test('a spreadsheet is told that words are words', () => {
  expect(stringify([['=1+1', '-5.2', 'a "b", c']])).toBe(`'=1+1,-5.2,"a ""b"", c"\r\n`);
});
