/**
 * The worker processes of a trial: started, watched, killed, stopped and let go on, each by its own number. One is always
 * loaded ahead, so that the next life begins when the last one ends.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-protocol.ts';

const PROGRAM = path.join(import.meta.dirname, 'worker-process.ts');
/** Compiled code, so that a life does not go into compiling it again. */
const CACHE = path.resolve(import.meta.dirname, '../../../node_modules/.cache/rekindle-crew');

export type Moment = 'claim' | 'request' | 'idle' | 'gone';

export interface CrewMember {
  /** Batches it has claimed, so far as it could tell */
  readonly batchIds: readonly string[];
  readonly alive: boolean;
  /** Resolves at its next committed claim or start of a request: `idle` where a delivery ended without any, `gone` where it died. */
  next(what: 'claim' | 'request'): Promise<Moment>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
}

export interface Crew {
  /** A worker at work. `last`: none is loaded ahead for the next one. */
  join(options?: { last: boolean }): Promise<CrewMember>;
  /** Puts everybody's clock forward. */
  put(shift: number): void;
  /** Ends all, and waits until they are gone. */
  close(): Promise<void>;
}

export interface CrewOptions {
  settings: WorkerSettings;
  /** Told of every request that starts: which messages, and when by process.hrtime */
  onSending?: (messageIds: string[], at: number) => void;
  onFailed?: () => void;
}

export function openCrew({ settings, onSending, onFailed }: CrewOptions): Crew {
  const children = new Set<ChildProcess>();
  const now = { ...settings, clock: { ...settings.clock } };
  let spare: Promise<ChildProcess> | undefined;
  let closed = false;

  async function load(): Promise<ChildProcess> {
    const child = fork(PROGRAM, [CACHE], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    // A message to one that has just died.
    child.on('error', () => undefined);
    tell(child, { say: 'prepare', settings: now });
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        if (!closed) throw new Error(`a worker did not start (exit ${String(code)})`);
      }),
    ]);
    return child;
  }

  return {
    async join(joining) {
      // Taken at once: two may ask at the same time.
      const mine = spare ?? load();
      spare = joining?.last === true ? undefined : load();
      // Whoever joins next hears of it.
      spare?.catch(() => undefined);
      const child = await mine;
      const member = watch(child, onSending, onFailed);
      // It may have been prepared before the clock was put forward.
      tell(child, { say: 'put', shift: now.clock.shift });
      tell(child, { say: 'start' });
      return member;
    },
    put(shift) {
      now.clock.shift = shift;
      for (const child of children) tell(child, { say: 'put', shift });
    },
    async close() {
      closed = true;
      await Promise.all([...children].map((child) => end(child)));
      await spare?.catch(() => undefined);
    },
  };
}

function watch(
  child: ChildProcess,
  onSending: CrewOptions['onSending'],
  onFailed: CrewOptions['onFailed'],
): CrewMember {
  const batchIds: string[] = [];
  const waiting = new Set<{ what: Moment; resolve: (moment: Moment) => void }>();
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  function reach(moment: Moment): void {
    for (const one of waiting)
      if (one.what === moment || moment === 'idle' || moment === 'gone') {
        waiting.delete(one);
        one.resolve(moment);
      }
  }
  child.on('message', (message: FromWorker) => {
    if (message.say === 'claimed') {
      batchIds.push(...message.batchIds);
      reach('claim');
    }
    if (message.say === 'delivered' && message.batches === 0) reach('idle');
    if (message.say === 'failed') onFailed?.();
    if (message.say === 'sending') {
      onSending?.(message.messageIds, message.at);
      reach('request');
    }
  });
  child.once('exit', () => {
    reach('gone');
  });
  return {
    batchIds,
    get alive() {
      return isAlive();
    },
    next: (what) =>
      new Promise((resolve) => {
        if (isAlive()) waiting.add({ what, resolve });
        else resolve('gone');
      }),
    kill: () => end(child),
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
  };
}

function tell(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => undefined);
}

/** kill -9: nothing of it runs on, no handler, no last word. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
