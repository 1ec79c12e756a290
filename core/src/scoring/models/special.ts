/**
 * Special functions of the models, in double precision: log-gamma and its derivatives, log-beta, the regularised
 * incomplete beta function and its inverse. Pure; throws nothing, gives NaN outside the domain.
 *
 * Abramowitz & Stegun, Handbook of Mathematical Functions (1964): 6.1.41 (Stirling), 6.3.18, 6.4.12, 26.5.8.
 */

/** ln(2π)/2 */
const HALF_LOG_TAU = 0.918938533204672741780329736406;
/** From here on eight terms of the asymptotic series are exact to the last bit. */
const ASYMPTOTIC = 9;

/** ln Γ(x) for x > 0. Relative error below 1e-14 (absolute below 1e-14 near the zeros at 1 and 2). */
export function logGamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let shift = 1;
  let y = x;
  while (y < ASYMPTOTIC) {
    shift *= y;
    y += 1;
  }
  const v = 1 / (y * y);
  const tail =
    (1 / 12 -
      v *
        (1 / 360 -
          v *
            (1 / 1260 - v * (1 / 1680 - v * (1 / 1188 - v * (691 / 360360 - v * (1 / 156 - (v * 3617) / 122400))))))) /
    y;
  const stirling = (y - 0.5) * Math.log(y) - y + HALF_LOG_TAU + tail;
  return shift === 1 ? stirling : stirling - Math.log(shift);
}

/** ψ(x) = d ln Γ(x)/dx for x > 0. */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let sum = 0;
  let y = x;
  while (y < ASYMPTOTIC) {
    sum -= 1 / y;
    y += 1;
  }
  const v = 1 / (y * y);
  const tail =
    v * (1 / 12 - v * (1 / 120 - v * (1 / 252 - v * (1 / 240 - v * (1 / 132 - v * (691 / 32760 - v / 12))))));
  return sum + Math.log(y) - 0.5 / y - tail;
}

/** ψ'(x) for x > 0. */
export function trigamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let sum = 0;
  let y = x;
  while (y < ASYMPTOTIC) {
    sum += 1 / (y * y);
    y += 1;
  }
  const v = 1 / (y * y);
  const tail = v * (1 / 6 - v * (1 / 30 - v * (1 / 42 - v * (1 / 30 - v * (5 / 66 - v * (691 / 2730 - (v * 7) / 6))))));
  return sum + (1 + tail + 0.5 / y) / y;
}

/** ln B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** I_x(a, b), the distribution function of a Beta(a, b) variable at x. Continued fraction 26.5.8, Lentz's evaluation. */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges quickly on the left of the mean; on the right its mirror does.
  return x < (a + 1) / (a + b + 2) ? leftTail(a, b, x, 1 - x) : 1 - leftTail(b, a, 1 - x, x);
}

function leftTail(a: number, b: number, x: number, y: number): number {
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b)) / a;
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < 2000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return front * fraction;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/**
 * The odds x/(1-x) at which I_x(a, b) reaches `share`: the quantile of a beta-prime variable, which unlike x itself keeps
 * its digits where x is close to 1. By bisection on the logarithm: slow and sure, for tables.
 */
export function betaOddsQuantile(a: number, b: number, share: number): number {
  if (!(share > 0)) return 0;
  if (share >= 1) return Number.POSITIVE_INFINITY;
  let low = -690;
  let high = 690;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    const odds = Math.exp(middle);
    if (betaPrimeBelow(a, b, odds) < share) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}

/** P(V ≤ odds) for V ~ BetaPrime(a, b), that is V = X/(1-X) with X ~ Beta(a, b). */
export function betaPrimeBelow(a: number, b: number, odds: number): number {
  if (odds <= 0) return 0;
  // 1/(1+odds) keeps its digits on either side; x and 1-x both must.
  const x = odds / (1 + odds);
  const y = 1 / (1 + odds);
  return x < (a + 1) / (a + b + 2) ? leftTail(a, b, x, y) : 1 - leftTail(b, a, y, x);
}
