/**
 * Who answered: a person, who must be answered in turn; a person who wants no more mail; or a machine that says that somebody is
 * away. Pure. In doubt it is a person, and in doubt whether a person wants out she does: both are the lesser harm.
 */

export type ReplyKind = 'person' | 'unsubscribe' | 'auto';

export interface ReplyFacts {
  /** Names in small letters */
  headers: Readonly<Record<string, string>>;
  /** Where a bounce would go; '' for who must not be bounced to */
  returnPath: string;
  subject: string;
  /** The person's own words (written.ts) */
  text: string;
}

export function kindOfReply(reply: ReplyFacts): ReplyKind {
  if (isAutomatic(reply)) return 'auto';
  return wantsOut(reply) ? 'unsubscribe' : 'person';
}

/** Words with which mail programs begin the subject of an automatic answer, where they say it nowhere else. */
const AWAY =
  /^\s*(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|respuesta autom[áa]tica|fuera de (?:la )?oficina)\b/i;

/**
 * RFC 3834 (Auto-Submitted), what came before it (Precedence, X-Autoreply), Exchange's own header, a report of a mail server (no
 * return path), and the subject.
 */
function isAutomatic({ headers, returnPath, subject }: ReplyFacts): boolean {
  const submitted = headers['auto-submitted']?.trim().toLowerCase() ?? 'no';
  const precedence = headers['precedence']?.trim().toLowerCase() ?? '';
  return (
    !submitted.startsWith('no') ||
    headers['x-autoreply'] !== undefined ||
    headers['x-autorespond'] !== undefined ||
    headers['x-auto-response-suppress']?.toLowerCase().includes('all') === true ||
    ['auto_reply', 'bulk', 'junk', 'list'].includes(precedence) ||
    ['', '<>'].includes(returnPath.trim()) ||
    AWAY.test(subject)
  );
}

/** An answer that says no more than this is a wish, however it is put; a long one that holds the word is a letter. */
const SHORT = 200;
/** The whole of an answer, or of its first line. */
const WHOLE =
  /^(?:please |por favor )?(?:unsubscribe(?: me)?|stop|remove(?: me)?|opt ?out|cancel|baja|darme de baja|dame de baja|deme de baja|quiero (?:darme de )?baja|cancelar(?: suscripcion)?|no me escriban mas|no mas correos|no mas)(?: please| por favor| thanks| thank you| gracias)?$/;
/** Somewhere in a short one. */
const WITHIN =
  /\b(?:unsubscribe|remove me from|take me off|stop (?:sending|mailing|emailing|writing)|no more (?:e ?)?mails?|(?:do not|dont|don t) (?:e ?mail|write to|contact) me|darme de baja|dar(?:me)? de baja|deme de baja|denme de baja|dame de baja|borrarme de|quitarme de|eliminarme de|no quiero (?:recibir )?mas (?:correos|mails|emails)|no (?:me )?(?:envien|manden|escriban) mas|dejen de (?:enviar|mandar|escribir)(?:me)?)\b/;
const NOT_AT_ALL =
  /\b(?:not|dont|don t|never|no quiero|sin) (?:want to |wish to )?(?:unsubscribe|dar(?:me)? de baja)\b/;

function wantsOut({ subject, text }: ReplyFacts): boolean {
  const said = plain(text);
  const first = plain(text.split('\n', 1)[0] ?? '');
  if (said === '') return WHOLE.test(plain(subject));
  if (WHOLE.test(said) || (WHOLE.test(first) && said.length <= SHORT)) return true;
  return said.length <= SHORT && WITHIN.test(said) && !NOT_AT_ALL.test(said);
}

/** Small letters without accents and marks, one blank between words. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
