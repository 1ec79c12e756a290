/** Resend as an e-mail provider. */
export { resend, type ResendOptions } from './provider.ts';
export { MESSAGE_ID_TAG } from './map.ts';
