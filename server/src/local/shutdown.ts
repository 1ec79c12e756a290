/**
 * What has been started is stopped in the opposite order, once, whatever asks for it: Ctrl-C, SIGTERM, a closed terminal,
 * the end of the process that started this one, or a failure.
 */
export interface Shutdown {
  /** Remembers how to stop what has just been started. */
  add(stop: () => Promise<void> | void): void;
  /** Stops all of it. Repeating waits for the first. */
  run(): Promise<void>;
  /** Whether somebody has asked for the end: what fails from then on is no failure. */
  asked(): boolean;
  /** Stops all and ends the process when asked to by a signal or by the parent's end. */
  listen(say: (sentence: string) => void): void;
}

/** A second Ctrl-C after this many milliseconds means "now": npm and the terminal both pass the first one on. */
const IMPATIENT_AFTER = 1500;
/** After this many milliseconds whoever hangs is left behind; the embedded database has a watchman of its own. */
const AT_MOST = 30_000;

export function createShutdown(): Shutdown {
  const stops: (() => Promise<void> | void)[] = [];
  let running: Promise<void> | undefined;
  async function runAll(): Promise<void> {
    for (const stop of stops.toReversed()) {
      try {
        await stop();
      } catch {
        // What does not stop must not keep the next from stopping.
      }
    }
  }
  const run = (): Promise<void> => (running ??= runAll());

  let asked: number | undefined;
  function listen(say: (sentence: string) => void): void {
    function end(): void {
      if (asked !== undefined) {
        if (performance.now() - asked > IMPATIENT_AFTER) process.exit(130);
        return;
      }
      asked = performance.now();
      say('Stopping …');
      setTimeout(() => process.exit(1), AT_MOST).unref();
      void run().then(() => {
        process.exit(0);
      });
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
    process.on('disconnect', end);
    process.channel?.unref();
  }
  return { add: (stop) => void stops.push(stop), run, asked: () => asked !== undefined, listen };
}
