/**
 * HubSpot's signature, version 3: HMAC-SHA256 under the app's client secret over method, address, body and timestamp, as
 * base64. HubSpot signs the address with certain percent-codes of its query decoded; older senders sign it as it went over the
 * wire. Both are accepted: each is an HMAC that only HubSpot and we can make.
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, type RawWebhook } from '@rekindle/core';

export const SIGNATURE_HEADER = 'x-hubspot-signature-v3';
export const TIMESTAMP_HEADER = 'x-hubspot-request-timestamp';
/** Older or newer is somebody's recording. */
const TOLERANCE_MS = 300_000;

/** The characters that stand decoded in what is signed. */
const DECODED: Record<string, string> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

/** The address as HubSpot signs it. */
export function decodedForSigning(url: string): string {
  return url.replace(/%[0-9A-Fa-f]{2}/g, (code) => DECODED[code.toUpperCase()] ?? code);
}

/**
 * Checks a request of HubSpot's: a webhook, or a call of the card. Throws `unauthorised`. `url` is the address as HubSpot
 * knows it, with scheme, host and query.
 */
export function verifyHubSpotSignature(clientSecret: string, request: RawWebhook, now: Date): void {
  const signature = header(request.headers, SIGNATURE_HEADER);
  const timestamp = header(request.headers, TIMESTAMP_HEADER);
  if (signature === undefined || timestamp === undefined)
    throw fail('unauthorised', 'The request is not signed by HubSpot.');
  const { method = 'POST', url = '' } = request;
  const given = Buffer.from(signature);
  const fits = (address: string): boolean => {
    const mac = createHmac('sha256', clientSecret);
    mac
      .update(method + address)
      .update(request.body)
      .update(timestamp);
    const wanted = Buffer.from(mac.digest('base64'));
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  };
  const candidates = new Set([url, decodedForSigning(url), decodedWhole(url)]);
  if (![...candidates].some(fits)) throw fail('unauthorised', 'The request’s signature is wrong.');
  if (!/^\d{1,16}$/.test(timestamp) || !(Math.abs(now.getTime() - Number(timestamp)) <= TOLERANCE_MS))
    throw fail('unauthorised', 'The request’s signature is too old, or a clock is wrong.');
}

/** Every percent-code decoded, as some of HubSpot's own senders are reported to do. */
function decodedWhole(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

function header(headers: Record<string, string>, name: string): string | undefined {
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
