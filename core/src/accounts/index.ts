/** Organisations, stores and what they may set; the accounts of platforms they are connected to, and what signs us in. */
export { listStores, loadStore, noteChange, saveSenderAddress, saveSettings } from './accounts.store.ts';
export { changeSettings, type SettingsChange } from './change-settings.ts';
export { createApiKey, readApiKeys, revokeApiKey, storeOfApiKey } from './api-keys.ts';
export type { ApiKey } from './api-keys.store.ts';
export { credentialsOf, keepCredentials } from './credentials.ts';
export { askPull, findAccount, findConnection } from './directory.store.ts';
export {
  connectAccount,
  disconnectAccount,
  disconnectInStore,
  findStoreOfAccount,
  openAccount,
  pullSoon,
  type Account,
  type AccountConnection,
} from './directory.ts';
export type { NewStore } from './new-store.ts';
export { openStore } from './open-store.ts';
export { pixelKey, storeOfPixelKey } from './pixel-key.ts';
export { storeSettings, type StoreSettings, type Topic } from './settings.ts';
export type { Store } from './store.ts';
