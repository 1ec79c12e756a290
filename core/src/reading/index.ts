/** What the faces ask: one function a page, read only. */
export { readOverview, type Overview } from './overview.ts';
export {
  readCustomers,
  VIEWS,
  type CustomersPage,
  type CustomerRow,
  type CustomersQuery,
  type View,
} from './customers.ts';
export { readCustomer, type CustomerPage } from './customer.ts';
export { readCampaigns, type CampaignsPage } from './campaigns.ts';
export { readCampaign, type CampaignPage } from './campaign.ts';
export { readDomain, type DomainPage } from './domain.ts';
export { readJourney, readJourneys, type JourneyFacts, type JourneyPage, type JourneysPage } from './journeys.ts';
export { readInsights, type InsightsPage } from './insights.ts';
export { readModels, type ModelCard, type ModelsPage } from './models.ts';
export {
  BOUNDS,
  LEAST,
  readReputation,
  SPANS,
  standingOf,
  type Received,
  type ReputationPage,
  type SpanDays,
  type Standing,
} from './reputation.ts';
export { readCampaignProgress, type CampaignProgress } from './progress.ts';
export { readReport, readReports, type ReportsPage } from './reports.ts';
export { readSending, type SendingPage } from './sending.ts';
export { readSettings, type SettingsPage } from './settings.ts';
export type { StoreFacts } from './facts.ts';
export type { LifeStageCount } from './stages.store.ts';
export type { CampaignFacts } from './campaigns.store.ts';
export { readPanel } from './panel.ts';
export { panel, type Panel } from './panel-shape.ts';
export { readConnections, type ConnectionsPage } from './connections.ts';
export type { ConnectionFacts } from './connections.store.ts';
