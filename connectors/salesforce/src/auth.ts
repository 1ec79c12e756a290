/**
 * Signing in by JWT bearer (RFC 7523): the app's private key says that it acts for the integration user, whom an administrator
 * has let the app act for. No password, no refresh token: an expired session is answered by signing in again.
 */
import { Connection } from '@jsforce/jsforce-node';
import { fail, type Clock } from '@rekindle/core';
import { importPKCS8, SignJWT } from 'jose';
import { patientTransport } from './transport.ts';
import { API_VERSION, recordId, type KeptSession } from './schema.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Salesforce wants an assertion that ends within three minutes. */
const ASSERTION_SECONDS = 180;

export interface SalesforceApp {
  /** Consumer key of the external client app */
  clientId: string;
  /** PKCS#8 PEM; its certificate stands in the app */
  privateKey: string;
  /** https://login.salesforce.com, https://test.salesforce.com or a My Domain address; also the assertion's audience */
  loginUrl: string;
}

export interface SignInAs {
  username: string;
  /** Id of the organisation that we mean: another one's user is refused */
  account: string;
  clock: Clock;
  timeoutMs: number;
}

/** A new session. Throws `connector_refused` where an administrator must act, `connector_unavailable` where time mends it. */
export async function salesforceSignIn(app: SalesforceApp, as: SignInAs): Promise<KeptSession> {
  const { account, session } = await salesforceFirstSignIn(app, as);
  if (account.slice(0, 15) !== as.account.slice(0, 15))
    throw fail(
      'connector_refused',
      'The integration user belongs to another Salesforce organisation than the connection.',
    );
  return session;
}

/** The same for a user whose organisation is not known yet: whoever connects it. */
export async function salesforceFirstSignIn(
  app: SalesforceApp,
  as: Omit<SignInAs, 'account'>,
): Promise<{ account: string; session: KeptSession }> {
  const assertion = await signAssertion(app, as);
  const connection = new Connection({ loginUrl: app.loginUrl, version: API_VERSION });
  connection.oauth2._transport = patientTransport(as.timeoutMs);
  let account: string;
  try {
    ({ organizationId: account } = await connection.authorize({ grant_type: GRANT, assertion }));
  } catch (cause) {
    throw explain(cause, app.loginUrl);
  }
  const { accessToken, instanceUrl } = connection;
  if (typeof accessToken !== 'string' || !recordId.safeParse(account).success)
    throw fail('connector_refused', 'Salesforce gave no session. Look at the external client app’s settings.');
  if (app.loginUrl.startsWith('https:') && !instanceUrl.startsWith('https:'))
    throw fail('connector_refused', 'Salesforce named an address that is not encrypted.');
  return { account, session: { accessToken, instanceUrl } };
}

async function signAssertion(app: SalesforceApp, as: Pick<SignInAs, 'username' | 'clock'>): Promise<string> {
  let key: Awaited<ReturnType<typeof importPKCS8>>;
  try {
    key = await importPKCS8(app.privateKey, 'RS256');
  } catch {
    // Without the cause: it may quote the key.
    throw fail(
      'bad_configuration',
      'SALESFORCE_PRIVATE_KEY is no PKCS#8 key in PEM: openssl pkcs8 -topk8 -nocrypt makes one.',
    );
  }
  const seconds = Math.floor(as.clock.now().getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(app.clientId)
    .setSubject(as.username)
    .setAudience(app.loginUrl)
    .setExpirationTime(seconds + ASSERTION_SECONDS)
    .sign(key);
}

/** jsforce names the error after OAuth's word for it. The description is matched, never shown. */
function explain(cause: unknown, loginUrl: string): Error {
  const name = cause instanceof Error ? cause.name : '';
  const said = cause instanceof Error ? cause.message : '';
  if (name === 'invalid_grant' && /approved/i.test(said))
    return refused(
      'The integration user may not use the app yet: pre-authorise the app for the permission set of the package.',
    );
  if (name === 'invalid_grant' && /audience/i.test(said))
    return refused(
      `Salesforce does not take ${loginUrl} as the place to sign in at. A sandbox needs https://test.salesforce.com.`,
    );
  if (name === 'invalid_grant')
    return refused(
      'Salesforce does not know the integration user, or the assertion: check the username, the certificate and this machine’s clock.',
    );
  if (name === 'invalid_client_id' || name === 'invalid_client' || name === 'invalid_app_access')
    return refused(
      'Salesforce does not know the app, or does not let it in: check SALESFORCE_CLIENT_ID and the app’s policies.',
    );
  if (/^ERROR_HTTP_4(?!08|29)/.test(name) || /^[a-z_]+$/.test(name))
    return refused('Salesforce refused the sign-in. Its login history (Setup, Login History) says why.');
  return fail('connector_unavailable', 'Salesforce’s sign-in cannot be reached now.', { cause });
}

function refused(sentence: string): Error {
  return fail('connector_refused', sentence);
}
