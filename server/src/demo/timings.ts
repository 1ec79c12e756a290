/** How long each stage took, over all its runs, and what memory it left behind. Real seconds, while all else here lives in virtual time. */
import type { Engine, RunStage, StageName, StageReport } from '@rekindle/core';

export interface Timings {
  run: RunStage;
  /** Seconds by stage, to the millisecond. */
  seconds(): Record<string, number>;
  /** Most resident memory of the process seen at the end of a stage, bytes. */
  memory(): Record<string, number>;
}

export function timeStages(engine: Engine, storeId: string): Timings {
  const spent = new Map<StageName, number>();
  const held = new Map<StageName, number>();
  return {
    async run(name, stage): Promise<StageReport> {
      const start = performance.now();
      try {
        return await stage(engine, storeId);
      } finally {
        spent.set(name, (spent.get(name) ?? 0) + performance.now() - start);
        held.set(name, Math.max(held.get(name) ?? 0, process.memoryUsage.rss()));
      }
    },
    seconds: () =>
      Object.fromEntries([...spent].map(([name, milliseconds]) => [name, Math.round(milliseconds) / 1000])),
    memory: () => Object.fromEntries(held),
  };
}
