/** A journey as a line of steps, with a number on every edge and at every way out. */
import { recipeOf, type JourneyFacts, type JourneyPage, type JourneyStep } from '@rekindle/core';
import type { Format } from './format.server.ts';
import type { JourneyWords } from './journey-words.server.ts';

export interface FlowNode {
  key: string;
  kind: 'door' | JourneyStep['kind'] | 'end';
  title: string;
  text: string;
  /** What stands beside it: people who are here, mails sent */
  facts: string[];
  /** Ways out of it, most people first */
  ends: { label: string; count: string }[];
  /** What goes on to the next node; null: nothing yet, or the end */
  edge: string | null;
}

type Standing = JourneyFacts['standing'];

const total = (rows: Standing): number => rows.reduce((sum, row) => sum + row.people, 0);

/** People whom the draw gave the mails. */
export const treatedOf = (standing: Standing): Standing => standing.filter(({ arm }) => arm === 'treated');

export function insideOf(standing: Standing): number {
  return total(standing.filter(({ state }) => state === 'inside'));
}

export function cameInOf(standing: Standing): number {
  return total(standing.filter(({ arm }) => arm !== 'left_out'));
}

/** People who got the mails and ordered. */
export function cameBackOf(standing: Standing): number {
  return treatedOf(standing).reduce((sum, row) => sum + row.ordered, 0);
}

export function flowOf(
  format: Format,
  words: JourneyWords,
  page: Pick<JourneyPage, 'facts'> & Partial<Pick<JourneyPage, 'mails' | 'variants'>>,
): FlowNode[] {
  const { journey, standing, approvedAt } = page.facts;
  const { steps } = journey.definition;
  const started = approvedAt !== null;
  const treated = treatedOf(standing);
  const nodes: FlowNode[] = [doorOf(format, words, page.facts)];
  for (const [place, step] of steps.entries()) {
    const here = treated.filter((row) => row.step === step.key);
    const later = treated.filter((row) => steps.findIndex(({ key }) => key === row.step) > place);
    const finished = here.filter(({ state }) => state === 'finished');
    const inside = total(here.filter(({ state }) => state === 'inside'));
    nodes.push({
      key: step.key,
      kind: step.kind,
      ...titleOf(format, words, step, page),
      facts: [...(inside > 0 ? [words.here(format.people(inside))] : []), ...mailFacts(format, words, step, page)],
      ends: endsOf(format, words, here),
      edge: started ? words.goOn(format.people(total(later) + total(finished))) : null,
    });
  }
  const done = total(treated.filter(({ state }) => state === 'finished'));
  nodes.push({
    key: 'end',
    kind: 'end',
    title: words.end,
    text: words.endText,
    facts: started ? [words.finished(format.people(done))] : [],
    ends: [],
    edge: null,
  });
  return nodes;
}

function doorOf(format: Format, words: JourneyWords, facts: JourneyFacts): FlowNode {
  const { standing, approvedAt, journey } = facts;
  const started = approvedAt !== null;
  const held = total(standing.filter(({ arm }) => arm === 'holdout'));
  const control = total(standing.filter(({ arm }) => arm === 'left_out'));
  return {
    key: 'door',
    kind: 'door',
    title: words.comesIn,
    text: recipeOf(journey.key)?.why[format.language] ?? '',
    facts: started
      ? [words.cameIn(format.people(cameInOf(standing)))]
      : [words.now(format.people(facts.waiting.total))],
    ends: [
      ...(held > 0 ? [{ label: words.share, count: format.count(held) }] : []),
      ...(control > 0 ? [{ label: words.control, count: format.count(control) }] : []),
    ],
    edge: started ? words.toMail(format.people(total(treatedOf(standing)))) : null,
  };
}

function titleOf(
  format: Format,
  words: JourneyWords,
  step: JourneyStep,
  page: Partial<Pick<JourneyPage, 'variants'>> & Pick<JourneyPage, 'facts'>,
): { title: string; text: string } {
  if (step.kind === 'wait') return { title: words.wait(format.days(step.days)), text: '' };
  if (step.kind === 'check') return { title: words.check, text: words.checkText };
  const own = page.variants?.filter((one) => one.step === step.key) ?? [];
  const first = own.find(({ language }) => language === format.language) ?? own[0];
  const text = words.mailHour(format.days(page.facts.journey.definition.sendDays));
  return { title: first ? words.mail(first.preview.subject) : words.mailNone, text };
}

function mailFacts(
  format: Format,
  words: JourneyWords,
  step: JourneyStep,
  { mails = [] }: Partial<Pick<JourneyPage, 'mails'>>,
): string[] {
  if (step.kind !== 'mail') return [];
  const own = mails.filter((row) => row.step === step.key);
  const of = (count: (row: (typeof own)[number]) => number): number => own.reduce((sum, row) => sum + count(row), 0);
  if (own.length === 0) return [];
  const [sent, waiting, stopped] = [of((row) => row.sent), of((row) => row.waiting), of((row) => row.stopped)];
  return [
    words.sent(format.count(sent)),
    ...(sent > 0 ? [words.clicked(format.count(of((row) => row.clicked)))] : []),
    ...(waiting > 0 ? [words.waiting(format.count(waiting))] : []),
    ...(stopped > 0 ? [words.stopped(format.count(stopped))] : []),
  ];
}

function endsOf(format: Format, words: JourneyWords, here: Standing): FlowNode['ends'] {
  const known: Record<string, string> = words.ends;
  return here
    .filter(({ state }) => state === 'left')
    .toSorted((a, b) => b.people - a.people)
    .map(({ endReason, people }) => ({
      label: known[endReason ?? ''] ?? (endReason ?? '').replaceAll('_', ' '),
      count: format.count(people),
    }));
}
