/**
 * Pareto/NBD: buys at rate λ ~ Gamma(r, α) until an unseen moment that comes at rate μ ~ Gamma(s, β).
 *
 * Schmittlein, Morrison & Colombo (1987), Counting Your Customers: Who Are They and What Will They Do Next?, Management
 * Science 33(1), 1–24; Fader & Hardie (2005), A Note on Deriving the Pareto/NBD Model and Related Expressions.
 *
 * The likelihood's hard part, usually written as a difference of two 2F1 that cancels (note, equations 18–20), is
 *   I = ∫_{t_x}^{T} s (α+u)^{-(r+x)} (β+u)^{-(s+1)} du:
 * having left at u. We integrate it as it stands, by Gauss–Legendre over ln(min(α, β) + u): every term is positive, so nothing
 * cancels for any x, and the same nodes give exact first and second derivatives.
 */
import type { Histories } from './histories.ts';
import type { Derivatives } from './maximise.ts';
import { addAtom, addDerivatives, clear, emptyMixture, mirror, type Blocks, type Gradient } from './mixture.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { NODES, WEIGHTS } from './quadrature.ts';
import { digamma, logGamma, trigamma } from './special.ts';
import { gammaDropout } from './warnings.ts';

/** A panel holds at most this much of the logarithm's range and this much change of the integrand's logarithm. */
const PANEL_LENGTH = 3;
const PANEL_CHANGE = 14;
/** What is e^-45 of the largest term or less adds nothing to a double. */
const NEGLIGIBLE = -45;

type Four = [r: number, alpha: number, s: number, beta: number];

/** Calls `visit` with the logarithm of each term of I, and the two logarithms it is made of; gives nothing. */
function overDepartures(
  [r, alpha, s, beta]: Four,
  row: { x: number; tx: number; T: number },
  visit: (logTerm: number, u: number, logA: number, logB: number) => void,
): void {
  const near = Math.min(alpha, beta);
  const far = Math.max(alpha, beta) - near;
  const from = Math.log(near + row.tx);
  const range = Math.log((near + row.T) / (near + row.tx));
  if (!(range > 0)) return;
  const shape = r + row.x;
  const change =
    shape * Math.log((alpha + row.T) / (alpha + row.tx)) + (s + 1) * Math.log((beta + row.T) / (beta + row.tx));
  const panels = Math.min(200, Math.ceil(Math.max(range / PANEL_LENGTH, change / PANEL_CHANGE)));
  const width = range / panels;
  const logFactor = Math.log((s * width) / 2);
  const nearIsAlpha = alpha <= beta;
  const first = -shape * Math.log(alpha + row.tx) - (s + 1) * Math.log(beta + row.tx);
  for (let panel = 0; panel < panels; panel++) {
    const start = from + panel * width;
    let best = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < NODES.length; j++) {
      const y = start + ((NODES[j]! + 1) * width) / 2;
      const nearU = Math.exp(y);
      const logFar = Math.log(nearU + far);
      const logA = nearIsAlpha ? y : logFar;
      const logB = nearIsAlpha ? logFar : y;
      const logDensity = -shape * logA - (s + 1) * logB;
      if (logDensity > best) best = logDensity;
      visit(logFactor + WEIGHTS[j]! + logDensity + y, nearU - near, logA, logB);
    }
    // The density falls all the way: once a panel is nothing, so are those after it.
    if (best - first + 0.5 * (start - from) < NEGLIGIBLE) return;
  }
}

/** ln of e^{stayed} + I and of its parts, without derivatives. */
function logParts(
  parameters: Float64Array,
  row: { x: number; tx: number; T: number },
): { stayed: number; left: number } {
  const four = parameters as unknown as Four;
  const [r, alpha, s, beta] = four;
  const stayed = -(r + row.x) * Math.log(alpha + row.T) - s * Math.log(beta + row.T);
  // Relative to the survivors' term, capped so that the sum cannot overflow.
  let sum = 0;
  let top = stayed;
  overDepartures(four, row, (logTerm) => {
    if (logTerm > top) {
      sum = sum * Math.exp(top - logTerm) + 1;
      top = logTerm;
    } else {
      sum += Math.exp(logTerm - top);
    }
  });
  return { stayed, left: top + Math.log(sum) };
}

