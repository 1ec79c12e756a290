/** `node scripts/model-cards.ts --write`: brings docs/models up to date with core/src/scoring/model-cards.ts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cardPage, MODEL_CARDS } from '../core/src/scoring/model-cards.ts';

const FOLDER = path.join(import.meta.dirname, '../docs/models');

if (process.argv.includes('--write')) {
  mkdirSync(FOLDER, { recursive: true });
  for (const card of MODEL_CARDS) writeFileSync(path.join(FOLDER, `${card.name}.md`), cardPage(card));
}
