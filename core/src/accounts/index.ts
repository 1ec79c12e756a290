/** Organisations, stores and what they may set. */
export { listStores, loadStore, saveSettings } from './accounts.store.ts';
export { changeSettings, type SettingsChange } from './change-settings.ts';
export { storeSettings, type StoreSettings } from './settings.ts';
export type { Store } from './store.ts';
