/**
 * What the papers and their libraries publish for the CDNOW sample, and how near our fits must come. The tests hold the models
 * to these, and the model cards print them: one source.
 */
export interface PublishedFit {
  source: string;
  parameters: Readonly<Record<string, number>>;
  logLikelihood?: number;
}

/** Share by which a parameter may differ, and log-likelihood by which a fit may differ. */
export const TOLERANCE = { parameter: 0.005, logLikelihood: 0.05 };

export const CDNOW_FITS = {
  'bg-nbd': {
    source: 'Fader, Hardie & Lee (2005), table 2',
    parameters: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
    logLikelihood: -9582.43,
  },
  'mbg-nbd': { source: 'BTYDplus', parameters: { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 } },
  'pareto-nbd': {
    source: 'Fader, Hardie & Lee (2005), table 2; CLVTools',
    parameters: { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 },
    logLikelihood: -9594.97,
  },
  'gamma-gamma': {
    source: 'Fader & Hardie (2013); CLVTools',
    parameters: { p: 6.25, q: 3.74, gamma: 15.44 },
    logLikelihood: -4055.92,
  },
} as const satisfies Record<string, PublishedFit>;

export const DONATIONS_FIT = {
  source: 'Fader, Hardie & Shang (2010), table 4',
  parameters: { alpha: 1.204, beta: 0.75, gamma: 0.657, delta: 2.783 },
  logLikelihood: -33225.6,
} as const satisfies PublishedFit;

/** Weeks 40 to 78 of the CDNOW sample, 2,357 people with 1,882 purchase days, fitted on weeks 1 to 39. */
export const CDNOW_HOLDOUT = {
  'bg-nbd': { predicted: 1653.42, correlation: 0.6256, mae: 0.7855, rmse: 1.608, alive: 0.8134 },
  'mbg-nbd': { predicted: 1576.74, correlation: 0.6272, mae: 0.7648, rmse: 1.6072, alive: 0.4487 },
  'pareto-nbd': { predicted: 1665.53, correlation: 0.6302, mae: 0.7545, rmse: 1.6029, alive: 0.4463 },
} as const;
export const CDNOW_ACTUAL = 1882;
