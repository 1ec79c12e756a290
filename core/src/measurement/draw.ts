/**
 * The draw that decides who is held back. A keyed hash, not a random number: anyone with the store's key can replay it, nobody
 * without it can foresee it, and it does not depend on the order or the day people are looked at. It must never depend on
 * anything that a campaign could change about a person.
 */
import { createHmac } from 'node:crypto';

/** The campaign key of the store-wide control: people below stores.control_share get nothing at all. */
export const STORE_CONTROL = '*';

/**
 * Where a person falls in a campaign's draw, uniform in [0, 1): HMAC-SHA256 under `drawKey` of the JSON of both keys, its
 * first 53 bits over 2^53. Draws of one person in different campaigns have nothing in common.
 * `customerKey` is customers.key, `campaignKey` is campaigns.key.
 */
export function draw(drawKey: string, campaignKey: string, customerKey: string): number {
  const digest = createHmac('sha256', drawKey)
    .update(JSON.stringify([campaignKey, customerKey]))
    .digest();
  return (digest.readUInt32BE(0) * 2 ** 21 + (digest.readUInt32BE(4) >>> 11)) / 2 ** 53;
}
