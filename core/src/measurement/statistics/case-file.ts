/**
 * Files of experiment cases: what may stand in them. Three kinds: experiments (`cases` with two arms), mSPRT (`cases` with an
 * `input`), and sample sizes with group-sequential levels. Expected values beside a case are not read.
 */
import { z } from 'zod';
import { fail } from '../../errors.ts';

const alphaSchema = z.number().gt(0).lt(1);

const arm = z.object({
  n: z.number().positive(),
  kind: z.enum(['mean', 'proportion']),
  sum: z.number(),
  sumSquares: z.number().nonnegative().optional(),
  covariate: z.object({ sum: z.number(), sumSquares: z.number().nonnegative(), sumOfProducts: z.number() }).optional(),
});

const experimentCase = z
  .object({
    id: z.string(),
    method: z.enum(['welch', 'sequential', 'bayes']),
    difference: z.enum(['relative', 'absolute']).default('absolute'),
    alternative: z.enum(['two-sided', 'greater', 'less']).default('two-sided'),
    alpha: alphaSchema.default(0.05),
    control: arm,
    treatment: arm,
    cuped: z.boolean().default(false),
    /** People at which the sequence is tightest; required where the method is sequential */
    tuningSampleSize: z.number().positive().optional(),
    prior: z
      .union([z.literal('improper flat'), z.object({ mean: z.number(), variance: z.number().positive() })])
      .default('improper flat'),
  })
  .superRefine((one, context) => {
    const say = (message: string) => context.addIssue({ code: 'custom', message: `case ${one.id}: ${message}` });
    if (one.method === 'sequential' && one.tuningSampleSize === undefined)
      say('a sequential case needs tuningSampleSize');
    if (one.alternative !== 'two-sided' && one.alpha >= 0.5) say('a one-sided case needs an alpha below .5');
    for (const side of ['control', 'treatment'] as const) {
      if (one[side].kind === 'mean' && one[side].sumSquares === undefined)
        say(`${side} is a mean and needs sumSquares`);
      if (one.cuped && !one[side].covariate) say(`cuped needs a covariate in ${side}`);
    }
  });

const msprtCase = z.object({
  id: z.string().optional(),
  input: z.object({
    mean_difference: z.number(),
    sigma2_per_arm: z.number().positive(),
    n_per_arm: z.number().positive(),
    tau2: z.number().positive(),
    theta0: z.number().default(0),
  }),
});

const sizeCase = z
  .object({
    id: z.string().optional(),
    kind: z.enum(['continuous', 'binomial']),
    absolute_mde: z.number().refine((value) => value !== 0, 'absolute_mde must not be 0'),
    variance: z.number().positive().optional(),
    p: z.number().gt(0).lt(1).optional(),
    alpha: alphaSchema.optional(),
    power: z.number().gt(0).lt(1).optional(),
    treatments: z.number().int().min(2).optional(),
    allocation: z.array(z.number().positive()).min(2).optional(),
    comparisons: z.enum(['control_vs_all', 'all_vs_all']).optional(),
  })
  .refine((one) => (one.kind === 'continuous' ? one.variance : one.p) !== undefined, {
    message: 'a continuous case needs variance, a binomial one p',
  });

const spendingCase = z.object({
  id: z.string().optional(),
  input: z.object({
    count_1: z.array(z.number().nonnegative()).min(1),
    count_2: z.array(z.number().nonnegative()).min(1),
    total_expected_users: z.number().positive(),
    two_sided: z.boolean().default(true),
    alpha: alphaSchema,
    number_of_comparisons: z.number().int().min(1).default(1),
  }),
});

const experimentFile = z.object({ cases: z.array(experimentCase) });
const msprtFile = z.object({ cases: z.array(msprtCase) });
const sizeFile = z.object({ spending: z.array(spendingCase), sizes: z.array(sizeCase) });

export type ExperimentCase = z.infer<typeof experimentCase>;
export type MsprtCase = z.infer<typeof msprtCase>;
export type SizeCase = z.infer<typeof sizeCase>;
export type SpendingCase = z.infer<typeof spendingCase>;

export type Cases =
  { experiments: ExperimentCase[] } | { msprt: MsprtCase[] } | { sizes: SizeCase[]; spending: SpendingCase[] };

/** Reads a parsed file, or the bare list of its cases. Throws `bad_file` with the place and the reason. */
export function readCases(file: unknown): Cases {
  const cases = Array.isArray(file) ? { cases: file as unknown[] } : file;
  if (typeof cases !== 'object' || cases === null) throw fail('bad_file', 'The file holds no cases.');
  if (!('cases' in cases)) {
    const [spending, sizes] = [find(cases, 'group_sequential'), find(cases, 'sample_size')];
    if (spending === undefined && sizes === undefined) throw fail('bad_file', 'The file holds no cases.');
    return parse(sizeFile, { spending: spending ?? [], sizes: sizes ?? [] });
  }
  const first = Array.isArray(cases.cases) ? (cases.cases[0] as unknown) : undefined;
  if (typeof first === 'object' && first !== null && 'input' in first) return { msprt: parse(msprtFile, cases).cases };
  return { experiments: parse(experimentFile, cases).cases };
}

/** A list by the word its key begins with; the rest of the key is remarks. */
function find(file: object, word: string): unknown {
  return Object.entries(file).find(([key]) => key.startsWith(word))?.[1] as unknown;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw fail('bad_file', `The cases cannot be read${where}: ${issue?.message ?? 'unknown form'}.`);
}
