/** Student's t distribution. Pure mathematics. */
import { betaCdf, logGamma } from './gamma.ts';
import { normalQuantile, normalTail } from './normal.ts';

/** From here on the normal distribution is nearer than double precision. */
const MANY = 1e8;

/** P(T > x). */
export function studentTail(x: number, degrees: number): number {
  if (degrees > MANY) return normalTail(x);
  const outer = 0.5 * betaCdf(degrees / (degrees + x * x), degrees / 2, 0.5);
  return x >= 0 ? outer : 1 - outer;
}

/** The x with P(T ≤ x) = p, by Newton's method from the normal quantile. */
export function studentQuantile(p: number, degrees: number): number {
  if (degrees > MANY) return normalQuantile(p);
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  if (p === 0.5) return 0;
  const tail = 1 - p;
  // Cornish and Fisher's first two terms; then Newton in log tail, which converges for tails of any weight.
  const z = normalQuantile(p);
  let x = z + (z ** 3 + z) / (4 * degrees);
  for (let i = 0; i < 100; i++) {
    const current = studentTail(x, degrees);
    const step = (Math.log(current / tail) * current) / studentDensity(x, degrees);
    x = Math.max(x + step, x / 2);
    if (Math.abs(step) <= 1e-14 * x) break;
  }
  return x;
}

function studentDensity(x: number, degrees: number): number {
  const scale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  return Math.exp(scale - ((degrees + 1) / 2) * Math.log1p((x * x) / degrees));
}
