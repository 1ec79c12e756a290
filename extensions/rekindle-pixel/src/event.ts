/** What is told of something that a customer did: which product, for how much, and whose id. No name, no address, no page. */
import type {
  PixelEventsCheckoutCompleted,
  PixelEventsCheckoutStarted,
  PixelEventsProductAddedToCart,
  PixelEventsProductViewed,
} from '@shopify/web-pixels-extension';

export interface PixelEvent {
  /** Shopify's own id of the event: copies share it */
  id: string;
  name: 'product_viewed' | 'product_added_to_cart' | 'checkout_started' | 'checkout_completed';
  /** ISO instant */
  at: string;
  /** Shopify's number of the customer */
  customerId: string;
  /** Shopify's number of the product */
  productId?: string;
  quantity?: number;
  /** In the currency's own unit, as the shop shows it: 42.5 is € 42.50 */
  amount?: number;
  currency?: string;
  /** Shopify's number of the order, once there is one */
  orderId?: string;
}

type Source =
  PixelEventsProductViewed | PixelEventsProductAddedToCart | PixelEventsCheckoutStarted | PixelEventsCheckoutCompleted;

/** `customerId`: who is signed in; somebody who orders as a guest is known by the order alone. Null: nobody known. */
export function toEvent(source: Source, customerId: string | undefined): PixelEvent | null {
  const who = customerId ?? customerOf(source);
  if (who === undefined) return null;
  return { id: source.id, name: source.name, at: source.timestamp, customerId: numberOf(who), ...factsOf(source) };
}

function customerOf(source: Source): string | undefined {
  return source.name === 'checkout_completed' ? (source.data.checkout.order?.customer?.id ?? undefined) : undefined;
}

function factsOf(source: Source): Partial<PixelEvent> {
  switch (source.name) {
    case 'product_viewed': {
      const { product, price } = source.data.productVariant;
      return { ...productOf(product.id), amount: price.amount, currency: price.currencyCode };
    }
    case 'product_added_to_cart': {
      const line = source.data.cartLine;
      if (line === null) return {};
      const { amount, currencyCode } = line.cost.totalAmount;
      return { ...productOf(line.merchandise.product.id), quantity: line.quantity, amount, currency: currencyCode };
    }
    case 'checkout_started':
    case 'checkout_completed': {
      const { totalPrice, order } = source.data.checkout;
      const money = totalPrice ? { amount: totalPrice.amount, currency: totalPrice.currencyCode } : {};
      return { ...money, ...(order?.id ? { orderId: numberOf(order.id) } : {}) };
    }
  }
}

function productOf(id: string | null): Partial<PixelEvent> {
  return id === null ? {} : { productId: numberOf(id) };
}

/** 'gid://shopify/Customer/42' is 42 in every other answer of Shopify; the pixel says now the one, now the other. */
function numberOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
