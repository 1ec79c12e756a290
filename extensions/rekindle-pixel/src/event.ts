/** What is told of something that a customer did: whose number, what, when, and which product. No name, no address, no page. */
import type {
  PixelEventsCheckoutCompleted,
  PixelEventsCheckoutStarted,
  PixelEventsProductAddedToCart,
  PixelEventsProductViewed,
} from '@shopify/web-pixels-extension';

export interface PixelEvent {
  /** Shopify's own id of the event: copies share it */
  id: string;
  kind: 'product_viewed' | 'product_added_to_cart' | 'checkout_started' | 'checkout_completed';
  /** ISO instant */
  at: string;
  /** Shopify's number of the customer */
  customerId: string;
  /** What the product is called in the shop */
  title?: string;
}

type Source =
  PixelEventsProductViewed | PixelEventsProductAddedToCart | PixelEventsCheckoutStarted | PixelEventsCheckoutCompleted;

/** Rekindle takes no longer one. */
const LONGEST_TITLE = 300;

/** `customerId`: who is signed in; somebody who orders as a guest is known by the order alone. Null: nobody known. */
export function toEvent(source: Source, customerId: string | undefined): PixelEvent | null {
  const who = customerId ?? customerOf(source);
  if (who === undefined) return null;
  const title = productOf(source)?.slice(0, LONGEST_TITLE);
  return {
    id: source.id,
    kind: source.name,
    at: source.timestamp,
    customerId: numberOf(who),
    ...(title === undefined ? {} : { title }),
  };
}

function customerOf(source: Source): string | undefined {
  return source.name === 'checkout_completed' ? (source.data.checkout.order?.customer?.id ?? undefined) : undefined;
}

function productOf(source: Source): string | undefined {
  if (source.name === 'product_viewed') return source.data.productVariant.product.title ?? undefined;
  if (source.name === 'product_added_to_cart') return source.data.cartLine?.merchandise.product.title ?? undefined;
  return undefined;
}

/** 'gid://shopify/Customer/42' is 42 in every other answer of Shopify; the pixel says now the one, now the other. */
function numberOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
