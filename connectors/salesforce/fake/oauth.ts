/** POST /services/oauth2/token: JWT bearer, as strict as the real one, and the sessions that it gives. */
import { createHash } from 'node:crypto';
import type { Clock } from '@rekindle/core';
import { errors, exportPKCS8, generateKeyPair, jwtVerify } from 'jose';

export interface AppKeys {
  /** PKCS#8 PEM, for SALESFORCE_PRIVATE_KEY */
  privateKey: string;
  publicKey: Awaited<ReturnType<typeof generateKeyPair>>['publicKey'];
}

let made: Promise<AppKeys> | undefined;

/** One pair a process: making one takes a while. */
export function appKeys(): Promise<AppKeys> {
  made ??= (async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    return { publicKey, privateKey: await exportPKCS8(privateKey) };
  })();
  return made;
}

export interface SignedIn {
  status: number;
  body: Record<string, string>;
}

export interface OAuth {
  token(form: URLSearchParams): Promise<SignedIn>;
  /** Whether a session is one of ours and still lives. */
  knows(accessToken: string): boolean;
  /** All sessions end now. */
  expireAll(): void;
  /** The administrator takes the app's leave away, or gives it back. */
  approve(approved: boolean): void;
  readonly signIns: number;
}

export interface OAuthOptions {
  clientId: string;
  username: string;
  keys: AppKeys;
  clock: Clock;
  organisation: string;
  /** The fake's own address: where one signs in, and the instance */
  url: () => string;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The real one takes assertions that end within three minutes, give or take its clock. */
const LONGEST_SECONDS = 300;

export function openOAuth(options: OAuthOptions): OAuth {
  const live = new Set<string>();
  let approved = true;
  let signIns = 0;
  const refuse = (error: string, description: string): SignedIn => ({
    status: 400,
    body: { error, error_description: description },
  });
  return {
    get signIns() {
      return signIns;
    },
    async token(form) {
      if (form.get('grant_type') !== GRANT) return refuse('unsupported_grant_type', 'grant type not supported');
      const { clientId, username, keys, clock, organisation, url } = options;
      const now = clock.now();
      try {
        const { payload } = await jwtVerify(form.get('assertion') ?? '', keys.publicKey, {
          algorithms: ['RS256'],
          currentDate: now,
          requiredClaims: ['iss', 'sub', 'aud', 'exp'],
        });
        if (payload.iss !== clientId) return refuse('invalid_client_id', 'client identifier invalid');
        if (payload.aud !== url()) return refuse('invalid_grant', 'audience is invalid');
        if ((payload.exp ?? 0) * 1000 > now.getTime() + LONGEST_SECONDS * 1000)
          return refuse('invalid_grant', 'invalid assertion');
        if (payload.sub !== username || !approved) return refuse('invalid_grant', "user hasn't approved this consumer");
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error;
        return refuse('invalid_grant', 'invalid assertion');
      }
      signIns++;
      const secret = createHash('sha256')
        .update(`${organisation} session ${String(signIns)}`)
        .digest('hex');
      const token = `${organisation.slice(0, 15)}!${secret}`;
      live.add(token);
      return {
        status: 200,
        body: {
          access_token: token,
          instance_url: url(),
          id: `${url()}/id/${organisation}/005000000000001AAA`,
          token_type: 'Bearer',
          scope: 'api',
        },
      };
    },
    knows: (token) => live.has(token),
    expireAll() {
      live.clear();
    },
    approve(now) {
      approved = now;
    },
  };
}
