/** A shop's name as Shopify writes it. What is none never gets into a header, a link or a request. */
const SHOP = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

export function isShop(name: string): boolean {
  return SHOP.test(name);
}

/** The shop that an address names, where it may be one: who may frame an answer that is given before anybody is known. */
export function shopNamed(request: Request): string | undefined {
  const shop = new URL(request.url).searchParams.get('shop');
  return shop !== null && isShop(shop) ? shop : undefined;
}
