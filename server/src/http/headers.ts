/** Headers that every answer carries unless its route has set its own (https://owasp.org/www-project-secure-headers/). */
import type { MiddlewareHandler } from 'hono';

const DEFAULTS: Record<string, string> = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  // Addresses hold tokens: no other site is told where somebody came from.
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex, nofollow',
};

/** `secure`: the site is reached by https, and browsers may be told to insist on it for a year. */
export function headersOf(secure: boolean): Record<string, string> {
  return { ...DEFAULTS, ...(secure ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}) };
}

export function secureHeaders(secure: boolean): MiddlewareHandler {
  const headers = Object.entries(headersOf(secure));
  return async (context, next) => {
    await next();
    const framed = maybeFramed(context.res.headers.get('Content-Security-Policy'));
    for (const [name, value] of headers)
      if (!context.res.headers.has(name) && !(framed && name === 'X-Frame-Options'))
        context.res.headers.set(name, value);
  };
}

/** A policy that names who may frame the answer is not contradicted by the older header, which knows no names. */
function maybeFramed(policy: string | null): boolean {
  return policy !== null && /frame-ancestors (?!'none')/.test(policy);
}
