/**
 * What the documents say that a machine can know: the environment table of docs/operations.md comes from the
 * configuration's schema, and every relative link leads somewhere. `node scripts/docs.ts` checks, `--write` brings the
 * generated parts up to date.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configSchema } from '../core/src/config.ts';

const ROOT = path.join(import.meta.dirname, '..');
const OPERATIONS = path.join(ROOT, 'docs/operations.md');
const MARKED =
  /(<!-- environment: generated from core\/src\/config\.ts by `node scripts\/docs\.ts --write` -->\n)[\s\S]*?(<!-- end -->)/;

/** The environment as a Markdown table, in the schema's order. */
export function environmentTable(): string {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'input' });
  const rows = Object.entries(properties).map(([key, property]) => {
    const { description = '', default: value } = property as { description?: string; default?: string | number };
    return `| \`${key}\` | ${value === undefined ? '' : `\`${String(value)}\``} | ${description.replaceAll('|', String.raw`\|`)} |`;
  });
  return ['', '| key | default | what it does |', '| --- | --- | --- |', ...rows, '', ''].join('\n');
}

/** A document with its generated part as it should be, in the formatter's own layout. */
export async function withEnvironment(document: string): Promise<string> {
  if (!MARKED.test(document)) throw new Error('docs/operations.md has lost the marks around its environment table');
  const { format, resolveConfig } = await import('prettier');
  const text = document.replace(MARKED, (_, open: string, close: string) => open + environmentTable() + close);
  return format(text, { ...(await resolveConfig(OPERATIONS)), parser: 'markdown' });
}

export interface BrokenLink {
  file: string;
  link: string;
}

/** Relative links of all documents that lead nowhere: no such file, or no such heading in it. */
export function brokenLinks(root: string): BrokenLink[] {
  const files = globSync(
    '{*.md,{docs,core,connectors,server,shopify-app,hubspot-app,salesforce-package,extensions,e2e,bench}/**/*.md}',
    {
      cwd: root,
      exclude: (name) => ['node_modules', 'build'].includes(path.basename(name)),
    },
  );
  return files.toSorted().flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8').replace(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    return links.filter((link) => !leadsSomewhere(root, file, link)).map((link) => ({ file, link }));
  });
}

function leadsSomewhere(root: string, file: string, link: string): boolean {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return true;
  const [target = '', heading] = link.split('#');
  const full =
    target === '' ? path.join(root, file) : path.resolve(root, path.dirname(file), decodeURIComponent(target));
  if (!existsSync(full)) return false;
  return heading === undefined || !full.endsWith('.md') || headings(readFileSync(full, 'utf8')).has(heading);
}

/** Anchors as GitHub makes them. */
function headings(text: string): Set<string> {
  const titles = [...text.matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) => title);
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

if (import.meta.main) {
  const document = readFileSync(OPERATIONS, 'utf8');
  const current = await withEnvironment(document);
  const broken = brokenLinks(ROOT);
  for (const { file, link } of broken) console.log(`${file}: ${link} leads nowhere`);
  if (process.argv.includes('--write')) writeFileSync(OPERATIONS, current);
  else if (document !== current) console.log('docs/operations.md is not current: node scripts/docs.ts --write');
  process.exitCode = broken.length > 0 || (document !== current && !process.argv.includes('--write')) ? 1 : 0;
}
