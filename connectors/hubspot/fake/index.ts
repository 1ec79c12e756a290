/** HubSpot, as far as we use it, on this machine: for tests, the demo and local runs. */
export { allow } from './connected.ts';
export { startHubSpotFake, type HubSpotFakeOptions } from './server.ts';
export type { DealSketch, HubSpotFake } from './fake.ts';
export type { Viewer } from './host/host.ts';
export type { Fault } from './faults.ts';
export { MARKETING } from './portal.ts';
export type { DeliverOptions, SignedRequest } from './signing.ts';
