/**
 * The model cards of docs/models: what each model is for, what it needs, what it takes for granted, what it was measured at and
 * how it fails. `node scripts/model-cards.ts --write` makes the pages; a test holds pages and source together.
 */
import { LAPSE_SHARE, SLIP_SHARE } from './life-stage.ts';
import {
  CDNOW_ACTUAL,
  CDNOW_FITS,
  CDNOW_HOLDOUT,
  DONATIONS_FIT,
  TOLERANCE,
  type PublishedFit,
} from './models/figures.ts';

export interface ModelCard {
  /** File name in docs/models */
  name: string;
  title: string;
  purpose: string;
  paper: string;
  /** In core/src/scoring */
  code: string;
  data: string[];
  assumptions: string[];
  figures: string[];
  failures: string[];
}

function published(fit: PublishedFit): string {
  const parameters = Object.entries(fit.parameters).map(([name, value]) => `${name} ${String(value)}`);
  const likelihood =
    fit.logLikelihood === undefined
      ? ''
      : `, log-likelihood ${String(fit.logLikelihood)} ± ${String(TOLERANCE.logLikelihood)}`;
  return `${parameters.join(', ')}${likelihood} (${fit.source}); parameters within ${String(TOLERANCE.parameter * 100)}%.`;
}

function holdout(name: keyof typeof CDNOW_HOLDOUT): string {
  const { predicted, correlation, mae, rmse, alive } = CDNOW_HOLDOUT[name];
  return `CDNOW weeks 40 to 78: ${String(predicted)} purchase days foretold, ${String(CDNOW_ACTUAL)} came; correlation ${String(correlation)}, mean error ${String(mae)}, root mean square error ${String(rmse)}, mean P(alive) ${String(alive)}.`;
}

const HISTORY = 'Repeat purchase days, time of the last, time watched; at least 100 people who came back and 120 days.';
const FIND_AGAIN = 'Known parameters are found again within three standard errors from 30,000 simulated people.';
const NO_CALENDAR = 'A season: it knows no calendar. Uneven stretches of the held-out end are told as a warning.';
const DEGENERATE =
  'A shop that nobody seems to leave (regular trade customers): the share of leavers runs to nothing, which is told as `degenerate_dropout`; the plain rule scores instead.';

