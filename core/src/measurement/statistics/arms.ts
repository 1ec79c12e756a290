/** Two arms of an experiment from their sums, and the difference between them. Pure mathematics. */

/** What is known of one arm. A proportion's sum is the number of people who did it. */
export interface Arm {
  kind: 'mean' | 'proportion';
  n: number;
  sum: number;
  sumSquares?: number | undefined;
  /** What the same people had done before */
  covariate?: { sum: number; sumSquares: number; sumOfProducts: number } | undefined;
}

/** Mean and variance of one person, after CUPED where it was asked for. */
export interface Moments {
  n: number;
  mean: number;
  variance: number;
  /** Before CUPED: what a relative difference is relative to, with its variance … */
  rawMean: number;
  rawVariance: number;
  /** … and what CUPED takes from it: theta times the covariate's covariance with the outcome, theta² times its variance */
  covariance: number;
  covariateVariance: number;
}

export interface Contrast {
  estimate: number;
  standardError: number;
  /** Welch and Satterthwaite's degrees of freedom */
  degrees: number;
  /** People in both arms */
  n: number;
}

/** Sample variance for a mean (n - 1), p(1 - p) for a proportion. */
export function momentsOf(arm: Arm, theta = 0): Moments {
  const rawMean = arm.sum / arm.n;
  const rawVariance =
    arm.kind === 'proportion' ? rawMean * (1 - rawMean) : centred(arm.n, arm.sumSquares ?? 0, arm.sum, arm.sum);
  const before = arm.covariate ?? { sum: 0, sumSquares: 0, sumOfProducts: 0 };
  const covariance = theta * centred(arm.n, before.sumOfProducts, arm.sum, before.sum);
  const covariateVariance = theta ** 2 * centred(arm.n, before.sumSquares, before.sum, before.sum);
  return {
    n: arm.n,
    mean: rawMean - (theta * before.sum) / arm.n,
    variance: rawVariance - 2 * covariance + covariateVariance,
    rawMean,
    rawVariance,
    covariance,
    covariateVariance,
  };
}

/** CUPED's slope (Deng, Xu, Kohavi, Walker, WSDM 2013), from both arms as one sample: cov(y, x) / var(x). 0 without a covariate. */
export function cupedTheta(a: Arm, b: Arm): number {
  if (!a.covariate || !b.covariate) return 0;
  const n = a.n + b.n;
  const sum = a.sum + b.sum;
  const before = a.covariate.sum + b.covariate.sum;
  const variance = centred(n, a.covariate.sumSquares + b.covariate.sumSquares, before, before);
  const covariance = centred(n, a.covariate.sumOfProducts + b.covariate.sumOfProducts, sum, before);
  return variance > 0 ? covariance / variance : 0;
}

/** Sample covariance from sums (variance where both are the same). */
function centred(n: number, sumOfProducts: number, sumA: number, sumB: number): number {
  return (sumOfProducts - (sumA * sumB) / n) / (n - 1);
}

/**
 * Treatment less control; relative: as a share of the control's raw mean, its error by the delta method, in which the control
 * stands above and below the line.
 */
export function contrast(control: Moments, treatment: Moments, difference: 'absolute' | 'relative'): Contrast {
  const a = control.variance / control.n;
  const b = treatment.variance / treatment.n;
  const base = difference === 'relative' ? Math.abs(control.rawMean) : 1;
  const ratio = difference === 'relative' ? treatment.rawMean / control.rawMean : 1;
  const controlVariance =
    (control.rawVariance * ratio ** 2 - 2 * control.covariance * ratio + control.covariateVariance) / control.n;
  return {
    estimate: (treatment.mean - control.mean) / base,
    standardError: Math.sqrt(b + controlVariance) / base,
    degrees: (a + b) ** 2 / (a ** 2 / (control.n - 1) + b ** 2 / (treatment.n - 1)),
    n: control.n + treatment.n,
  };
}
