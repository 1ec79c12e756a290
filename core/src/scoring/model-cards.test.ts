import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { cardPage, MODEL_CARDS } from './model-cards.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../docs/models');

test('every card is a page and every page is a card, as the source has them', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(MODEL_CARDS.map(({ name }) => `${name}.md`).toSorted());
  for (const card of MODEL_CARDS)
    expect(readFileSync(path.join(FOLDER, `${card.name}.md`), 'utf8')).toBe(cardPage(card));
});

test('the code that a card names is there', () => {
  for (const { code } of MODEL_CARDS)
    for (const file of code.split(', ')) expect(existsSync(path.join(import.meta.dirname, file)), file).toBe(true);
});
