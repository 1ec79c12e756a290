/** Salesforce, as far as we use it, on this machine: for tests, the demo and local runs. */
export { startSalesforceFake, type SalesforceFake, type SalesforceFakeOptions } from './server.ts';
export { connectTo, memoryVault, type MemoryVault } from './connection.ts';
export { seedPeople, type Seeded } from './seed.ts';
export type { Fault, Faults } from './faults.ts';
export type { FakeOpportunity, FakePerson, Keeper } from './keeper.ts';
export type { Change, Telling } from './telling.ts';
