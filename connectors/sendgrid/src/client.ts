/** SendGrid's own client, told where the API is. Its code and its requests are untouched. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from '@sendgrid/client';
import { fail } from '@rekindle/core';

export interface ClientOptions {
  apiKey: string;
  /** Default https://api.sendgrid.com; https://api.eu.sendgrid.com for EU subusers. */
  baseUrl?: string;
  /** How long an answer is waited for, in milliseconds. Default 30,000. Longer: fewer doubts; shorter: fewer stalls. */
  timeoutMs?: number;
}

/** The client, ready to post mails. Throws `bad_configuration` where the key cannot be one. */
export function openClient(options: ClientOptions): Client {
  // The client would only warn, and every send would fail.
  if (!options.apiKey.startsWith('SG.'))
    throw fail('bad_configuration', 'SENDGRID_API_KEY must be a SendGrid API key: it starts with "SG."');
  const client = new Client();
  client.setApiKey(options.apiKey);
  const request = {
    baseUrl: `${(options.baseUrl ?? 'https://api.sendgrid.com').replace(/\/+$/, '')}/`,
    // A connection that the other side has just closed would be a doubt about a thousand mails. A new one costs little.
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false }),
    // A POST that is sent on elsewhere is nothing that SendGrid does.
    maxRedirects: 0,
    timeout: options.timeoutMs ?? 30_000,
    // The body is JSON text already; axios would read it once more to see whether it is.
    transformRequest: [(data: unknown) => data],
  };
  // The client hands whatever stands here to axios; its types name only what it uses itself.
  (client as unknown as { setDefaultRequest: (request: object) => void }).setDefaultRequest(request);
  return client;
}
