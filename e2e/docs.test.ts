/**
 * The documents and the house say the same: stages, rooms, tables, commands and paths are there under the names that the
 * documents give them. Links and the environment's table are scripts/docs.ts's, pages of models core's own.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BUILT_IN_SEGMENTS, STAGE_NAMES } from '@rekindle/core';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../server/src/commands/index.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const isThere = (file: string): boolean => existsSync(path.join(ROOT, file));

/** Cells of a document's tables whose header begins with this word, a row a list. */
function table(document: string, first: string): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of document.split('\n')) {
    if (new RegExp(`^\\| ${first} +\\|`).test(line)) inside = true;
    else if (!line.startsWith('|')) inside = false;
    else if (inside && !line.startsWith('| --'))
      rows.push(
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  }
  return rows;
}

/** What stands between backticks. */
function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

describe('the path of the data', () => {
  const document = read('docs/data-path.md');
  const rows = table(document, 'stage');

  test('has the same stages in the same order in code and in words', () => {
    expect(rows.map(([name]) => name)).toEqual(STAGE_NAMES);
    for (const file of ['docs/data-path.md', 'README.md'])
      expect(/^pull → .* → push$/m.exec(read(file))?.[0], file).toBe(['pull', ...STAGE_NAMES, 'push'].join(' → '));
  });

  test('has a room a stage, and the boundaries know them all', () => {
    for (const name of STAGE_NAMES) expect(isThere(`core/src/${name}/index.ts`), name).toBe(true);
    const guarded = /STAGES =\s*'([^']+)'/.exec(read('.dependency-cruiser.cjs'))?.[1]?.split('|');
    expect(guarded).toEqual(expect.arrayContaining([...STAGE_NAMES]));
  });

  test('names tables, columns and segments that exist', () => {
    const models = globSync('prisma/schema/*.prisma', { cwd: ROOT }).flatMap((file) =>
      [...read(file).matchAll(/^model (\w+) \{\n(.*?)^\}/gms)].map(([, model = '', body = '']) => [
        model,
        ...[...body.matchAll(/^ +(\w+) +\w/gm)].map(([, column = '']) => `${model}.${column}`),
      ]),
    );
    const known = new Set([...models.flat(), ...BUILT_IN_SEGMENTS.map(({ key }) => key)]);
    const named = rows.flatMap(([, ...cells]) => cells.flatMap(quoted));
    expect(named.length).toBeGreaterThan(STAGE_NAMES.length);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the house', () => {
  const rooms = table(read('docs/architecture.md'), 'room').flatMap(([room = '']) => quoted(room));

  test('has every room of docs/architecture.md', () => {
    expect(rooms.length).toBeGreaterThan(0);
    expect(rooms.filter((room) => !room.includes('<') && !isThere(room))).toEqual([]);
  });

  test('has no room in core that core/README.md or docs/architecture.md leaves out', () => {
    const entries = readdirSync(path.join(ROOT, 'core/src'), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const described = table(read('core/README.md'), 'room').flatMap(([room = '']) => quoted(room));
    expect(described.toSorted()).toEqual(names.map((name) => `src/${name}`).toSorted());
    const stages = new Set<string>(STAGE_NAMES);
    const others = names.filter((name) => !stages.has(name));
    expect(others.filter((name) => !rooms.includes(`core/src/${name}`))).toEqual([]);
  });

  test('has every file and folder that a document names', () => {
    const files = globSync('{*.md,{docs,core,connectors,server,e2e,bench}/**/*.md}', {
      cwd: ROOT,
      exclude: (name) => path.basename(name) === 'node_modules',
    });
    const top = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const inside = new RegExp(`^(${top.map(({ name }) => name.replace('.', '\\.')).join('|')})/[\\w./-]*$`);
    const missing = files.flatMap((file) =>
      quoted(read(file).replace(/```.*?```/gs, ''))
        .filter((name) => inside.test(name) && !name.startsWith('.rekindle') && !isThere(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('numbers its decisions without a gap, once each', () => {
    const files = readdirSync(path.join(ROOT, 'docs/decisions')).toSorted();
    expect(files.map((file) => Number(file.slice(0, 3)))).toEqual(files.map((_, index) => index + 1));
    for (const [index, file] of files.entries())
      expect(read(`docs/decisions/${file}`), file).toMatch(new RegExp(`^# ${String(index + 1)}\\. `));
  });
});

describe('the operator’s commands', () => {
  const program = new Command('rekindle').enablePositionalOptions();
  for (const add of COMMANDS) add(program);
  const commands = leaves(program, []);
  const rows = table(read('docs/operations.md'), 'rekindle');

  test('each say in --help what they and their options are for', () => {
    for (const { name, command } of commands) {
      expect(command.description(), name).not.toBe('');
      for (const option of command.options)
        if (option.long !== '--help') expect(option.description, `${name} ${option.flags}`).not.toBe('');
      for (const argument of command.registeredArguments)
        expect(argument.description, `${name} ${argument.name()}`).not.toBe('');
    }
  });

  test('all stand in docs/operations.md, with what they cannot do without', () => {
    const shown = rows.map(([cell = '']) => quoted(cell)[0] ?? '');
    const wanted = commands.map(({ name, command }) => {
      const needed = command.options.filter((option) => option.mandatory).map(({ long }) => long ?? '');
      const line = shown.find((one) => one === name || one.startsWith(`${name} `)) ?? '';
      return { name, missing: line === '' ? [name] : needed.filter((option) => !line.includes(option)) };
    });
    expect(wanted.filter(({ missing }) => missing.length > 0)).toEqual([]);
    expect(shown.length).toBe(commands.length);
  });

  test('are all that documents name, with the options they have', () => {
    const documents = globSync('{*.md,docs/**/*.md,connectors/*/README.md}', { cwd: ROOT });
    const named = documents.flatMap((file) =>
      [...read(file).matchAll(/npm run -s rekindle -- ([^`\n]+)/g)].map(([, line = '']) => ({ file, line })),
    );
    expect(named.length).toBeGreaterThan(0);
    const wrong = named.filter(({ line }) => line !== 'COMMAND' && !isRight(line));
    expect(wrong).toEqual([]);
  });

  function isRight(line: string): boolean {
    const found = commands.find(({ name }) => line === name || line.startsWith(`${name} `));
    if (!found) return false;
    const [, , bench] = /^(bench) (\S+)/.exec(line) ?? [];
    // A bench reads its options by itself.
    if (bench !== undefined) return isThere(`bench/${bench}.ts`);
    const known = found.command.options.map(({ long }) => long);
    return line.split(' ').every((word) => !word.startsWith('--') || known.includes(word));
  }
});

interface Leaf {
  /** 'models fit' */
  name: string;
  command: Command;
}

/** The commands that do something, below those that only group them. */
function leaves(command: Command, above: string[]): Leaf[] {
  return command.commands.flatMap((below) => {
    const names = [...above, below.name()];
    return below.commands.length === 0 ? [{ name: names.join(' '), command: below }] : leaves(below, names);
  });
}
