/** Apex as the parser of its community sees it: what does not parse, and which fields its queries name. */
import {
  ApexErrorListener,
  ApexParserFactory,
  FieldNameContext,
  FromNameListContext,
  QueryContext,
  type ApexParserRuleContext,
} from '@apexdevtools/apex-parser';
import { sources, type Source } from './files.ts';
import type { Problem } from './problem.ts';

export interface FieldReference {
  object: string;
  /** 'Account.Name' leads over a relationship */
  field: string;
  line: number;
}

class Listener extends ApexErrorListener {
  readonly problems: Problem[] = [];
  readonly #file: string;

  constructor(file: string) {
    super();
    this.#file = file;
  }

  override apexSyntaxError(line: number, _column: number, says: string): void {
    this.problems.push({ file: this.#file, line, says });
  }
}

function parse({ file, text }: Source): { tree: ApexParserRuleContext; problems: Problem[] } {
  const listener = new Listener(file);
  const { parser } = ApexParserFactory.createLexerAndParser(text, listener);
  const tree = file.endsWith('.trigger') ? parser.triggerUnit() : parser.compilationUnit();
  return { tree, problems: listener.problems };
}

export function apexSources(root: string): Source[] {
  return sources(root, '**/*.{cls,trigger}');
}

/** What does not parse. */
export function checkSyntax(root: string): Problem[] {
  return apexSources(root).flatMap((source) => parse(source).problems);
}

/** The fields that the queries in a class name, with the object that they are asked of. */
export function queriedFields(source: Source): FieldReference[] {
  const found: FieldReference[] = [];
  const walk = (node: unknown, object: string): void => {
    if (!isRule(node)) return;
    const from = node instanceof QueryContext ? node.fromNameList().fieldName(0).getText() : object;
    if (node instanceof FromNameListContext) return;
    if (node instanceof FieldNameContext) found.push({ object: from, field: node.getText(), line: node.start.line });
    for (const child of node.children ?? []) walk(child, from);
  };
  walk(parse(source).tree, '');
  return found;
}

function isRule(node: unknown): node is ApexParserRuleContext & { children?: unknown[] } {
  return typeof node === 'object' && node !== null && 'start' in node;
}