export const MODEL_CARDS: readonly ModelCard[] = [
  {
    name: 'bg-nbd',
    title: 'BG/NBD',
    purpose: 'Who is still a customer and how often he will buy. Fast; the yardstick for the other two.',
    paper: 'Fader, Hardie & Lee (2005), Marketing Science 24(2)',
    code: 'models/bg-nbd.ts',
    data: [HISTORY],
    assumptions: [
      'Each person buys at a rate of his own, at random times.',
      'After each repeat purchase he leaves for good with a probability of his own.',
      'Rate and probability are unrelated.',
    ],
    figures: [`CDNOW: ${published(CDNOW_FITS['bg-nbd'])}`, holdout('bg-nbd'), FIND_AGAIN],
    failures: [
      'One-time buyers: it holds every one of them for active. It never scores a shop with more than 20% of them.',
      DEGENERATE,
      NO_CALENDAR,
    ],
  },
  {
    name: 'mbg-nbd',
    title: 'MBG/NBD',
    purpose: 'As BG/NBD, and people may leave after their first purchase already: the first choice for win-back.',
    paper: 'Batislam, Denizel & Filiztekin (2007), IJRM 24(3); Hoppe & Wagner (2007)',
    code: 'models/mbg-nbd.ts',
    data: [HISTORY],
    assumptions: ['As BG/NBD, with one more chance to leave: right after the first purchase.'],
    figures: [`CDNOW: ${published(CDNOW_FITS['mbg-nbd'])}`, holdout('mbg-nbd'), FIND_AGAIN],
    failures: [
      DEGENERATE,
      NO_CALENDAR,
      'Frequent buyers who pause: it gives them up too soon where people buy in clumps.',
    ],
  },
  {
    name: 'pareto-nbd',
    title: 'Pareto/NBD',
    purpose: 'As above, and people may leave at any moment, not only after a purchase.',
    paper: 'Schmittlein, Morrison & Colombo (1987), Management Science 33(1); Fader & Hardie (2005)',
    code: 'models/pareto-nbd.ts',
    data: [HISTORY],
    assumptions: ['Buying and leaving have rates of their own in each person, gamma over people, unrelated.'],
    figures: [
      `CDNOW: ${published(CDNOW_FITS['pareto-nbd'])}`,
      holdout('pareto-nbd'),
      FIND_AGAIN,
      'Finite where the textbook difference of two 2F1 cancels (254 purchases in 97 weeks), equal to it where it does not.',
    ],
    failures: [DEGENERATE, NO_CALENDAR, 'Slower than the other two: seconds on 100,000 different histories.'],
  },
  {
    name: 'bg-bb',
    title: 'BG/BB',
    purpose:
      'For chances by the calendar: a yearly gift, a weekly box. An operator’s tool; the cycle does not score with it.',
    paper: 'Fader, Hardie & Shang (2010), Marketing Science 29(6)',
    code: 'models/bg-bb.ts',
    data: ['Chances taken, the last chance taken, chances so far; whole numbers.'],
    assumptions: [
      'At most one purchase a chance.',
      'Leaving happens between chances, with a probability of each person’s own.',
    ],
    figures: [`11,104 donors: ${published(DONATIONS_FIT)}`],
    failures: ['Chances that are not equal for all people.', 'Several purchases at one chance count as one.'],
  },
  {
    name: 'gamma-gamma',
    title: 'Gamma-Gamma spend',
    purpose: 'What one more purchase day of this person is worth: between his own mean and everybody’s.',
    paper: 'Fader & Hardie (2013)',
    code: 'models/gamma-gamma.ts',
    data: ['Number and mean value of repeat purchase days; at least 20 people for the product, 50 without a warning.'],
    assumptions: [
      'How much and how often are unrelated; a correlation beyond 0.3 is told.',
      'No trend in a person’s spend.',
    ],
    figures: [`CDNOW, 946 people: ${published(CDNOW_FITS['gamma-gamma'])}`],
    failures: [
      'A tail so long that no mean exists (q ≤ 1): the own mean drawn to the store’s is used instead.',
      'Days with more returned than bought say nothing and are left out.',
    ],
  },
  {
    name: 'lifetime-value',
    title: 'Customer lifetime value',
    purpose: 'Value of the coming months, discounted: expected purchases month by month times expected spend.',
    paper: 'Fader, Hardie & Lee (2005), Journal of Marketing Research 42(4)',
    code: 'models/lifetime-value.ts',
    data: ['A fit of a purchase model and one of Gamma-Gamma.'],
    assumptions: ['Those of the two models.', 'Margins are not known: value is revenue.'],
    figures: ['CDNOW, 12 months at 1% a month, BG/NBD: 71,509.90 in all, as the Python library lifetimes has it.'],
    failures: ['Everything that breaks one of the two models.'],
  },
  {
    name: 'lapse-boundary',
    title: 'Personal lapse boundary and next-order date',
    purpose: `After how long a silence this person is late (${String(SLIP_SHARE * 100)}% of his likely gaps are shorter) and lapsed (${String(LAPSE_SHARE * 100)}%), and when his next order is due, with an interval of 80%.`,
    paper: 'Holtrop & Wieringa (2023), IJRM 40(3), on the Gamma-Gamma distribution',
    code: 'models/control-chart.ts',
    data: ['Days between purchases; at least 20 people who came back.'],
    assumptions: [
      'Each person’s gaps have one mean; its spread over people is gamma.',
      'Only finished gaps are known.',
    ],
    figures: [
      'On 20,000 simulated people 50%, 80% and 95% of next gaps fall under their boundaries, within one point.',
    ],
    failures: [
      'Slow buyers: gaps not finished yet are missing, so boundaries are a little short.',
      'One-time buyers have the boundary of those who come back at all.',
    ],
  },
  {
    name: 'life-stage',
    title: 'RFM quintiles and life stage',
    purpose:
      'The plain baseline: five equal groups by recency, frequency and money; and new, active, slipping, lapsed, lost.',
    paper: 'Hughes (1994), Strategic Database Marketing',
    code: 'models/rfm.ts, life-stage.ts',
    data: ['Totals of each customer.'],
    assumptions: ['None but that the past repeats.'],
    figures: ['A longer silence never moves anybody to an earlier stage (property test).'],
    failures: ['Quintiles say who is better than whom, never how good.'],
  },
  {
    name: 'rhythm',
    title: 'The plain rhythm rule',
    purpose:
      'Scores a store that no model describes: lateness by the personal boundary, and what became of people as late as that in the newer part of the store’s own history.',
    paper: 'Holtrop & Wieringa (2023); shares are the store’s own',
    code: 'rhythm.ts',
    data: ['At least 20 people who came back; chances and values need 120 days of history, otherwise they stay empty.'],
    assumptions: ['The newer part of the history is like what comes.'],
    figures: ['On the UCI log (regular trade customers) it takes over with the reason that nobody seems to leave.'],
    failures: [
      'A season between the newer part and now.',
      'No chance of being alive is given: the rule does not know it.',
    ],
  },
  {
    name: 'send-time',
    title: 'Send-time preference',
    purpose: 'At which of the 168 hours of his week a person answers.',
    paper: 'Gelman et al. (2013), Bayesian Data Analysis, section 5.3',
    code: 'models/send-time.ts',
    data: ['Mails sent and answered by hour of sending; 1,000 mails for a store’s week.'],
    assumptions: [
      'Sending hours are random enough: mail sent only at nine says nothing of ten.',
      'Neighbouring hours are alike.',
    ],
    figures: [
      'Simulated night owls are pulled to late hours beyond the store’s week; an unknown person gets the store’s week.',
    ],
    failures: [
      'Machines that open everything: left out from 20 mails on at 97%.',
      'Few hours used so far: told as a warning.',
    ],
  },
  {
    name: 'engagement',
    title: 'Engagement propensity',
    purpose: 'How likely a person opens, clicks or orders on the next mail.',
    paper: 'Hastie, Tibshirani & Friedman (2009), section 4.4; Platt (1999)',
    code: 'models/engagement.ts, models/logistic.ts',
    data: ['Past mails with what came of them; 10 of the rarer outcome for each feature.'],
    assumptions: ['Log-odds are a sum over features.'],
    figures: ['On 8,000 simulated people the calibration error on unseen ones is under 2 points.'],
    failures: ['Too few answers: told as `too_few_events`.', 'No signal: told, and the mean is as good.'],
  },
  {
    name: 'fatigue',
    title: 'Fatigue',
    purpose:
      'How the risk of an unsubscribe or complaint grows with mails in 30 days, and the most mails under a bound.',
    paper: 'Singer & Willett (1993)',
    code: 'models/fatigue.ts',
    data: ['Every mail with the number before it and whether it lost the person; 30 leavers.'],
    assumptions: [
      'Pressure works through the logarithm of its count.',
      'Who got more mail is not worse to begin with.',
    ],
    figures: ['A planted effect is found again within three standard errors from 60,000 simulated mails.'],
    failures: ['Too few leavers: no cap is proposed.', 'Mail sent more to the keen hides fatigue.'],
  },
  {
    name: 'forecast',
    title: 'Forecast of revenue and returning customers',
    purpose:
      'The next 13 weeks, with an interval of 80%, by the way that would have done best on the store’s own past.',
    paper:
      'Gardner & McKenzie (1985), Management Science 31(10); Makridakis, Spiliotis & Assimakopoulos (2020), IJF 36(1)',
    code: '../insights/forecast.ts',
    data: ['Weekly totals of 35 whole weeks; last year’s weeks are a candidate from 60 on, and judged from 82.'],
    assumptions: [
      'What was missed before is what may be missed again: the interval is Student’s t on the back-test’s errors, of which those that overlap count for as many as would fit side by side.',
      'Before a year has gone round a quarter may lie a fifth from the one before by its season alone.',
      'Weeks ahead are like weeks behind, or like last year’s.',
    ],
    figures: [
      'On simulated futures of seven kinds (level, wandering, growing, falling, seasonal, few orders, overdispersed) the interval of 13 weeks holds 76% to 92% from 70 or 104 weeks on (80% is meant; a season of which not two years are seen 99%), and 96% and more from 45 weeks, where no year has gone round.',
      'A season of 60% is foretold within 10% on the back-test, the mean of the last weeks is further off.',
    ],
    failures: [
      'Little history: the interval is wide rather than wrong. UCI log: 13 weeks of revenue held 6 of 6 times, 4 weeks 12 of 15; CDNOW: 30 of 30 and 39 of 39, returning customers 30 of 30 and 31 of 39.',
      'Growth or a fall that never was before: where the interval held less often than 65% it is told as `interval_too_narrow`.',
      'Fewer than 35 weeks: no forecast.',
    ],
  },
  {
    name: 'offer-response',
    title: 'Offer response',
    purpose:
      'Whether a person needs the discount, or would order without it. Where people are known to differ, campaigns deal their offer by it (core/src/campaigns/offer.ts), and say why in each decision.',
    paper: 'Künzel, Sekhon, Bickel & Yu (2019), PNAS 116(10): the T-learner',
    code: 'models/offer-response.ts',
    data: [
      'Campaigns that sent the same mail with and without the offer, dealt at random (setting “Learn who needs it”); 50 orders in each group.',
    ],
    assumptions: [
      'The offer costs its share of every order that comes with it, also of those that would have come anyway.',
      'People of the next campaign are like those of the last ones.',
    ],
    figures: [
      'Simulated people who differ, who are all moved alike, and whom the offer only gives money away to are each told for what they are; in 40 trials without a difference at most two are said to have one.',
      'In a planted shop where half need the offer, more than seven of ten people of the next campaign are dealt it rightly; dealt so it brings more than to all and than to nobody.',
    ],
    failures: [
      'Too few orders: told as `too_few_orders`; nobody gets an answer.',
      'Small differences between people: told as none, and the campaign’s rule decides for all.',
    ],
  },
  {
    name: 'uplift',
    title: 'Uplift',
    purpose: 'Whom a mail moves: persuadables first, sleeping dogs never.',
    paper:
      'Lo (2002), S-learner; Radcliffe & Surry (1999), T-learner; Jaskowski & Jaroszewicz (2012), class transformation',
    code: '../measurement/uplift/learners.ts, ../measurement/uplift/people.ts',
    data: [
      'People of past campaigns whom a draw mailed or held back, with their scores as of then; 500 in the smaller group, 50 orders in each.',
    ],
    assumptions: [
      'The draw was random and its arms are as large as it makes them.',
      'Five-fold cross-fitting: nobody is judged by a model that saw him.',
    ],
    figures: [
      'Hillstrom, women’s mail on visits: effect .0452331 ± .0032345, Qini .0559 (T-learner), .0604 ± .001 (class transformation).',
    ],
    failures: [
      'Noise: a ranking counts only at p < 0.01 after all three learners; else the whole group is mailed, and the campaign says why.',
      'People left out as sleeping dogs are in no later trial: a change of heart is not seen.',
    ],
  },
  {
    name: 'affinity',
    title: 'Product affinity',
    purpose: 'Which products go together, and what to show next.',
    paper: 'Agrawal, Imieliński & Swami (1993); lift: Brin et al. (1997)',
    code: 'models/affinity.ts',
    data: ['Baskets; a pair counts from 5 baskets and 0.1% of all on.'],
    assumptions: ['Together in a basket means that they go together.'],
    figures: [
      'French baskets of the UCI log: green to red alarm clock support .079082, confidence .815789, lift 8.642959.',
    ],
    failures: ['The rarest pairs have the highest lift by accident: ranking is by a lower bound of confidence.'],
  },
];

/** The page, in Markdown that the formatter leaves as it is. */
export function cardPage(card: ModelCard): string {
  const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
  return [
    `# ${card.title}`,
    card.purpose,
    `Paper: ${card.paper}. Code: ${card.code
      .split(', ')
      .map((file) => `\`${file.startsWith('../') ? `core/src/${file.slice(3)}` : `core/src/scoring/${file}`}\``)
      .join(', ')}.`,
    `## Data it needs\n\n${list(card.data)}`,
    `## What it takes for granted\n\n${list(card.assumptions)}`,
    `## Figures, each held by a test\n\n${list(card.figures)}`,
    `## How it fails\n\n${list(card.failures)}`,
    '<!-- made from core/src/scoring/model-cards.ts by `node scripts/model-cards.ts --write` -->',
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}
