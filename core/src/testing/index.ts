/** For tests, the demo and the benches: never for the running product. */
export {
  asOwner,
  createTestDatabase,
  withDatabase,
  TEMPLATE,
  TEST_SECRET,
  type TestDatabase,
  type TestServer,
} from './database.ts';
export { faultPlan, type FaultPlan, type FaultShares } from './faults.ts';
export { fakeClock, type FakeClock } from './clock.ts';
export { buildStore, type StoreOptions } from './store.ts';
export { createWorld, type Person, type Reaction, type World, type WorldOptions } from './world/index.ts';
export { zoneDns, type TestDns, type ZoneRecord } from './dns.ts';
export { buildEngine, type EngineOptions, type TestEngine } from './engine.ts';
export { buildCampaign, type BuiltCampaign, type CampaignOptions } from './campaign.ts';
export { buildPages, campaignId, playJourney, type CampaignStory, type PagesStory } from './pages/index.ts';
export { buildJourneyStore, type BuiltJourneyStore, type JourneyStoreOptions } from './journey.ts';
export { buildHistory, type PastPurchase } from './history.ts';
export { drawHistories, drawRepeats, type BuyingLaw } from './buying.ts';
export { findRedis, startRedis, type TestRedis } from './redis.ts';
export { countingProvider, type Behaviour, type CountingProvider } from './provider.ts';
export { peek, type Peeked, type PeekingOptions } from './peeking.ts';
export { buyingShop } from './shop.ts';
export {
  plantShop,
  type PlantedCampaign,
  type PlantedMail,
  type PlantedOrder,
  type PlantedPerson,
  type PlantedShop,
} from './planted.ts';
