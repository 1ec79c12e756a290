/**
 * What a writer is told: an allow-list, filled here and nowhere else. No name, no address, no id of a person. Names of
 * products are data from outside: cleaned, shortened, and dropped where they hold what no mail may hold. Pure.
 */
import { DateTime } from 'luxon';
import type { Store } from '../accounts/index.ts';
import type { CampaignPlan } from '../campaigns/index.ts';
import type { Brief } from '../ports.ts';
import { reasonsAgainstName } from './guard.ts';
import type { MailLanguage } from './language.ts';
import { offerLabel, oneVisibleLine, withoutLiquid } from './words.ts';

/** Drafts a language: as many as there are variant keys. */
export const DRAFTS = 2;
/** Products that are named. */
const PRODUCTS = 3;
const NAME_LENGTH = 60;

/** Lines of an order log that are no goods. */
const NO_GOODS =
  /^(?:shipping|delivery|carriage|handling|packing|manual|adjust(?:ment)?s?|discount|\w* ?fees?|bank charges|samples?|deposit|test|gift ?(?:card|voucher).*|.*\bcommission|.*\bpostage\b.*)$/i;

export interface SoldProduct {
  name: string;
  imageUrl: string | null;
}

/** The brief of one mail in one language. `products` are best sellers first. */
export function briefFor(
  store: Store,
  plan: Pick<CampaignPlan, 'goal' | 'offer'>,
  { language, products }: { language: MailLanguage; products: SoldProduct[] },
): Brief {
  const { offer } = plan;
  return {
    language,
    store: {
      name: storeName(store),
      website: oneVisibleLine(store.website, 200),
      voice: oneVisibleLine(store.settings.voice, 500),
    },
    goal: plan.goal,
    offer: offer
      ? {
          kind: offer.kind,
          label: offerLabel(offer, language, store.currency),
          code: oneVisibleLine(offer.code, 40),
          until: dayOf(offer.until, store.timeZone),
        }
      : undefined,
    products: products.map((product) => product.name),
    variants: DRAFTS,
  };
}

/** The products a mail may name, cleaned; at most three. */
export function goodsFor(sold: SoldProduct[]): SoldProduct[] {
  const goods = new Map<string, SoldProduct>();
  for (const product of sold) {
    const name = readable(oneVisibleLine(product.name, NAME_LENGTH));
    if (name.length < 3 || NO_GOODS.test(name) || reasonsAgainstName(name).length > 0) continue;
    if (!goods.has(name.toLowerCase())) goods.set(name.toLowerCase(), { name, imageUrl: safeImage(product.imageUrl) });
  }
  return [...goods.values()].slice(0, PRODUCTS);
}

export function storeName(store: Store): string {
  return withoutLiquid(oneVisibleLine(store.name, 40));
}

/** NAMES IN CAPITALS, as tills print them, become names that people read. */
function readable(name: string): string {
  if (name.length < 5 || name !== name.toUpperCase()) return name;
  const lower = name.toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

function safeImage(url: string | null): string | null {
  return url !== null && /^https:\/\/[^\s"'<>{}]{4,400}$/.test(url) ? url : null;
}

/** The calendar day that an instant has in a zone, as noon UTC of that day. */
function dayOf(instant: Date, zone: string): Date {
  const { year, month, day } = DateTime.fromJSDate(instant, { zone });
  return new Date(Date.UTC(year, month - 1, day, 12));
}
