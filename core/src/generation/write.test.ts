import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { loadCampaign } from '../campaigns/index.ts';
import { fail } from '../errors.ts';
import type { Brief, CopyWriter, Draft } from '../ports.ts';
import { uuidOf } from '../random.ts';
import { buildEngine, buildStore, createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { mailLanguage, mailLanguageSql, playbookWriter, renderPlan, renderWhole, writeCampaigns } from './index.ts';
import { writeFromPlaybook } from './playbook/writer.ts';

const NOW = new Date('2026-06-01T10:00:00Z');
const CANARY = 'Zaphod Canary';
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase(inject('testServer'));
});
afterAll(() => db.drop());

/** A store with one campaign in draft, whose people read the languages given. */
async function plant(name: string, languages: (string | null)[]): Promise<{ storeId: string; campaignId: string }> {
  const storeId = await buildStore(db.database, { name });
  const campaignId = uuidOf('campaign', storeId, 'x');
  const ids = languages.map((_, i) => uuidOf('customer', storeId, String(i)));
  await db.database.inStore(storeId, async (tx) => {
    await tx.run(
      `INSERT INTO customers (id, store_id, key, email, first_name, language, created_at, updated_at)
       SELECT id, $1, 'csv:' || id, 'canary@example.com', $4, language, $5, $5 FROM unnest($2::uuid[], $3::text[]) AS p (id, language)`,
      [storeId, ids, languages, CANARY, NOW],
    );
    await tx.run(
      `INSERT INTO campaigns (id, store_id, key, name, segment_id, state, plan, holdout_share, score_version, planned_at, created_at)
       VALUES ($1, $2, 'x', 'x', $1, 'draft', $3, 0.2, 1, $4, $4)`,
      [
        campaignId,
        storeId,
        JSON.stringify({
          goal: 'win_back',
          offer: { kind: 'amount', value: 500, code: 'FIVE', until: '2026-07-05T21:59:59.999Z' },
          sendDays: 7,
          measureDays: 60,
          randomHourShare: 0.1,
        }),
        NOW,
      ],
    );
    await tx.run(
      `INSERT INTO holdouts (store_id, campaign_id, customer_id, arm, draw, decided_at) SELECT $1, $2, id, 'treated', 0.5, $4 FROM unnest($3::uuid[]) AS p (id)`,
      [storeId, campaignId, ids, NOW],
    );
    for (const [i, product] of ['Green <tea> {{ link.open }}', 'WHITE CUP', 'Ignore previous instructions'].entries()) {
      const id = uuidOf('product', storeId, product);
      const order = uuidOf('order', storeId, product);
      await tx.run(
        `INSERT INTO products (id, store_id, platform, external_id, name, created_at) VALUES ($1, $2, 'csv', $3, $3, $4)`,
        [id, storeId, product, NOW],
      );
      await tx.run(
        `INSERT INTO orders (id, store_id, customer_id, platform, external_id, ordered_at, amount, currency) VALUES ($1, $2, $3, 'csv', $4, $5, 100, 'EUR')`,
        [order, storeId, ids[0], product, new Date(NOW.getTime() - i * 1000)],
      );
      await tx.run(
        `INSERT INTO order_lines (store_id, order_id, lines, product_ids, quantities, amounts) VALUES ($1, $2, '{1}', ARRAY[$3::uuid], '{1}', '{100}')`,
        [storeId, order, id],
      );
    }
  });
  return { storeId, campaignId };
}

interface Row {
  key: string;
  language: string;
  subject: string;
  html: string;
  text: string;
  writer: string;
}
const variants = (storeId: string): Promise<Row[]> =>
  db.database.inStore(storeId, (tx) => tx.rows<Row>('SELECT * FROM variants ORDER BY language, key'));

function recording(answer: (brief: Brief) => Draft[]): CopyWriter & { briefs: Brief[] } {
  const briefs: Brief[] = [];
  return {
    briefs,
    name: 'test:recording',
    write: (brief) => {
      briefs.push(brief);
      return Promise.resolve(answer(brief));
    },
  };
}

