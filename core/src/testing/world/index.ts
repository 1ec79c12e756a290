/** The simulated store. */
export { createWorld, type World, type WorldOptions } from './world.ts';
export type { Reaction } from './reactions.ts';
export type { Person } from './person.ts';
