/**
 * Pages beside the app's own, for whoever is not in: she came to the app's address by herself, and the way leads through the
 * Shopify admin; or Shopify does not answer.
 */
const SHOP = /^([a-z0-9][a-z0-9-]*)(\.myshopify\.com)?$/;

/** With a shop's name: on to its admin, which installs the app where it is not. Without: a page that asks for it. */
export function loginPage(given: string | null, apiKey: string): Response {
  const name = SHOP.exec((given ?? '').trim().toLowerCase())?.[1];
  if (name !== undefined) {
    const address = `https://admin.shopify.com/store/${name}/oauth/install?client_id=${encodeURIComponent(apiKey)}`;
    return new Response(null, { status: 302, headers: { Location: address } });
  }
  const wrong = given !== null && given !== '';
  return page(
    wrong ? 400 : 200,
    'Rekindle opens in the Shopify admin',
    `<p>Choose it there under Apps. Or name your shop, and we take you there.</p>
<form method="get" action="/auth/login">
<label for="shop">Your shop</label>
<input id="shop" name="shop" placeholder="my-shop.myshopify.com" autocomplete="url" required>
${wrong ? '<p class="wrong" role="alert">That is no shop’s address. It looks like my-shop.myshopify.com.</p>' : ''}
<button type="submit">Open in the admin</button>
</form>`,
  );
}

/** For whoever is let in, but not at this moment. */
export function notNow(sentence: string, status: number): Response {
  const told = escapeText(sentence);
  return page(
    status,
    'Rekindle cannot be opened at this moment',
    `<p role="alert">${told} Nothing was lost. Load this page again in a minute; what runs by itself goes on.</p>`,
  );
}

/** For whoever set out to connect something and did not get there. */
export function refusedPage(title: string, sentence: string, status: number): Response {
  const told = escapeText(sentence);
  return page(status, title, `<p role="alert">${told} Go back to Connections in Rekindle and try again.</p>`);
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function page(status: number, title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>
body { margin: 0; background: #f1f1f1; color: #303030; font: 16px/24px system-ui, sans-serif; }
main { max-width: 440px; margin: 12vh auto 0; padding: 28px 24px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 8px; font-size: 20px; }
form { display: grid; gap: 8px; margin-top: 20px; }
label { font-weight: 600; font-size: 14px; }
input, button { font: inherit; padding: 10px 12px; border-radius: 8px; border: 1px solid #8a8a8a; }
button { border: 0; background: #1a1a1a; color: #fff; font-weight: 600; }
:focus-visible { outline: 2px solid #005bd3; outline-offset: 2px; }
.wrong { color: #8e0b21; }
@media (max-width: 480px) { main { margin: 0; min-height: 100vh; border-radius: 0; box-sizing: border-box; } }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
  return new Response(html, { status, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}