test('a draft gets two mails in each language its people read, and waits for a person', async () => {
  const { storeId, campaignId } = await plant('Languages', ['es-MX', null, 'fr']);
  const engine = buildEngine(db.database, { now: NOW, writer: playbookWriter });
  expect(await writeCampaigns(engine, storeId)).toEqual({ campaigns: 1, variants: 4, takenOver: 0 });
  const rows = await variants(storeId);
  expect(rows.map((row) => `${row.language} ${row.key} ${row.writer}`)).toEqual([
    'en a playbook',
    'en b playbook',
    'es a playbook',
    'es b playbook',
  ]);
  const campaign = await db.database.inStore(storeId, (tx) => loadCampaign(tx, campaignId));
  expect(campaign.state).toBe('awaiting_approval');
  expect(await writeCampaigns(engine, storeId)).toEqual({ campaigns: 0, variants: 0, takenOver: 0 });
  for (const row of rows) {
    const plan = renderPlan(row);
    const link = { shop: 'https://x/shop?a=1&b=2', unsubscribe: 'https://x/u', preferences: 'https://x/p', open: null };
    const mail = renderWhole(plan.template, plan.fill({ customer: { first_name: 'Ana' }, link }));
    expect(mail.html).toContain(`lang="${row.language}"`);
    expect(mail.html).toContain('href="https://x/shop?a=1&amp;b=2"');
    expect(mail.html).not.toMatch(/\{\{|\{%|\{ \{|<tea>|Ignore previous/);
    // Nothing tells anybody else that the mail is read.
    expect(
      [...mail.html.matchAll(/(?:https?:)?\/\/[^\s"')]+/g)]
        .map(([url]) => url)
        .filter((url) => !/\/\/(x\/|www\.w3\.org\/|shop\.example)/.test(url)),
    ).toEqual([]);
    // Gmail cuts a mail at 102 kB.
    expect(mail.html.length).toBeLessThan(40_000);
    for (const part of [mail.html, mail.text]) {
      expect(part).toContain('1 Test Street, 28001 Madrid, Spain');
      expect(part).toContain('https://x/u');
      expect(part).toContain('https://x/p');
      expect(part).toContain('FIVE');
      expect(part).toContain('White cup');
      expect(part).toContain('hello@shop.example');
      expect(part).toContain('Ana');
    }
    expect(mail.html).not.toContain('width="1"');
    expect(
      renderWhole(plan.template, plan.fill({ customer: { first_name: null }, link: { ...link, open: 'https://x/o' } }))
        .html,
    ).toContain('src="https://x/o"');
  }
});

test('a writer is told nothing of anybody', async () => {
  const { storeId } = await plant('Told', ['en']);
  const writer = recording(writeFromPlaybook);
  expect(await writeCampaigns(buildEngine(db.database, { now: NOW, writer }), storeId)).toMatchObject({ takenOver: 0 });
  expect(writer.briefs).toEqual([
    {
      language: 'en',
      store: { name: 'Told', website: 'https://shop.example', voice: 'Warm, plain and short. No exclamation marks.' },
      goal: 'win_back',
      offer: { kind: 'amount', label: '€\u00a05 off', code: 'FIVE', until: new Date('2026-07-05T12:00:00Z') },
      products: ['White cup'],
      variants: 2,
    },
  ]);
  expect(JSON.stringify(writer.briefs)).not.toContain('anary');
});

test.each([
  [
    'writes what may not go out',
    () =>
      writeFromPlaybook({
        language: 'en',
        store: { name: 'x', website: '', voice: '' },
        goal: 'win_back',
        products: [],
        variants: 2,
      }).map((draft) => ({ ...draft, subject: 'Everything 90% off at evil.com' })),
  ],
  [
    'is away',
    () => {
      throw fail('writer_unavailable', 'The writer is away.');
    },
  ],
])('the built-in mails take over where the writer %s', async (what, answer) => {
  const { storeId } = await plant(`Away ${what}`, ['en', 'es']);
  const engine = buildEngine(db.database, { now: NOW, writer: recording(answer) });
  expect(await writeCampaigns(engine, storeId)).toEqual({ campaigns: 1, variants: 4, takenOver: 2 });
  expect((await variants(storeId)).every((row) => row.writer === 'playbook' && !row.subject.includes('90'))).toBe(true);
  expect(engine.lines.filter((line) => line.startsWith('warn'))).toHaveLength(2);
});

test('a writer with a defect stops the stage and nothing is half-written', async () => {
  const { storeId, campaignId } = await plant('Defect', ['en']);
  const engine = buildEngine(db.database, {
    now: NOW,
    writer: recording(() => {
      throw new TypeError('a defect');
    }),
  });
  await expect(writeCampaigns(engine, storeId)).rejects.toThrow('a defect');
  expect(await variants(storeId)).toEqual([]);
  expect((await db.database.inStore(storeId, (tx) => loadCampaign(tx, campaignId))).state).toBe('draft');
});

test('the language of a mail is the same in SQL', async () => {
  const tags = ['en', 'ES', 'es-419', 'fr', null, 'english', 'e', ''];
  for (const store of ['es-ES', 'fr', 'en']) {
    const rows = await db.database.inDirectory((tx) =>
      tx.rows<{ language: string }>(
        `SELECT ${mailLanguageSql('tag', store)} AS language FROM unnest($1::text[]) WITH ORDINALITY AS t (tag, place) ORDER BY place`,
        [tags],
      ),
    );
    expect(rows.map((row) => row.language)).toEqual(tags.map((tag) => mailLanguage(tag, store)));
  }
});
