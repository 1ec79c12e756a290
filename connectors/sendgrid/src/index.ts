/** SendGrid as an e-mail provider. */
export { sendGrid, type SendGridOptions } from './provider.ts';
export { MESSAGE_ID_ARG } from './map.ts';
