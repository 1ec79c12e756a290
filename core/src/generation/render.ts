/**
 * A stored variant, made ready to be sent to many: the fixed part once, with numbered gaps, and a function that fills the
 * gaps for one recipient. Nothing is parsed per recipient.
 *
 * Each gap's value is already right for the place where it stands: escaped in HTML, raw in text, on one line in the subject.
 */
import type { MailTemplate } from '../ports.ts';
import { compileLiquid, type MailScope, type Piece } from './liquid.ts';

export interface RenderPlan {
  /** The fixed part; `\u0001 3 \u0002` (without blanks) stands for gap 3. */
  template: MailTemplate;
  /** Values of all gaps for one recipient, by number. */
  fill(scope: MailScope): string[];
}

/** Control characters other than tab and line ends: they have no business in a mail, and two of them mark gaps. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const LINE_ENDS = /[\r\n]+/g;
const GAP = /\u0001(\d+)\u0002/g;

/** Compiles a variant's Liquid. Throws `bad_request` where it uses more than mails may use. */
export function renderPlan(variant: { subject: string; html: string; text: string }): RenderPlan {
  const gaps: ((scope: MailScope) => string)[] = [];
  const numbers = new Map<Piece, number>();
  function withGaps(pieces: Piece[], finish: (text: string) => string): string {
    return pieces
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        let number = numbers.get(piece);
        if (number === undefined) {
          numbers.set(piece, (number = gaps.length));
          gaps.push((scope) => finish(piece(scope)));
        }
        return gapMark(number);
      })
      .join('');
  }
  const asItIs = (text: string): string => text;
  const template = {
    subject: withGaps(compileLiquid(fixed(variant.subject, LINE_ENDS), 'text'), oneLine),
    html: withGaps(compileLiquid(fixed(variant.html), 'html'), asItIs),
    text: withGaps(compileLiquid(fixed(variant.text), 'text'), asItIs),
  };
  return {
    template,
    fill(scope) {
      const clean = cleanScope(scope);
      return gaps.map((gap) => gap(clean));
    },
  };
}

/** The whole mail of one recipient, for providers that fill no gaps themselves. */
export function renderWhole(template: MailTemplate, gaps: string[]): MailTemplate {
  const put = (text: string): string => fillGaps(text, gaps);
  return { subject: put(template.subject), html: put(template.html), text: put(template.text) };
}

/** A text whose numbered gaps are filled. */
export function fillGaps(text: string, gaps: readonly string[]): string {
  return text.replace(GAP, (_, number: string) => gaps[Number(number)] ?? '');
}

/** What stands where gap `number` is to be filled. */
export function gapMark(number: number): string {
  return `\u0001${String(number)}\u0002`;
}

/** The scope without control characters. A name comes from outside and may hold anything. */
export function cleanScope(scope: MailScope): MailScope {
  const name = scope.customer.first_name;
  return { ...scope, customer: { first_name: name === null ? null : name.replace(CONTROL, '') } };
}

function fixed(source: string, lineEnds?: RegExp): string {
  const clean = source.replace(CONTROL, '');
  return lineEnds ? clean.replace(lineEnds, ' ') : clean;
}

function oneLine(text: string): string {
  return text.replace(LINE_ENDS, ' ');
}
