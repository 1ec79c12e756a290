/**
 * What the server hands every loader and action. Whoever mounts the app decides who is asking and which store they see;
 * the pages only ask.
 */
import { RekindleError, type Engine } from '@rekindle/core';
import type { AppLoadContext } from '@remix-run/node';

export interface Session {
  storeId: string;
  /** As it stands in the audit log: user:<id> */
  actor: string;
  /** Stores this person may look at, for the switch */
  stores: { id: string; name: string }[];
}

/** What is around the pages: a frame of their own, or the Shopify admin, with which App Bridge speaks for the app of this key. */
export type Frame = { kind: 'standalone' } | { kind: 'embedded'; apiKey: string; bridge: string };

declare module '@remix-run/server-runtime' {
  interface AppLoadContext {
    engine: Engine;
    session(request: Request): Promise<Session> | Session;
    frame: Frame;
    nonce: string;
    /** Whether HubSpot can be connected from here */
    mayConnect?: boolean;
  }
}

export interface Asking extends Session {
  engine: Engine;
}

/**
 * Runs a page's read or change for the store of whoever asks. An expected failure becomes an answer with its own status and
 * sentence, which the page's error boundary shows; anything else is a defect and stays hidden from the reader.
 */
export async function answer<Result>(
  args: { request: Request; context: AppLoadContext },
  work: (asking: Asking) => Promise<Result>,
): Promise<Result> {
  try {
    const session = await args.context.session(args.request);
    return await work({ engine: args.context.engine, ...session });
  } catch (error) {
    if (error instanceof RekindleError) throw new Response(error.message, { status: error.status });
    throw error;
  }
}

/** What a form gets back: a sentence on what was done, or on why nothing was. */
export type Done = { done: string; failed: null } | { done: null; failed: string };

/** Runs a change. Where it may not be made now, the page stays and says so. */
export async function attempt(
  args: { request: Request; context: AppLoadContext },
  work: (asking: Asking) => Promise<string>,
): Promise<Done> {
  try {
    const session = await args.context.session(args.request);
    return { done: await work({ engine: args.context.engine, ...session }), failed: null };
  } catch (error) {
    if (error instanceof RekindleError) return { done: null, failed: `${error.message} Nothing was changed.` };
    throw error;
  }
}
