/**
 * The clock of a trial: the machine's, run faster where a lease would be waited for too often, and put forward where a day
 * of waiting for word is skipped. Every process of a trial that has the same settings reads the same time.
 */
import { wallClock, type Clock } from '@rekindle/core';

export interface ClockSettings {
  /** Milliseconds since 1970, from which it runs */
  epoch: number;
  /** Times as fast as the machine's */
  speed: number;
  /** Milliseconds put forward so far */
  shift: number;
}

export interface TrialClock extends Clock {
  readonly settings: ClockSettings;
  put: (shift: number) => void;
}

export function trialClock(given: Partial<ClockSettings> = {}): TrialClock {
  const settings = { epoch: wallClock.now().getTime(), speed: 1, shift: 0, ...given };
  return {
    settings,
    now: () =>
      new Date(settings.epoch + (wallClock.now().getTime() - settings.epoch) * settings.speed + settings.shift),
    put: (shift) => {
      settings.shift = shift;
    },
  };
}
