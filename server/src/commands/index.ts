/** The operator's commands: the one registry. A command is a file here with `add(program)`, which declares it. */
import type { Command } from 'commander';
import { add as experiments } from './experiments.ts';

export const COMMANDS: ((program: Command) => void)[] = [experiments];
