/**
 * `npm run -s rekindle -- COMMAND`: the operator's command line. Each command is a file in commands/; this one only
 * reads the line, runs the command and turns a failure into one sentence and an exit code.
 */
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands/index.ts';
import { failureLine } from './commands/output.ts';
import { readConfig } from '@rekindle/core';

const program = new Command('rekindle')
  .description('Wins lapsed customers back by e-mail and proves what that brought in.')
  .usage('<command> [options]')
  .exitOverride()
  .enablePositionalOptions();
for (const add of COMMANDS) add(program);

/** Zero, or what the shell is told of the failure. */
async function run(argv: string[]): Promise<number> {
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    // Commander has said its sentence by itself, and --help is no failure.
    if (error instanceof CommanderError) return error.exitCode;
    process.stderr.write(`rekindle: ${failureLine(error, isVerbose())}\n`);
    return 1;
  }
}

function isVerbose(): boolean {
  try {
    return ['debug', 'trace'].includes(readConfig().LOG_LEVEL);
  } catch {
    return false;
  }
}

const code = await run(process.argv);
// A command may have set one of its own.
if (code !== 0) process.exitCode = code;
