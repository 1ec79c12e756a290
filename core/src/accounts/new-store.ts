/** What must be known of a shop to open a store for it. */
import { z } from 'zod';

export const newStore = z.object({
  name: z.string().trim().min(1).max(200),
  /** ISO 4217 */
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as EUR'),
  /** IANA */
  timeZone: z.string().refine(isZone, 'must be a time zone such as Europe/Madrid'),
  /** ISO 3166-1 alpha-2 */
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country such as ES'),
  /** BCP 47 */
  language: z.string().min(2).max(35),
  website: z.url().or(z.literal('')).default(''),
  /** Who mails are from; a shop's own contact address until somebody says another */
  senderEmail: z.email().or(z.literal('')),
  /** Stands in every mail; '' until somebody says it, and no mail goes out before */
  postalAddress: z.string().max(500).default(''),
  simulated: z.boolean().default(false),
});
export type NewStore = z.input<typeof newStore>;
export type ParsedStore = z.output<typeof newStore>;

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
