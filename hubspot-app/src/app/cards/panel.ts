/**
 * The one question that the card asks, and the shape of its answer. HubSpot's proxy signs the call and says who looks and in
 * which account; the card holds no key.
 */
import { hubspot } from '@hubspot/ui-extensions';

/** Where Rekindle runs. Stands in the app's permitted addresses too: change both. */
export const BACKEND = 'https://app.rekindle.example';

export interface Panel {
  state: 'scored' | 'not_enough_data' | 'unknown';
  store: { name: string; simulated: boolean; language: string };
  customer: { name: string } | null;
  headline: string;
  chanceToReturn: number | null;
  lifeStage: { words: string } | null;
  value: string | null;
  nextOrder: string | null;
  missing: string | null;
  reasons: string[];
  nextAction: { code: string; words: string };
  touches: { at: string; on: string; words: string }[];
  consent: { mayMail: boolean; words: string; until: string | null };
  heldBack: string | null;
  scoredAt: string | null;
}

/** not_connected: this account is connected to no store. unreachable: anything else; trying again may help. */
export type Trouble = 'not_connected' | 'unreachable';

export class PanelError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

const TIMEOUT_MS = 10_000;

/** Throws PanelError. */
export function loadPanel(externalId: string): Promise<Panel> {
  const query = `platform=hubspot&externalId=${encodeURIComponent(externalId)}`;
  return ask(`/api/v1/panel?${query}`, { method: 'GET' });
}

/** Says that this person wants no marketing mail, and gives the panel as it is then. Throws PanelError. */
export function doNotMail(externalId: string): Promise<Panel> {
  return ask('/api/v1/panel/do-not-mail', { method: 'POST', body: { platform: 'hubspot', externalId } });
}

async function ask(path: string, options: { method: 'GET' | 'POST'; body?: Record<string, unknown> }): Promise<Panel> {
  let answer: Response;
  let said: unknown;
  try {
    answer = await hubspot.fetch(`${BACKEND}${path}`, { ...options, timeout: TIMEOUT_MS });
    said = await answer.json();
  } catch {
    throw new PanelError('unreachable');
  }
  if (answer.status === 401 || answer.status === 403 || answer.status === 404) throw new PanelError('not_connected');
  if (!answer.ok || !isPanel(said)) throw new PanelError('unreachable');
  return said;
}

/** Whether all that is drawn without a further look is there. */
function isPanel(said: unknown): said is Panel {
  if (!isObject(said)) return false;
  const { state, store, headline, reasons, touches, consent, nextAction } = said;
  return (
    ['scored', 'not_enough_data', 'unknown'].includes(String(state)) &&
    isObject(store) &&
    typeof store['language'] === 'string' &&
    typeof headline === 'string' &&
    isObject(nextAction) &&
    typeof nextAction['words'] === 'string' &&
    isObject(consent) &&
    typeof consent['mayMail'] === 'boolean' &&
    typeof consent['words'] === 'string' &&
    Array.isArray(reasons) &&
    reasons.every((reason) => typeof reason === 'string') &&
    Array.isArray(touches) &&
    touches.every((touch) => isObject(touch) && typeof touch['words'] === 'string')
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
