/** What the fuzz trial and the server process under fire say to each other. */

export interface SiteSettings {
  databaseUrl: string;
  /** The configuration, as an environment names it */
  env: Record<string, string>;
  /** Adds a route that fails on certain inputs, and is mentioned nowhere else */
  broken: boolean;
}

export interface Route {
  method: string;
  /** As the router writes it: /c/:token */
  path: string;
  /** Rendered by the pages, not by a route of the server itself */
  page: boolean;
}

export type FromSite =
  | { say: 'ready'; url: string; routes: Route[] }
  /** Milliseconds that the event loop stood still at the longest, in all, and by its own calculating; how often over the limit */
  | {
      say: 'beat';
      longest: number;
      longestOwn: number;
      stalls: number;
      ownStalls: number;
      /** Megabytes */
      memory: number;
    };

export type ToSite = { say: 'open'; settings: SiteSettings } | { say: 'beat' };

/** Milliseconds that nobody may hold the event loop up. */
export const STALL_MS = 200;
