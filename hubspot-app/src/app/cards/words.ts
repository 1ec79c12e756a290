/** What the card itself says; all that is about the person comes in words already. */
const en = {
  locale: 'en-GB',
  gauge: (percent: number) => `Chance to return: ${String(percent)} %`,
  why: 'Why',
  next: 'Next',
  touches: 'Last touches',
  noTouches: 'Nothing was written to this contact yet.',
  consent: 'Consent',
  until: (day: string) => `until ${day}`,
  heldBack: 'Held back',
  simulated: 'Simulated data',
  scored: (day: string) => `Score of ${day}`,
  loading: 'Loading what Rekindle knows',
  refreshing: 'Refreshing',
  refresh: 'Refresh',
  again: 'Try again',
  unknownTitle: 'Not known yet',
  unknown:
    'Once this contact was synchronised, it stands here how likely she comes back, and why. That takes some minutes.',
  failedTitle: 'Rekindle cannot be reached',
  failed: 'Nothing was lost. Try again in a moment.',
  notConnectedTitle: 'This account is not connected',
  notConnected: 'An administrator connects it in Rekindle, under Settings, Connections.',
  stale: 'It could not be refreshed. What you see is as it was before.',
  stop: 'Do not mail',
  stopTitle: (name: string) => `Write to ${name} no more?`,
  stopText:
    'No marketing mail goes out any more, from the shop either. Order confirmations still do. Only she can take it back.',
  stopYes: 'Yes, do not mail',
  cancel: 'Cancel',
  stopping: 'Noting it',
  stopFailed: 'It could not be noted. Nothing was changed; try again.',
  person: 'this person',
};

type Words = typeof en;

const es: Words = {
  locale: 'es-ES',
  gauge: (percent) => `Probabilidad de volver: ${String(percent)} %`,
  why: 'Por qué',
  next: 'Siguiente paso',
  touches: 'Últimos contactos',
  noTouches: 'Todavía no se ha escrito a este contacto.',
  consent: 'Consentimiento',
  until: (day) => `hasta el ${day}`,
  heldBack: 'Retenido',
  simulated: 'Datos simulados',
  scored: (day) => `Puntuación del ${day}`,
  loading: 'Cargando lo que sabe Rekindle',
  refreshing: 'Actualizando',
  refresh: 'Actualizar',
  again: 'Reintentar',
  unknownTitle: 'Aún desconocido',
  unknown: 'Cuando se sincronice este contacto, aquí verá la probabilidad de que vuelva y por qué. Tarda unos minutos.',
  failedTitle: 'No se puede acceder a Rekindle',
  failed: 'No se ha perdido nada. Inténtelo de nuevo en un momento.',
  notConnectedTitle: 'Esta cuenta no está conectada',
  notConnected: 'Un administrador la conecta en Rekindle, en Ajustes, Conexiones.',
  stale: 'No se ha podido actualizar. Lo que ve es el estado anterior.',
  stop: 'No enviar correos',
  stopTitle: (name) => `¿No escribir más a ${name}?`,
  stopText:
    'No saldrá ningún correo comercial más, tampoco de la tienda. Las confirmaciones de pedido sí. Solo esa persona puede revertirlo.',
  stopYes: 'Sí, no enviar',
  cancel: 'Cancelar',
  stopping: 'Guardando',
  stopFailed: 'No se ha podido guardar. No ha cambiado nada; inténtelo de nuevo.',
  person: 'esta persona',
};

/** In the language of the store, or while it is not known, of who looks. */
export function wordsFor(language: string | undefined): Words {
  return language?.toLowerCase().startsWith('es') === true ? es : en;
}

export type { Words };
