/** Rows as CSV (RFC 4180), safe to open in a spreadsheet: what would be taken for a formula is told to be text. Pure. */

export function stringify(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(text: string): string {
  // A number may begin with a minus; a word that begins like a formula may not.
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
