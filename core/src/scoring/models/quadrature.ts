/** Gauss–Legendre on [-1, 1] with 16 nodes, found by Newton's method on the Legendre polynomial (Abramowitz & Stegun 25.4.29). */
const POINTS = 16;

export const NODES = new Float64Array(POINTS);
/** Logarithms of the weights, which sum to 2. */
export const WEIGHTS = new Float64Array(POINTS);

for (let i = 0; i < POINTS; i++) {
  let node = Math.cos((Math.PI * (i + 0.75)) / (POINTS + 0.5));
  let slope = 1;
  for (let step = 0; step < 12; step++) {
    let before = 1;
    let value = node;
    for (let n = 2; n <= POINTS; n++) [before, value] = [value, ((2 * n - 1) * node * value - (n - 1) * before) / n];
    slope = (POINTS * (node * value - before)) / (node * node - 1);
    node -= value / slope;
  }
  NODES[POINTS - 1 - i] = node;
  WEIGHTS[POINTS - 1 - i] = Math.log(2 / ((1 - node * node) * slope * slope));
}
