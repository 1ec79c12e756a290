/** Findings in orders, in words. Numbers come as text, already written in the language. */
import type { Language } from '../../language.ts';

const en = {
  shifts: {
    revenue: { what: 'Revenue', unit: 'Revenue a week', action: 'See the overview', per: ' a week' },
    orderValue: { what: 'The value of an order', unit: 'Value of an order', action: 'See who orders', per: '' },
    newCustomers: { what: 'New customers', unit: 'New customers a week', action: 'See the new ones', per: ' a week' },
    returning: { what: 'Returning customers', unit: 'Returning customers a week', action: 'Plan a campaign', per: ' a week' },
    returns: { what: 'Returns', unit: 'Returns a week', action: 'See the overview', per: ' a week' },
  },
  aYear: 'a year, if it stays so',
  shift: (what: string, now: string, before: string, weeks: number) =>
    `${what}: ${now} lately, ${before} in the ${String(weeks)} weeks before.`,
  change: (up: boolean, by: string | null) => (by === null ? 'Up from none' : `${up ? 'Up' : 'Down'} by ${by}`),
  shiftBecause: (change: string, weeks: number, chance: string) =>
    `${change} over ${String(weeks)} whole weeks; weeks that are alike differ so much about ${chance}.`,
  weeksAgo: (ago: number) => (ago === 0 ? 'Last week' : `${String(ago)} weeks before`),
  days: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  sellsBest: (when: string, share: string) => `${when} sells best: ${share} of all orders.`,
  sellsBestBecause: (orders: string, of: string, even: string) =>
    `${orders} of ${of} orders of half a year; ${even} would be even.`,
  whenMailsLeave: 'Set when mails may leave',
  ordersInHalfAYear: 'Orders in half a year',
  ordersInFourWeeks: 'Orders in four weeks',
  seeMails: 'See what mails show',
  seeCustomers: 'See the customers',
  moving: (name: string, came: string, expected: string) =>
    `${name}: ${came} orders in four weeks, where ${expected} were to be expected.`,
  movingBecause: (change: string, chance: string) => `${change} against the rest of the shop; by chance ${chance}.`,
  expected: 'Expected',
  came: 'Came',
  together: (share: string, first: string, second: string) => `${share} of orders with ${first} hold ${second} too.`,
  togetherBecause: (baskets: string, lift: string) =>
    `${baskets} orders hold both, ${lift} times as many as chance would have.`,
  togetherAction: 'See how mails show it',
  togetherUnit: 'Orders that hold the second too',
  stopped: (days: string) => `No order has come in for ${days} days.`,
  stoppedBecause: (perDay: string, chance: string) =>
    `Usually ${perDay} come a day; by chance ${chance}. More likely the data do not arrive.`,
  stoppedSize: 'in orders that would have come since',
  stoppedAction: 'Check the connection',
  ordersADay: 'Orders a day',
  usually: 'Usually',
  since: 'Since then',
}; // prettier-ignore

const es: typeof en = {
  shifts: {
    revenue: { what: 'Ingresos', unit: 'Ingresos por semana', action: 'Ver el resumen', per: ' por semana' },
    orderValue: { what: 'Valor de un pedido', unit: 'Valor de un pedido', action: 'Ver quién compra', per: '' },
    newCustomers: { what: 'Clientes nuevos', unit: 'Clientes nuevos por semana', action: 'Ver los nuevos', per: ' por semana' },
    returning: { what: 'Clientes que vuelven', unit: 'Clientes que vuelven por semana', action: 'Preparar una campaña', per: ' por semana' },
    returns: { what: 'Devoluciones', unit: 'Devoluciones por semana', action: 'Ver el resumen', per: ' por semana' },
  },
  aYear: 'al año, si sigue así',
  shift: (what, now, before, weeks) => `${what}: ${now} últimamente, ${before} en las ${String(weeks)} semanas anteriores.`,
  change: (up, by) => (by === null ? 'Antes no había' : `${up ? 'Sube' : 'Baja'} un ${by}`),
  shiftBecause: (change, weeks, chance) =>
    `${change} en ${String(weeks)} semanas completas; entre semanas iguales, una diferencia así se da ${chance}.`,
  weeksAgo: (ago) => (ago === 0 ? 'La semana pasada' : `${String(ago)} ${ago === 1 ? 'semana' : 'semanas'} antes`),
  days: ['El lunes', 'El martes', 'El miércoles', 'El jueves', 'El viernes', 'El sábado', 'El domingo'],
  sellsBest: (when, share) => `${when} es cuando más se vende: el ${share} de los pedidos.`,
  sellsBestBecause: (orders, of, even) => `${orders} de ${of} pedidos en medio año; repartidos por igual serían el ${even}.`,
  whenMailsLeave: 'Fijar cuándo salen los correos',
  ordersInHalfAYear: 'Pedidos en medio año',
  ordersInFourWeeks: 'Pedidos en cuatro semanas',
  seeMails: 'Ver qué muestran los correos',
  seeCustomers: 'Ver los clientes',
  moving: (name, came, expected) => `${name}: ${came} pedidos en cuatro semanas; se esperaban ${expected}.`,
  movingBecause: (change, chance) => `${change} frente al resto de la tienda; por azar, ${chance}.`,
  expected: 'Esperados',
  came: 'Llegaron',
  together: (share, first, second) => `El ${share} de los pedidos con ${first} lleva también ${second}.`,
  togetherBecause: (baskets, lift) => `${baskets} pedidos llevan los dos, ${lift} veces lo que daría el azar.`,
  togetherAction: 'Ver cómo lo muestran los correos',
  togetherUnit: 'Pedidos que llevan también el segundo',
  stopped: (days) => `Desde hace ${days} días no entra ningún pedido.`,
  stoppedBecause: (perDay, chance) => `Suelen entrar ${perDay} al día; por azar, ${chance}. Lo más probable es que no lleguen los datos.`,
  stoppedSize: 'en pedidos que habrían entrado desde entonces',
  stoppedAction: 'Revisar la conexión',
  ordersADay: 'Pedidos al día',
  usually: 'Lo habitual',
  since: 'Desde entonces',
}; // prettier-ignore

export const orderWords: Record<Language, typeof en> = { en, es };
