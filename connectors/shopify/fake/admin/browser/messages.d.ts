/** What the app's page and the admin's page tell each other (window.postMessage). */

export interface AppLink {
  label: string;
  /** The app's own path: /customers */
  path: string;
  /** The app's first page, which its name leads to */
  home: boolean;
}

export type ToAdmin =
  | { kind: 'token'; id: number }
  | { kind: 'path'; path: string }
  | { kind: 'menu'; links: AppLink[]; title: string }
  | { kind: 'toast'; text: string }
  | { kind: 'loading'; on: boolean };

export type FromAdmin = { kind: 'token'; id: number; token: string } | { kind: 'navigate'; path: string };
