/** What is due → handed over to the provider, exactly once; and the signed links that stand in mails. */
export { linkAddress, LINK_PATHS, readLink, signLink, type Link, type LinkKind } from './tokens.ts';
