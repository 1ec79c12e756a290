/** The one place in core that reads the wall clock. */
import type { Clock } from './ports.ts';

export const wallClock: Clock = { now: () => new Date() };
