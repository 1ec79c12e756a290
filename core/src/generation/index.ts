/** Words: brief → writer → guard → template, and a variant made ready to be sent to many. */
export { mailLanguage, mailLanguageSql, MAIL_LANGUAGES, type MailLanguage } from './language.ts';
export { liquidFor, type MailScope } from './liquid.ts';
export { cleanScope, renderPlan, renderWhole, type RenderPlan } from './render.ts';
