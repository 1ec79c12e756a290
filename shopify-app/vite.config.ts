/** Builds the pages: a client bundle and a server module. Needs no network. */
import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    remix({
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_singleFetch: true,
        // Lazy discovery keeps its notes in sessionStorage, which a browser denies in the admin's cross-site frame.
        v3_lazyRouteDiscovery: false,
      },
    }),
  ],
  build: { target: 'es2022', chunkSizeWarningLimit: 700, assetsInlineLimit: 0 },
  ssr: {
    // One engine in the process: the server's. Bundling core would make a second set of its classes and caches.
    external: ['@rekindle/core'],
    noExternal: ['@shopify/polaris', '@shopify/polaris-icons'],
  },
});
