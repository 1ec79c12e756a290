/** The other thread: fits and scores where the store is large, so that the event loop stays free. See thread.ts. */
import { parentPort } from 'node:worker_threads';
import { chooseModel, type ChooseInput } from './choose.ts';
import { scoreMailed, teach, type MailedPerson, type Taught, type TeachInput } from './mails/teach.ts';
import type { ScoringPlan } from './score-people.ts';
import { textScorer, type ScoredChunk } from './score-text.ts';

export type Task =
  | { kind: 'choose'; input: ChooseInput }
  | { kind: 'start'; plan: ScoringPlan }
  | { kind: 'score'; lines: Uint8Array }
  | { kind: 'teach'; input: TeachInput }
  | { kind: 'score-mailed'; people: MailedPerson[]; now: number };

let taught: Taught | undefined;
let score: ((lines: Uint8Array) => ScoredChunk) | undefined;

function run(task: Task): unknown {
  switch (task.kind) {
    case 'choose':
      return chooseModel(task.input);
    case 'start':
      score = textScorer(task.plan);
      return undefined;
    case 'score':
      if (!score) throw new Error('no plan yet');
      return score(task.lines);
    case 'teach':
      taught = teach(task.input);
      return taught;
    case 'score-mailed':
      if (!taught) throw new Error('nothing was taught yet');
      return scoreMailed(taught.lessons, task.people, task.now);
  }
}

parentPort?.on('message', ({ id, task }: { id: number; task: Task }) => {
  try {
    parentPort?.postMessage({ id, value: run(task) });
  } catch (error) {
    parentPort?.postMessage({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
