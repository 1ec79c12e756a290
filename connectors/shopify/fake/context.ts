/** What resolvers are handed. */
import type { AdminSchema } from '../admin-schema/index.ts';
import type { ShopState, World } from './state.ts';

export interface Context {
  world: World;
  shop: ShopState;
  admin: AdminSchema;
  scopes: readonly string[];
  /** A bulk operation: lists give everything */
  whole: boolean;
  /** The part of a root list that is asked for now */
  slice: <One>(all: One[]) => One[];
}
