/** The engine's door: what connectors, the server and the apps may use. */
export * from './ports.ts';
export {
  changeSettings,
  connectAccount,
  createApiKey,
  credentialsOf,
  disconnectAccount,
  findStoreOfAccount,
  listStores,
  loadStore,
  noteChange,
  openAccount,
  openStore,
  pixelKey,
  pullSoon,
  readApiKeys,
  revokeApiKey,
  saveSettings,
  storeOfApiKey,
  storeSettings,
  type Account,
  type AccountConnection,
  type ApiKey,
  type NewStore,
  type SettingsChange,
  type Store,
  type StoreSettings,
  type Topic,
} from './accounts/index.ts';
export type { Engine, StageReport } from './engine.ts';
export { runCycle, STAGES, STAGE_NAMES, type RunStage, type Stage, type StageName } from './cycle.ts';
export { RekindleError, ERRORS, fail } from './errors.ts';
export { wallClock } from './clock.ts';
export { seededRandom, systemRandom, uuidOf } from './random.ts';
export { keysFrom } from './keys.ts';
export { languageOf, LOCALES, type Language } from './language.ts';
export { currencyDigits, formatMoney, type MoneyLanguage } from './money.ts';
export { connectDatabase, type Database, type StoreTransaction, type Transaction } from './database/connect.ts';
export { applicationUrl, migrate, pendingMigrations } from './database/migrate.ts';
export { forgetStore } from './database/forget.ts';
export { asOwner, withDatabase } from './database/owner.ts';
export { configSchema, publicUrl, readConfig, type Config } from './config.ts';
export {
  addDomain,
  changeSenderAddress,
  checkDomain,
  domainSentence,
  lookAt,
  providerName,
  type Blocker,
  type DomainCheck,
  type DomainLanguage,
  type DomainReport,
  type DomainRow,
  type Problem,
  type RowName,
  type SeenRecord,
} from './domain/index.ts';
export { createLog } from './log.ts';
export * from './reading/index.ts';
export { explain, STEP_NAMES, type Explanation, type Question, type Step, type StepName } from './replay/index.ts';
export { listMerges, mergeCustomers, undoMerge, type ListedMerge } from './ingest/index.ts';
export { approveCampaign, cancelCampaign, pauseCampaign, resumeCampaign } from './campaigns/index.ts';
export { mailSteps, recipeOf, switchOnJourney, type Journey, type JourneyStep } from './journeys/index.ts';
export {
  fillGaps,
  guardDrafts,
  playbookWriter,
  renderPlan,
  renderWhole,
  writeCampaigns,
  type GuardResult,
  type MailScope,
  type RenderPlan,
} from './generation/index.ts';
export {
  BUILT_IN_SEGMENTS,
  countSegment,
  previewSegment,
  ruleSentence,
  segmentRule,
  type PreviewedPerson,
  type Rule,
} from './segments/index.ts';
export {
  analyzeCases,
  analyzeUplift,
  LEARNERS,
  UPLIFT_PRESETS,
  verdictSentence,
  type CaseResult,
  type Effect,
  type SentenceLanguage,
  type Table,
  type UpliftReport,
} from './measurement/index.ts';
export {
  calibrate,
  calibrateChances,
  dayCounter,
  analyzeOffer,
  evaluateModels,
  fitNamed,
  LIFE_STAGES,
  lifeStageName,
  MODEL_NAMES,
  PURCHASE_MODEL_NAMES,
  reasonSentence,
  scorer,
  totalsQuery,
  whyNoModel,
  type Evaluation,
  type OfferReport,
  type Fit,
  type Histories,
  type Judgement,
  type LifeStage,
  type ModelName,
  type Purchase,
  type PurchaseModelName,
  type Reason,
  type ScoringPlan,
} from './scoring/index.ts';
export {
  listExports,
  PIXEL_KINDS,
  PUBLIC,
  readExport,
  readPreferences,
  readRecipient,
  receiveEvents,
  receivePlatformEvents,
  receiveReply,
  recordClick,
  recordDoNotMail,
  recordHits,
  recordOpen,
  recordPixelEvents,
  recordCounting,
  recordPreferences,
  recordResubscribe,
  recordUnsubscribe,
  undoPreferences,
  type Addressee,
  type Asked,
  type Hit,
  type ListedExport,
  type PreferenceSheet,
  type Recipient,
  type Taken,
} from './events/index.ts';
export { FREQUENCIES, PAUSES, wishDay, wishSentences, type NamedTopic, type Preference } from './preferences/index.ts';
export { MAIL_LANGUAGES, type MailLanguage } from './generation/index.ts';
export { dismissInsight, forecastWeeks, NEEDED_WEEKS, type Forecast, type Picture } from './insights/index.ts';
export { reportCsv, reportPdf, spanTitle, type Report, type ReportFigures } from './reports/index.ts';
export {
  doubtAfterRestore,
  goOnSending,
  linkAddress,
  LINK_PATHS,
  nextDelivery,
  readLink,
  signLink,
  type HealthReason,
  type HeldReason,
  type Link,
  type LinkKind,
  type MailboxProvider,
} from './delivery/index.ts';
export {
  consentPayload,
  outcomePayload,
  scorePayload,
  touchPayload,
  type ConsentPayload,
  type OutcomePayload,
  type ScorePayload,
  type TouchPayload,
} from './writeback/index.ts';
