/** Findings in what models say, and in what is to come, in words. Numbers come as text, already written in the language. */
import type { Language } from '../../language.ts';

const en = {
  off: (foretold: string, weeks: string, came: string) =>
    `The model is losing touch: it foretold ${foretold} purchases in ${weeks} weeks, and ${came} came.`,
  offBecause: (chance: string) => `By chance ${chance}. A season or a change in the shop; chances and values are off by as much.`,
  offAction: 'See how well it foretells',
  purchases: 'Purchases',
  foretold: 'Foretold',
  came: 'Came',
  tire: (odds: string) => `More mails lose more people: each step up in mails a month makes leaving ${odds} times as likely.`,
  tireBecause: (low: string, high: string) =>
    `Between ${low} and ${high} times, 19 times in 20. Who would likely leave on one more mail is left out by itself.`,
  tireAction: 'Set how many mails are enough',
  tireUnit: 'Times as likely to leave',
  atLeast: 'At least',
  best: 'Best estimate',
  atMost: 'At most',
  moves: 'Mails move some people and put off others: campaigns now go first to those whom they move.',
  movesBecause: (estimate: string, low: string, high: string) =>
    `Tried on people it had not learned from: the order of people is worth ${estimate}, between ${low} and ${high}, where 0 is no better than chance.`,
  movesAction: 'Set how many people a campaign may have',
  movesUnit: 'Qini coefficient (0: no better than chance)',
  offerWasted: 'The offer does not pay: what it costs on orders that would come anyway is not made up for.',
  offerForAll: 'The offer pays for everybody alike.',
  offerForSome: 'Some people need the offer, others order without it.',
  offerBecause: (effect: string, low: string, high: string, net: string) =>
    `It changes orders by ${effect} in a hundred people (between ${low} and ${high}); after its cost ${net}.`,
  takeAway: 'Take the offer away',
  seeOffer: 'See the offer',
  ordered: 'Ordered',
  withOffer: 'With the offer',
  without: 'Without',
  noModel: 'No forecast of who comes back can be made yet; each customer’s own rhythm stands in.',
  seeMissing: 'See what is missing',
  needed: 'Needed',
  soFar: 'There so far',
  ordersAtEnd: 'Orders at the end of the history',
  tested: (origins: number, error: string) => `Tried from ${String(origins)} points in the past: off by ${error} on 13 weeks`,
  held: (share: string, meant: string) => `, within the interval ${share} of the time (${meant} is meant)`,
  care: ' Take it with care: the interval held less often than it should, since the level moves with the season or the shop changed.',
  revenue: (month: string, low: string, high: string, quarter: string) =>
    `${month} are to be expected in the next four weeks (between ${low} and ${high}), ${quarter} in the next thirteen.`,
  in13: 'in the next 13 weeks',
  in4: 'in the next four weeks, at an order each',
  revenueUnit: 'Revenue a week',
  overview: 'See the overview',
  below: (most: string, before: string) =>
    `The next thirteen weeks will likely bring less than the last: at most ${most}, where it was ${before}.`,
  plan: 'Plan for it',
  returning: (people: string, low: string, high: string) =>
    `Some ${people} returning customers are to be expected in four weeks (between ${low} and ${high}).`,
  returningUnit: 'Returning customers a week',
  seeDue: 'See who is due',
}; // prettier-ignore

const es: typeof en = {
  off: (foretold, weeks, came) => `El modelo pierde el paso: predijo ${foretold} compras en ${weeks} semanas y llegaron ${came}.`,
  offBecause: (chance) => `Por azar, ${chance}. Una temporada o un cambio en la tienda; las probabilidades y los valores fallan en la misma medida.`,
  offAction: 'Ver cómo de bien predice',
  purchases: 'Compras',
  foretold: 'Predichas',
  came: 'Llegaron',
  tire: (odds) => `Más correos pierden a más gente: cada paso más de correos al mes multiplica por ${odds} la probabilidad de baja.`,
  tireBecause: (low, high) => `Entre ${low} y ${high} veces, 19 de cada 20 veces. Quien probablemente se daría de baja con un correo más queda fuera sin que hagas nada.`,
  tireAction: 'Fijar cuántos correos bastan',
  tireUnit: 'Veces más probable que se den de baja',
  atLeast: 'Al menos',
  best: 'Mejor estimación',
  atMost: 'Como mucho',
  moves: 'Los correos mueven a unas personas y espantan a otras: las campañas van ahora primero a quienes mueven.',
  movesBecause: (estimate, low, high) =>
    `Probado con personas de las que no se aprendió: el orden de las personas vale ${estimate}, entre ${low} y ${high}, donde 0 no es mejor que el azar.`,
  movesAction: 'Fijar a cuánta gente va una campaña',
  movesUnit: 'Coeficiente Qini (0: no mejor que el azar)',
  offerWasted: 'La oferta no compensa: lo que cuesta en pedidos que llegarían igualmente no se recupera.',
  offerForAll: 'La oferta compensa con todo el mundo por igual.',
  offerForSome: 'Unas personas necesitan la oferta; otras compran sin ella.',
  offerBecause: (effect, low, high, net) =>
    `Cambia los pedidos en ${effect} por cada cien personas (entre ${low} y ${high}); descontado su coste, ${net}.`,
  takeAway: 'Quitar la oferta',
  seeOffer: 'Ver la oferta',
  ordered: 'Compraron',
  withOffer: 'Con la oferta',
  without: 'Sin ella',
  noModel: 'Todavía no se puede predecir quién volverá; mientras tanto vale el ritmo propio de cada cliente.',
  seeMissing: 'Ver qué falta',
  needed: 'Hacen falta',
  soFar: 'Hay hasta hoy',
  ordersAtEnd: 'Pedidos al final del historial',
  tested: (origins, error) => `Probado desde ${String(origins)} momentos del pasado: falla un ${error} en 13 semanas`,
  held: (share, meant) => `, dentro del intervalo el ${share} de las veces (se busca el ${meant})`,
  care: ' Tómalo con cautela: el intervalo acertó menos de lo debido, porque el nivel cambia con la temporada o la tienda cambió.',
  revenue: (month, low, high, quarter) =>
    `Se esperan ${month} en las próximas cuatro semanas (entre ${low} y ${high}) y ${quarter} en las próximas trece.`,
  in13: 'en las próximas 13 semanas',
  in4: 'en las próximas cuatro semanas, a un pedido cada uno',
  revenueUnit: 'Ingresos por semana',
  overview: 'Ver el resumen',
  below: (most, before) =>
    `Las próximas trece semanas traerán probablemente menos que las últimas: como mucho ${most}, cuando fueron ${before}.`,
  plan: 'Prepararse',
  returning: (people, low, high) => `Se espera que vuelvan unos ${people} clientes en cuatro semanas (entre ${low} y ${high}).`,
  returningUnit: 'Clientes que vuelven por semana',
  seeDue: 'Ver a quién le toca',
}; // prettier-ignore

export const modelWords: Record<Language, typeof en> = { en, es };
