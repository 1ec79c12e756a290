/**
 * The operator's commands: the one registry. A command is a file here with `add(program)`, which declares it. Order: a
 * command before those that add to it.
 */
import type { Command } from 'commander';
import { add as bench } from './bench.ts';
import { add as connect } from './connect.ts';
import { add as demo } from './demo.ts';
import { add as experiments } from './experiments.ts';
import { add as explain } from './explain.ts';
import { add as journeys } from './journeys.ts';
import { add as keys } from './keys.ts';
import { add as forecast } from './forecast.ts';
import { add as merges } from './merges.ts';
import { add as models } from './models.ts';
import { add as offer } from './offer.ts';
import { add as reliability } from './reliability.ts';
import { add as replies } from './replies.ts';
import { add as restored } from './restored.ts';
import { add as stores } from './stores.ts';
import { add as uplift } from './uplift.ts';

export const COMMANDS: ((program: Command) => void)[] = [
  bench,
  connect,
  demo,
  experiments,
  explain,
  journeys,
  keys,
  merges,
  models,
  forecast,
  offer,
  reliability,
  restored,
  replies,
  stores,
  uplift,
];
