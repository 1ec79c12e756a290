/** The operator's commands: the one registry. A command is a file here with `add(program)`, which declares it. */
import type { Command } from 'commander';

export const COMMANDS: ((program: Command) => void)[] = [];
