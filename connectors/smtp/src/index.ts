/** Any mail server, by SMTP, as an e-mail provider. */
export { smtp, type SmtpOptions } from './provider.ts';
export { MESSAGE_ID_HEADER } from './map.ts';
