/** A certificate for the names that are played, made anew at every start and good for a day. */
import { generate } from 'selfsigned';

export interface Certificate {
  key: string;
  /** Also the authority to trust: it has signed itself */
  cert: string;
}

const DAY = 86_400_000;

export async function makeCertificate(names: readonly string[], now: Date): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'A stand-in for Shopify' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY),
    notAfterDate: new Date(now.getTime() + DAY),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) },
    ],
  });
  return { key: made.private, cert: made.cert };
}
