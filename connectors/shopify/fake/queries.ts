/** The queries that the fake answers. */
import { GraphQLError } from 'graphql';
import { connection, type PageArguments } from './connection.ts';
import type { Context } from './context.ts';
import { pixelView } from './pixels.ts';
import { matcher } from './search.ts';
import { idOf, type FakeCustomer, type FakeOrder, type ShopState } from './state.ts';
import {
  activityView,
  customerView,
  definitionView,
  operationView,
  orderView,
  shopView,
  subscriptionView,
  type View,
} from './views.ts';

interface ListArguments extends PageArguments {
  query?: string | null;
  sortKey?: string | null;
}

const SORTS = {
  CREATED_AT: (one: { createdAt: Date }) => one.createdAt.getTime(),
  UPDATED_AT: (one: { updatedAt: Date }) => one.updatedAt.getTime(),
  PROCESSED_AT: (one: { createdAt: Date; processedAt?: Date }) => (one.processedAt ?? one.createdAt).getTime(),
  ID: (one: { id: number }) => one.id,
};

type Thing = FakeCustomer | FakeOrder;

/** What a list holds that a search finds, in its order. */
export function found<One extends Thing>(all: Iterable<One>, args: ListArguments): One[] {
  const sort = Object.entries(SORTS).find(([key]) => key === (args.sortKey ?? 'ID'))?.[1];
  if (!sort) throw new GraphQLError(`nothing is sorted by ${String(args.sortKey)} here`);
  const matches = matcher(args.query);
  const list = [...all].filter((one) => matches({ id: one.id, created_at: one.createdAt, updated_at: one.updatedAt }));
  return list.toSorted((a, b) => sort(a) - sort(b) || a.id - b.id);
}

/** The query root of one shop. */
export function queryRoot(shop: ShopState): View {
  const customer = ({ id }: { id: string }): View | null => {
    const one = shop.customers.get(idOf('Customer', id) ?? -1);
    return one ? customerView(shop, one) : null;
  };
  const order = ({ id }: { id: string }): View | null => {
    const one = shop.orders.get(idOf('Order', id) ?? -1);
    return one ? orderView(shop, one) : null;
  };
  return {
    shop: () => shopView(shop),
    customer,
    order,
    customers: (args: ListArguments, { whole, slice }: Context) =>
      connection(
        slice(found(shop.customers.values(), args)).map((one) => customerView(shop, one)),
        args,
        whole,
      ),
    orders: (args: ListArguments, { whole, slice }: Context) =>
      connection(
        slice(found(shop.orders.values(), args)).map((one) => orderView(shop, one)),
        args,
        whole,
      ),
    customersCount: (args: ListArguments & { limit?: number | null }) =>
      counted(found(shop.customers.values(), args).length, args.limit),
    ordersCount: (args: ListArguments & { limit?: number | null }) =>
      counted(found(shop.orders.values(), args).length, args.limit),
    bulkOperation: ({ id }: { id: string }, { world }: Context) => {
      const one = shop.operations.get(idOf('BulkOperation', id) ?? -1);
      if (!one) return null;
      if (one.looks === 0) return operationView(world, shop, one);
      one.looks--;
      return operationView(world, shop, { ...one, status: 'RUNNING', completedAt: null, result: null });
    },
    bulkOperations: (args: ListArguments, { world }: Context) => {
      const matches = matcher(args.query);
      const list = [...shop.operations.values()].filter((one) =>
        matches({ operation_type: 'query', status: one.status, created_at: one.createdAt, id: one.id }),
      );
      return connection(
        list.map((one) => operationView(world, shop, one)),
        args,
      );
    },
    metafieldDefinitions: (args: PageArguments & { ownerType: string; namespace?: string | null }) =>
      connection(
        [...shop.definitions.values()]
          .filter((one) => one.ownerType === args.ownerType && one.namespace === (args.namespace ?? one.namespace))
          .map(definitionView),
        args,
      ),
    webhookSubscriptions: (args: PageArguments) =>
      connection([...shop.subscriptions.values()].map(subscriptionView), args),
    marketingActivities: (args: PageArguments & { remoteIds?: string[] | null }) =>
      connection(
        [...shop.activities.values()].filter((one) => args.remoteIds?.includes(one.remoteId) ?? true).map(activityView),
        args,
      ),
    webPixel: () => pixelView(shop),
    currentAppInstallation: () => ({
      __typename: 'AppInstallation',
      id: 'gid://shopify/AppInstallation/1',
      accessScopes: (shop.granted ?? []).map((handle) => ({ handle })),
    }),
  };
}

/** The schema counts to 10,000 unless it is told otherwise. */
function counted(all: number, limit: number | null | undefined): View {
  const most = limit === undefined ? 10_000 : (limit ?? Number.POSITIVE_INFINITY);
  return { count: Math.min(all, most), precision: all > most ? 'AT_LEAST' : 'EXACT' };
}
