/** What a check found: where, and what to do. */
export interface Problem {
  /** Path within the package */
  file: string;
  line?: number;
  says: string;
}

export function inWords({ file, line, says }: Problem): string {
  return `${file}${line === undefined ? '' : `:${String(line)}`}: ${says}`;
}
