/** Findings in what campaigns brought, in words. Numbers come as text, already written in the language. */
import type { Language } from '../../language.ts';

const en = {
  campaign: (name: string, sentence: string) => `“${name}”: ${sentence}.`,
  broken: (mailed: string, held: string) =>
    `${mailed} were mailed and ${held} held back: that is not what the draw makes.`,
  measured: (mailed: string, held: string) =>
    `${mailed} people with the mail against ${held} held back at random; the interval holds however often one looks.`,
  inItsWindow: 'in its window',
  actions: { campaign_won: 'See what worked', campaign_lost: 'See what went wrong', campaign_broken: 'See what is wrong', campaign_unclear: 'Hold back more next time' },
  perPerson: 'Revenue a person',
  withMail: 'With the mail',
  heldBack: 'Held back',
  won: (version: string, name: string, gain: string) => `Version ${version} of “${name}” brings ${gain} orders more in a hundred people.`,
  wonBecause: 'Surely more than every other version, however often one looks, and it loses no more people.',
  wonSize: 'if all of its people had it',
  wonAction: 'Deal versions by what works',
  wonUnit: 'Orders in a hundred people',
  version: (version: string) => `Version ${version}`,
  programme: (sentence: string) => `All campaigns together, against people who never get any: ${sentence}.`,
  programmeBecause: (mailed: string, control: string) => `${mailed} people in campaigns against ${control} in the store-wide control.`,
  programmeBroken: (mailed: string, control: string) =>
    `${mailed} people are in campaigns and ${control} in the store-wide control: that is not what the draw makes. Something added or removed people after it.`,
  people: 'People',
  programmeSize: 'over all campaigns so far',
  overview: 'See the overview',
  inCampaigns: 'In campaigns',
  never: 'Never mailed',
}; // prettier-ignore

const es: typeof en = {
  campaign: (name, sentence) => `«${name}»: ${sentence}.`,
  broken: (mailed, held) => `Se escribió a ${mailed} y se apartó a ${held}: eso no es lo que da el sorteo.`,
  measured: (mailed, held) =>
    `${mailed} personas con el correo frente a ${held} apartadas al azar; el intervalo vale por muchas veces que se mire.`,
  inItsWindow: 'en su plazo',
  actions: { campaign_won: 'Ver qué funcionó', campaign_lost: 'Ver qué falló', campaign_broken: 'Ver qué pasa', campaign_unclear: 'Apartar a más gente la próxima vez' },
  perPerson: 'Ingresos por persona',
  withMail: 'Con el correo',
  heldBack: 'Apartados',
  won: (version, name, gain) => `La versión ${version} de «${name}» trae ${gain} pedidos más por cada cien personas.`,
  wonBecause: 'Con seguridad más que cualquier otra versión, por muchas veces que se mire, y no pierde a más gente.',
  wonSize: 'si la recibieran todas sus personas',
  wonAction: 'Repartir las versiones según lo que funciona',
  wonUnit: 'Pedidos por cada cien personas',
  version: (version) => `Versión ${version}`,
  programme: (sentence) => `Todas las campañas juntas, frente a quienes nunca reciben ninguna: ${sentence}.`,
  programmeBecause: (mailed, control) => `${mailed} personas en campañas frente a ${control} en el grupo de control de la tienda.`,
  programmeBroken: (mailed, control) =>
    `Hay ${mailed} personas en campañas y ${control} en el grupo de control de la tienda: eso no es lo que da el sorteo. Algo añadió o quitó personas después.`,
  people: 'Personas',
  programmeSize: 'en todas las campañas hasta hoy',
  overview: 'Ver el resumen',
  inCampaigns: 'En campañas',
  never: 'Sin correos nunca',
}; // prettier-ignore

export const effectWords: Record<Language, typeof en> = { en, es };
