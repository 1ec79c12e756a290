/** What a person wrote in an answer, without what her mail program put below it: our own mail, quoted. Pure. */

/** Longest text that is kept: an answer, not a book. */
const LONGEST = 4000;

/** The line that a mail program puts above what it quotes, in the languages of the mails. */
const ABOVE_QUOTE = [
  /^\s*>/,
  /^\s*(?:On|El|Le|Am|Em)\b.{3,200}\b(?:wrote|escribi[óo]|a écrit|schrieb|escreveu)\s*:?\s*$/i,
  /^\s*-{2,}\s*(?:Original Message|Mensaje original|Forwarded message|Mensaje reenviado)\b/i,
  /^\s*_{10,}\s*$/,
  /^\s*(?:From|De|Von)\s*:.*@/i,
  /^\s*(?:Sent from my|Enviado desde mi|Get Outlook for|Obtener Outlook para)\b/i,
];
const HEAD_OF_QUOTE = /^\s*(?:On|El)\b.{3,}/i;

/** The person's own words; '' where there are none. */
export function writtenIn(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const end = lines.findIndex(
    (line, place) =>
      ABOVE_QUOTE.some((pattern) => pattern.test(line)) ||
      // A long "On … wrote:" is broken over two lines.
      (HEAD_OF_QUOTE.test(line) && (ABOVE_QUOTE[1] as RegExp).test(`${line} ${lines[place + 1] ?? ''}`)),
  );
  return (end < 0 ? lines : lines.slice(0, end)).join('\n').trim().slice(0, LONGEST).toWellFormed();
}
