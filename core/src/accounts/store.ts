/** One tenant. */
import type { StoreSettings } from './settings.ts';

export interface Store {
  id: string;
  organisationId: string;
  name: string;
  /** ISO 4217 */
  currency: string;
  /** IANA */
  timeZone: string;
  /** ISO 3166-1 alpha-2 */
  country: string;
  /** BCP 47 */
  language: string;
  website: string;
  sender: { name: string; email: string; replyTo: string; postalAddress: string };
  simulated: boolean;
  drawKey: string;
  controlShare: number;
  settings: StoreSettings;
  dataVersion: number;
  scoreVersion: number;
  createdAt: Date;
}
