/**
 * How long the event loop stands still: by Node's own measure, which counts whatever keeps the thread from running, and by
 * what the thread itself has calculated meanwhile, which another program on the same machine adds nothing to.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { STALL_MS } from './protocol.ts';

const RESOLUTION_MS = 10;

export interface StallMeter {
  /** Since it was asked last */
  read(): { longest: number; longestOwn: number; stalls: number; ownStalls: number };
}

export function startStallMeter(onStall: () => void): StallMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const seen = { longest: 0, longestOwn: 0, stalls: 0, ownStalls: 0 };
  let calculated = ownMs();
  // A stall ends in a tick of this timer: so each is counted once.
  setInterval(() => {
    const now = ownMs();
    const own = now - calculated;
    calculated = now;
    seen.longestOwn = Math.max(seen.longestOwn, own);
    if (own > STALL_MS) seen.ownStalls++;
    const longest = delay.max / 1e6;
    delay.reset();
    seen.longest = Math.max(seen.longest, longest);
    if (longest > STALL_MS) seen.stalls++;
    // Told at once: the process may not live until it is asked.
    if (longest > STALL_MS || own > STALL_MS) onStall();
  }, RESOLUTION_MS).unref();
  return {
    read() {
      const told = { ...seen };
      Object.assign(seen, { longest: 0, longestOwn: 0, stalls: 0, ownStalls: 0 });
      return told;
    },
  };
}

function ownMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
