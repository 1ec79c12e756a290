/** Words: brief → writer → guard → template, and a variant made ready to be sent to many. */
export { briefFor, goodsFor } from './brief.ts';
export { guardDrafts, type GuardResult } from './guard.ts';
export { mailLanguage, mailLanguageSql, MAIL_LANGUAGES, type MailLanguage } from './language.ts';
export { liquidFor, type MailScope } from './liquid.ts';
export { playbookWriter } from './playbook/writer.ts';
export { cleanScope, fillGaps, gapMark, renderPlan, renderWhole, type RenderPlan } from './render.ts';
export { writeCampaigns } from './write.ts';
