/** A certificate for the shops' names, made on the spot, for whoever needs the fake over TLS. */
import selfsigned from 'selfsigned';

export interface Certificate {
  /** PEM */
  key: string;
  cert: string;
}

/** For these host names (`*.myshopify.com` is one); good for a day. */
export async function makeCertificate(hosts: readonly string[]): Promise<Certificate> {
  const made = await selfsigned.generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) }],
  });
  return { key: made.private, cert: made.cert };
}
