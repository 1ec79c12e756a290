/**
 * Signing (DKIM, RFC 6376) where we do it ourselves, and what a mail server needs of a sending domain. Without a key of ours
 * the mail server signs; its selector says where receivers, and we, find its key.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import { fail, type DomainNeeds, type SendingDomains } from '@rekindle/core';

export interface SignOptions {
  /** Name of the key: receivers look for it at `<selector>._domainkey.<domain>` */
  dkimSelector?: string | undefined;
  /** RSA private key, PEM. Without it the mail server signs. */
  dkimKey?: string | undefined;
  /** Terms that say which servers send, as they stand in an SPF record: include:_spf.example.com */
  spf?: string | undefined;
}

/**
 * The headers that the signature covers. RFC 8058 wants both of the last: a receiver offers its own unsubscribe button for no
 * mail in which somebody could have written them on the way. nodemailer's own list lacks the second.
 */
export const SIGNED_HEADERS = [
  'From',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
];

const LEAST_BITS = 2048;
const SELECTOR = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

export interface Signer {
  /** What nodemailer needs to sign a mail of this domain; undefined: it is not ours to sign. */
  signFor: (domain: string) => SendMailOptions['dkim'];
  domains: SendingDomains;
}

/** Throws `bad_configuration` where a key cannot sign: nodemailer would send such mails unsigned, and say nothing. */
export function signerFrom(options: SignOptions): Signer {
  const { dkimSelector: selector } = options;
  if (selector !== undefined && !SELECTOR.test(selector))
    throw fail('bad_configuration', 'SMTP_DKIM_SELECTOR must be one name such as mail2026.');
  const key = options.dkimKey === undefined ? undefined : readKey(options.dkimKey);
  if (key && selector === undefined)
    throw fail('bad_configuration', 'SMTP_DKIM_KEY needs SMTP_DKIM_SELECTOR: receivers look for the key by that name.');
  const privateKey = key?.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    signFor: (domain) =>
      privateKey === undefined || selector === undefined
        ? undefined
        : { domainName: domain, keySelector: selector, privateKey, headerFieldNames: SIGNED_HEADERS.join(':') },
    domains: { find: (domain) => Promise.resolve(needsOf(domain, options.spf, selector, key)) },
  };
}

function readKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Without the cause: its message may quote the key.
    throw fail('bad_configuration', 'SMTP_DKIM_KEY is no private key; `openssl genrsa 2048` makes one.');
  }
  if (key.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS)
    throw fail('bad_configuration', 'SMTP_DKIM_KEY must be an RSA key of at least 2048 bits.');
  return key;
}

/** The bounce address is the sender's own (map.ts), so receivers ask the sender's domain for SPF. */
function needsOf(
  domain: string,
  spf: string | undefined,
  selector: string | undefined,
  key: KeyObject | undefined,
): DomainNeeds {
  const dkim = key === undefined ? '' : `v=DKIM1; k=rsa; p=${publicOf(key)}`;
  return {
    bounceDomain: domain,
    signingDomain: domain,
    records: [
      { purpose: 'spf', type: 'TXT', host: domain, value: spf === undefined ? '' : `v=spf1 ${spf} ~all` },
      ...(selector === undefined
        ? []
        : ([{ purpose: 'dkim', type: 'TXT', host: `${selector}._domainkey.${domain}`, value: dkim }] as const)),
    ],
  };
}

function publicOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}
