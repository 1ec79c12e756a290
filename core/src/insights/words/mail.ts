/** Findings in mails, in words. Numbers come as text, already written in the language. */
import type { Language } from '../../language.ts';

const en = {
  hour: (hour: string, own: string, other: string) =>
    `Mails that leave at ${hour} are clicked by ${own}; at other hours by ${other}.`,
  hourBecause: (mails: string, chance: string) => `${mails} mails at that hour of the reader’s clock; by chance ${chance}.`,
  whenMailsLeave: 'Set when mails may leave',
  hourUnit: 'Clicked, by hour of the reader',
  picking: (own: string, random: string) =>
    `Each person’s own hour pays: ${own} click, at a random hour ${random}.`,
  pickingBecause: (chance: string) => `Who gets a random hour is drawn, so the hour did it; by chance ${chance}.`,
  pickingAction: 'Send fewer at random hours',
  clickedUnit: 'Clicked',
  ownHour: 'Own hour',
  randomHour: 'Random hour',
  newest: {
    clicked: (share: string, name: string, before: string) => `${share} clicked on “${name}”; before it was ${before}.`,
    left: (share: string, name: string, before: string) => `${share} unsubscribed or complained on “${name}”; before it was ${before}.`,
  },
  newestUnit: { clicked: 'Share that clicked', left: 'Share that unsubscribed or complained' },
  newestBecause: (mails: string, before: string, campaigns: number, chance: string) =>
    `${mails} mails against ${before} of ${String(campaigns)} ${campaigns === 1 ? 'campaign' : 'campaigns'}; by chance ${chance}.`,
  newestAction: 'Look at the campaign',
  tires: (version: string, campaign: string, first: string, second: string) =>
    `Version ${version} of “${campaign}” tires: clicked by ${first} at first, by ${second} later.`,
  tiresBecause: (first: string, second: string, chance: string) => `${first} and ${second} mails; by chance ${chance}.`,
  tiresAction: 'Look at its words',
  firstHalf: 'First half',
  secondHalf: 'Second half',
  bounces: (domain: string, own: string, other: string) =>
    `${domain} sends back ${own} of your mails; the others ${other}.`,
  bouncesBecause: (bounced: string, mails: string, chance: string) => `${bounced} of ${mails} mails; by chance ${chance}.`,
  bouncesAction: 'Check who you mail as',
  bouncesUnit: 'Sent back',
  complaints: (share: string, most: string) => `${share} of those who were mailed reported it as spam; providers bear ${most}.`,
  complaintsBecause: (complained: string, mails: string) =>
    `${complained} of ${mails} mails. Above it, mails of all your campaigns land in the spam folder.`,
  complaintsAction: 'Mail fewer people, less often',
  complaintsUnit: 'Reported as spam',
  machines: (share: string) => `${share} of opened mails were opened by machines.`,
  machinesBecause: 'Privacy proxies and link scanners open mails that nobody reads. They are counted apart here; other tools count them as readers.',
  machinesAction: 'Judge campaigns by orders',
  machinesUnit: 'Mails opened',
  byMachines: 'By machines',
  byPeople: 'By people',
}; // prettier-ignore

const es: typeof en = {
  hour: (hour, own, other) => `En los correos que salen a las ${hour} hace clic el ${own}; a otras horas, el ${other}.`,
  hourBecause: (mails, chance) => `${mails} correos a esa hora del reloj de quien lee; por azar, ${chance}.`,
  whenMailsLeave: 'Fijar cuándo salen los correos',
  hourUnit: 'Clics, por hora de quien lee',
  picking: (own, random) => `La hora propia de cada persona compensa: hace clic el ${own}; a una hora al azar, el ${random}.`,
  pickingBecause: (chance) => `A quién le toca una hora al azar se sortea, así que fue la hora; por azar, ${chance}.`,
  pickingAction: 'Enviar menos a horas al azar',
  clickedUnit: 'Hicieron clic',
  ownHour: 'Hora propia',
  randomHour: 'Hora al azar',
  newest: {
    clicked: (share, name, before) => `El ${share} hizo clic en «${name}»; antes era el ${before}.`,
    left: (share, name, before) => `El ${share} se dio de baja o se quejó con «${name}»; antes era el ${before}.`,
  },
  newestUnit: { clicked: 'Parte que hizo clic', left: 'Parte que se dio de baja o se quejó' },
  newestBecause: (mails, before, campaigns, chance) =>
    `${mails} correos frente a ${before} de ${String(campaigns)} ${campaigns === 1 ? 'campaña' : 'campañas'}; por azar, ${chance}.`,
  newestAction: 'Ver la campaña',
  tires: (version, campaign, first, second) =>
    `La versión ${version} de «${campaign}» cansa: al principio hizo clic el ${first}; después, el ${second}.`,
  tiresBecause: (first, second, chance) => `${first} y ${second} correos; por azar, ${chance}.`,
  tiresAction: 'Ver sus palabras',
  firstHalf: 'Primera mitad',
  secondHalf: 'Segunda mitad',
  bounces: (domain, own, other) => `${domain} devuelve el ${own} de tus correos; los demás, el ${other}.`,
  bouncesBecause: (bounced, mails, chance) => `${bounced} de ${mails} correos; por azar, ${chance}.`,
  bouncesAction: 'Revisar con qué nombre escribes',
  bouncesUnit: 'Devueltos',
  complaints: (share, most) => `El ${share} de quienes recibieron un correo lo marcó como spam; los proveedores toleran el ${most}.`,
  complaintsBecause: (complained, mails) =>
    `${complained} de ${mails} correos. Por encima de eso, los correos de todas tus campañas acaban en la carpeta de spam.`,
  complaintsAction: 'Escribir a menos gente y menos a menudo',
  complaintsUnit: 'Marcados como spam',
  machines: (share) => `El ${share} de los correos abiertos los abrieron máquinas.`,
  machinesBecause: 'Los servidores de privacidad y los analizadores de enlaces abren correos que nadie lee. Aquí se cuentan aparte; otras herramientas los cuentan como lectores.',
  machinesAction: 'Juzgar las campañas por sus pedidos',
  machinesUnit: 'Correos abiertos',
  byMachines: 'Por máquinas',
  byPeople: 'Por personas',
}; // prettier-ignore

export const mailWords: Record<Language, typeof en> = { en, es };
