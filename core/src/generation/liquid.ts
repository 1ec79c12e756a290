/**
 * The part of Liquid that mails may use, compiled once into plain functions: outputs of known variables with a few filters,
 * and if / elsif / else. LiquidJS parses; what comes out is byte-equal to what LiquidJS would render, some hundred times
 * faster. Anything else in a template is an error when it is compiled, never when it is sent.
 */
import { Liquid, TypeGuards, type Template, type Token, type Value } from 'liquidjs';
import { fail } from '../errors.ts';

/** What a mail may say of its recipient and its links. Null stands for "not known" and is false in an if. */
export interface MailScope {
  customer: { first_name: string | null };
  link: {
    /** The shop, through the click counter where clicks are counted */
    shop: string;
    unsubscribe: string;
    preferences: string;
    /** Address of the open pixel; null where opens are not counted */
    open: string | null;
  };
}

/** All that an expression can be here. */
type Plain = string | boolean | null | undefined;
type Get = (scope: MailScope) => Plain;
/** Fixed text, or a function for a place that differs between recipients. */
export type Piece = string | ((scope: MailScope) => string);

const VARIABLES: Record<string, (scope: MailScope) => string | null> = {
  'customer.first_name': (scope) => scope.customer.first_name,
  'link.shop': (scope) => scope.link.shop,
  'link.unsubscribe': (scope) => scope.link.unsubscribe,
  'link.preferences': (scope) => scope.link.preferences,
  'link.open': (scope) => scope.link.open,
};

/** Escapes as LiquidJS does (outputEscape: 'escape'). */
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c) : text;
}

const FILTERS: Record<string, (value: Plain, argument: Get | undefined, scope: MailScope) => Plain> = {
  default: (value, argument, scope) => {
    if (typeof value === 'string' ? value !== '' : truthy(value)) return value;
    return argument?.(scope);
  },
  escape: (value) => escapeHtml(text(value)),
  upcase: (value) => text(value).toUpperCase(),
  downcase: (value) => text(value).toLowerCase(),
  capitalize: (value) => text(value).charAt(0).toUpperCase() + text(value).slice(1).toLowerCase(),
  strip: (value) => text(value).trim(),
};

/** LiquidJS with the same settings, to parse and to compare with. HTML is escaped at every output, text is not. */
export function liquidFor(part: 'html' | 'text'): Liquid {
  return new Liquid(part === 'html' ? { outputEscape: 'escape' } : {});
}

/** Compiles a template. Throws `bad_request` with the reason where it uses what mails may not use. */
export function compileLiquid(source: string, part: 'html' | 'text'): Piece[] {
  let templates: Template[];
  try {
    templates = new Liquid().parse(source);
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  return pieces(templates, {
    put: part === 'html' ? (value) => escapeHtml(text(value)) : text,
    known: new Map(),
  });
}

interface Compilation {
  /** Makes text of an output's value, right for where it stands. */
  put: (value: Plain) => string;
  /** Outputs met so far: the same words give the same function, so that a link needs one gap however often it stands there. */
  known: Map<string, Piece>;
}

function pieces(templates: Template[], within: Compilation): Piece[] {
  const result: Piece[] = [];
  for (const template of templates) {
    const piece = compile(template, within);
    const last = result.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

function compile(template: Template, within: Compilation): Piece {
  if ('str' in template && typeof template.str === 'string') return template.str;
  const { token } = template;
  if (TypeGuards.isOutputToken(token) && 'value' in template) {
    const words = token.getText();
    const before = within.known.get(words);
    if (before !== undefined) return before;
    const get = value(template.value as Value);
    const piece = (scope: MailScope): string => within.put(get(scope));
    within.known.set(words, piece);
    return piece;
  }
  if (TypeGuards.isTagToken(token) && token.name === 'if' && 'branches' in template) return branches(template, within);
  throw refuse(TypeGuards.isTagToken(token) ? `the tag "${token.name}" may not stand in a mail` : 'it cannot be read');
}

function branches(template: Template, within: Compilation): Piece {
  const tag = template as unknown as {
    branches: { value: Value; templates: Template[] }[];
    elseTemplates?: Template[];
  };
  const cases = tag.branches.map((branch) => ({
    test: value(branch.value),
    inside: join(pieces(branch.templates, within)),
  }));
  const otherwise = join(pieces(tag.elseTemplates ?? [], within));
  return (scope) => (cases.find((one) => truthy(one.test(scope)))?.inside ?? otherwise)(scope);
}

function join(parts: Piece[]): (scope: MailScope) => string {
  return (scope) => parts.map((part) => (typeof part === 'string' ? part : part(scope))).join('');
}

function value(source: Value): Get {
  let get = expression(source.initial.postfix);
  for (const filter of source.filters) {
    const apply = own(FILTERS, filter.name);
    if (!apply) throw refuse(`the filter "${filter.name}" may not stand in a mail`);
    const [argument, more] = filter.args;
    if (more !== undefined || Array.isArray(argument) || (filter.name === 'default') !== (argument !== undefined))
      throw refuse(`the filter "${filter.name}" has arguments that it may not have in a mail`);
    const before = get;
    const operand = argument === undefined ? undefined : expression([argument]);
    get = (scope) => apply(before(scope), operand, scope);
  }
  return get;
}

/** An expression in postfix order, as LiquidJS leaves it. */
function expression(postfix: Token[]): Get {
  const stack: Get[] = [];
  for (const token of postfix) {
    if (TypeGuards.isOperatorToken(token)) stack.push(operation(token.operator, stack));
    else stack.push(operand(token));
  }
  const [result, more] = stack;
  if (!result || more) throw refuse('an expression cannot be read');
  return result;
}

function operation(operator: string, stack: Get[]): Get {
  const right = stack.pop();
  if (right && operator === 'not') return (scope) => !truthy(right(scope));
  const left = stack.pop();
  if (!left || !right) throw refuse('an expression cannot be read');
  if (operator === '==') return (scope) => same(left(scope), right(scope));
  if (operator === '!=') return (scope) => !same(left(scope), right(scope));
  if (operator === 'and') return (scope) => truthy(left(scope)) && truthy(right(scope));
  if (operator === 'or') return (scope) => truthy(left(scope)) || truthy(right(scope));
  throw refuse(`the operator "${operator}" may not stand in a mail`);
}

function operand(token: Token): Get {
  if (TypeGuards.isQuotedToken(token)) {
    const { content } = token;
    return () => content;
  }
  if (TypeGuards.isPropertyAccessToken(token) && token.variable === undefined) {
    const path = token.props.map((prop) => ('content' in prop ? String(prop.content) : '?')).join('.');
    const get = own(VARIABLES, path);
    if (get) return get;
    throw refuse(`there is no "${path}" for a mail`);
  }
  throw refuse(`"${token.getText()}" may not stand in a mail`);
}

/** An entry of the table itself: names come from templates, and `constructor` is no entry. */
function own<Entry>(table: Record<string, Entry>, name: string): Entry | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function same(left: Plain, right: Plain): boolean {
  return (left ?? null) === (right ?? null);
}

function truthy(input: Plain): boolean {
  return input !== false && input !== null && input !== undefined;
}

function text(input: Plain): string {
  return input === null || input === undefined ? '' : String(input);
}

function refuse(reason: string, cause?: unknown): Error {
  return fail('bad_request', `This mail's template cannot be used: ${reason}.`, { cause });
}
