/** What a page of ours may load and do (https://www.w3.org/TR/CSP3/). Nobody may put the stand-alone pages in a frame. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    // Polaris and the charts set styles on elements.
    "style-src 'self' 'unsafe-inline'",
    // A mail's preview shows the shop's own product pictures; its frame runs no script.
    "img-src 'self' data: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
