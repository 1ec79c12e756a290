/**
 * The session that calls are made with, shared by every process through the vault: whoever finds it expired renews it, once;
 * and whoever sees the organisation's daily calls run out lets all of them rest.
 */
import { fail, type Clock, type Credentials } from '@rekindle/core';
import { keptSession, type KeptSession } from './schema.ts';

/** After such a rest one call asks again how things stand. Salesforce counts the last 24 hours, so room comes back bit by bit. */
const REST_MS = 15 * 60_000;
/** Share of the day's calls that Rekindle may bring the organisation to. The rest is for everybody else. */
export const SHARE = 0.9;

export interface Usage {
  used: number;
  limit: number;
}

export interface Sessions {
  /** The session to call with. Throws `connector_unavailable` while it rests. */
  current(): Promise<KeptSession>;
  /** Another one than this, which Salesforce no longer knows. */
  renew(expired: KeptSession): Promise<void>;
  /** No more calls for a while. `usage` is unknown where Salesforce only said that it is too much. */
  rest(usage: Usage | undefined): Promise<Error>;
}

export function sessionsOf(credentials: Credentials, clock: Clock, signIn: () => Promise<KeptSession>): Sessions {
  let kept: KeptSession | undefined;
  let told: Usage | undefined;

  async function renew(expired: KeptSession | undefined): Promise<KeptSession> {
    kept = keptSession.parse(
      await credentials.renew(async (now) => {
        const parsed = keptSession.safeParse(now);
        if (parsed.success && parsed.data.accessToken !== expired?.accessToken) return parsed.data;
        return signIn();
      }),
    );
    return kept;
  }

  return {
    async current() {
      if (kept === undefined) {
        const parsed = keptSession.safeParse(await credentials.read());
        kept = parsed.success ? parsed.data : await renew(undefined);
      }
      if (kept.restUntil === undefined) return kept;
      if (clock.now() < new Date(kept.restUntil)) throw tired(told);
      const { restUntil: _over, ...rested } = kept;
      kept = rested;
      return kept;
    },
    async renew(expired) {
      await renew(expired);
    },
    async rest(usage) {
      told = usage;
      const restUntil = new Date(clock.now().getTime() + REST_MS).toISOString();
      kept = keptSession.parse(
        await credentials.renew((now) => {
          const parsed = keptSession.safeParse(now);
          return Promise.resolve(parsed.success ? { ...parsed.data, restUntil } : now);
        }),
      );
      return tired(usage);
    },
  };
}

function tired(usage: Usage | undefined): Error {
  const figures =
    usage === undefined
      ? 'Salesforce says that the calls of this organisation’s day are used up.'
      : `Salesforce counts ${usage.used.toLocaleString('en')} of this organisation’s ${usage.limit.toLocaleString('en')} calls a day.`;
  return fail(
    'connector_unavailable',
    `${figures} Rekindle leaves the last tenth to others and goes on by itself when there is room again.`,
  );
}
