/** Where the mathematics runs: in another thread for a large store, right here for a small one (a thread costs a tenth of a second). */
import { Worker } from 'node:worker_threads';
import { fail } from '../errors.ts';
import { chooseModel, type Choice, type ChooseInput } from './choose.ts';
import type { MailScore } from './mails/mails.store.ts';
import { scoreMailed, teach, type MailedPerson, type Taught, type TeachInput } from './mails/teach.ts';
import type { ScoringPlan } from './score-people.ts';
import { textScorer, type ScoredChunk } from './score-text.ts';
import type { Task } from './worker.ts';

export interface MathsThread {
  choose(input: ChooseInput): Promise<Choice>;
  /** Gives the function that scores lines by this plan. */
  start(plan: ScoringPlan): Promise<(lines: Uint8Array) => Promise<ScoredChunk>>;
  /** Learns from past mails; what was learned stays here for scoreMailed. */
  teach(input: TeachInput): Promise<Taught>;
  scoreMailed(people: MailedPerson[], now: number): Promise<MailScore[]>;
  close(): Promise<void>;
}

export function openThread(options: { own: boolean }): MathsThread {
  return options.own ? ownThread() : here();
}

function here(): MathsThread {
  let taught: Taught | undefined;
  return {
    choose: (input) => Promise.resolve(chooseModel(input)),
    start: (plan) => {
      const score = textScorer(plan);
      return Promise.resolve((lines) => Promise.resolve(score(lines)));
    },
    teach: (input) => Promise.resolve((taught = teach(input))),
    scoreMailed: (people, now) => Promise.resolve(taught ? scoreMailed(taught.lessons, people, now) : []),
    close: () => Promise.resolve(),
  };
}

function ownThread(): MathsThread {
  const worker = new Worker(new URL('./worker.ts', import.meta.url));
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let last = 0;
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: { id: number; value?: unknown; error?: string }) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.error === undefined) asked?.resolve(answer.value);
    else asked?.reject(fail('internal', `scoring thread: ${answer.error}`));
  });
  worker.on('error', (error) => {
    failAll(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => {
    failAll(fail('internal', 'the scoring thread ended early'));
  });
  function ask(task: Task): Promise<unknown> {
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, task });
    });
  }
  return {
    choose: async (input) => (await ask({ kind: 'choose', input })) as Choice,
    start: async (plan) => {
      await ask({ kind: 'start', plan });
      return async (lines) => (await ask({ kind: 'score', lines })) as ScoredChunk;
    },
    teach: async (input) => (await ask({ kind: 'teach', input })) as Taught,
    scoreMailed: async (people, now) => (await ask({ kind: 'score-mailed', people, now })) as MailScore[],
    close: async () => {
      await worker.terminate();
    },
  };
}