function logLikelihood(parameters: Float64Array, histories: Histories, out: Derivatives): number {
  const four = parameters as unknown as Four;
  const [r, alpha, s, beta] = four;
  const { x, tx, T, weight } = histories;
  out.gradient.fill(0);
  out.hessian.fill(0);
  const logAlpha = Math.log(alpha);
  const logBeta = Math.log(beta);
  const [gammaR, psiR, psi2R] = [logGamma(r), digamma(r), trigamma(r)];
  const mixture = emptyMixture();
  const g: Gradient = [0, 0, 0, 0];
  const h: Blocks = [0, 0, 0, 0, 0, 0];
  const row = { x: 0, tx: 0, T: 0 };
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    const m = weight ? weight[i]! : 1;
    row.x = x[i]!;
    row.tx = tx[i]!;
    row.T = T[i]!;
    const shape = r + row.x;
    clear(mixture);
    const endA = alpha + row.T;
    const endB = beta + row.T;
    const logEndA = Math.log(endA);
    const logEndB = Math.log(endB);
    // The survivors: -(r+x) ln(α+T) - s ln(β+T).
    g[0] = -logEndA;
    g[1] = -shape / endA;
    g[2] = -logEndB;
    g[3] = -s / endB;
    h[0] = 0;
    h[1] = -1 / endA;
    h[2] = shape / (endA * endA);
    h[3] = 0;
    h[4] = -1 / endB;
    h[5] = s / (endB * endB);
    addAtom(mixture, -shape * logEndA - s * logEndB, g, h);
    h[3] = -1 / (s * s);
    overDepartures(four, row, (logTerm, u, logA, logB) => {
      const inverseA = 1 / (alpha + u);
      const inverseB = 1 / (beta + u);
      g[0] = -logA;
      g[1] = -shape * inverseA;
      g[2] = 1 / s - logB;
      g[3] = -(s + 1) * inverseB;
      h[1] = -inverseA;
      h[2] = shape * inverseA * inverseA;
      h[4] = -inverseB;
      h[5] = (s + 1) * inverseB * inverseB;
      addAtom(mixture, logTerm, g, h);
    });
    const logTotal = addDerivatives(mixture, m, out);
    value += m * (logGamma(shape) - gammaR + r * logAlpha + s * logBeta + logTotal);
    out.gradient[0]! += m * (digamma(shape) - psiR + logAlpha);
    out.gradient[1]! += (m * r) / alpha;
    out.gradient[2]! += m * logBeta;
    out.gradient[3]! += (m * s) / beta;
    out.hessian[0]! += m * (trigamma(shape) - psi2R);
    out.hessian[1]! += m / alpha;
    out.hessian[5]! -= (m * r) / (alpha * alpha);
    out.hessian[11]! += m / beta;
    out.hessian[15]! -= (m * s) / (beta * beta);
  }
  mirror(out);
  return value;
}

export const paretoNbd: PurchaseModel = {
  name: 'pareto-nbd',
  parameterNames: ['r', 'alpha', 's', 'beta'],
  starts(histories) {
    let sum = 0;
    for (const T of histories.T) sum += T;
    const span = Math.max(sum / Math.max(histories.T.length, 1), 1e-3);
    return [
      [0.5, span / 4, 0.5, span / 4],
      [1, span, 1, span],
      [0.3, span / 20, 0.2, span / 2],
      [2, span / 2, 0.5, span],
    ];
  },
  logLikelihood,
  /** Note, equation 11: survivors' share of the likelihood */
  alive(parameters, x, tx, T) {
    const { stayed, left } = logParts(parameters, { x, tx, T });
    return 1 / (1 + Math.exp(left - stayed));
  },
  /** Note, equation 22 without its first factor; (1 - e^{-(s-1)l})/(s-1) is l at s = 1 */
  ordersIfAlive(parameters, x, T, t) {
    const [r, alpha, s, beta] = parameters as unknown as Four;
    const length = Math.log1p(t / (beta + T));
    const excess = s - 1;
    const kept = Math.abs(excess) < 1e-9 ? length : -Math.expm1(-excess * length) / excess;
    return ((r + x) * (beta + T) * kept) / (alpha + T);
  },
  /** ∫_0^t (r+x)(α+T)^{r+x}/(α+T+u)^{r+x+1} ((β+T)/(β+T+u))^s du: the next purchase at u, still there at u */
  returnIfAlive(parameters, x, T, t) {
    const [r, alpha, s, beta] = parameters as unknown as Four;
    const shape = r + x;
    const a = alpha + T;
    const b = beta + T;
    // In v, the distribution function of the waiting time, the integrand is the survival alone and smooth.
    const top = -Math.expm1(-shape * Math.log1p(t / a));
    let sum = 0;
    for (let j = 0; j < NODES.length; j++) {
      const v = ((NODES[j]! + 1) * top) / 2;
      const u = a * Math.expm1(-Math.log1p(-v) / shape);
      sum += Math.exp(WEIGHTS[j]! - s * Math.log1p(u / b));
    }
    return (sum * top) / 2;
  },
  /** Note, equation 17 */
  ordersOfNew(parameters, t) {
    return this.ordersIfAlive(parameters, 0, 0, t);
  },
  degenerate: (parameters) => gammaDropout(parameters[2]!, parameters[3]!),
};
