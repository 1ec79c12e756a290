/** Small symmetric systems, as Newton's method needs them: row-major k × k in typed arrays. */

/** Lower triangle L with L Lᵀ = matrix, or undefined where the matrix is not positive definite. */
export function cholesky(matrix: Float64Array, k: number): Float64Array | undefined {
  const lower = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * k + j]!;
      for (let m = 0; m < j; m++) sum -= lower[i * k + m]! * lower[j * k + m]!;
      if (i === j) {
        // Against the entry itself: what is left by rounding alone is no curvature.
        if (!(sum > 1e-13 * Math.abs(matrix[i * k + i]!))) return undefined;
        lower[i * k + i] = Math.sqrt(sum);
      } else {
        lower[i * k + j] = sum / lower[j * k + j]!;
      }
    }
  }
  return lower;
}

/** Solves L Lᵀ v = right. */
export function solve(lower: Float64Array, right: Float64Array, k: number): Float64Array {
  const v = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    let sum = right[i]!;
    for (let m = 0; m < i; m++) sum -= lower[i * k + m]! * v[m]!;
    v[i] = sum / lower[i * k + i]!;
  }
  for (let i = k - 1; i >= 0; i--) {
    let sum = v[i]!;
    for (let m = i + 1; m < k; m++) sum -= lower[m * k + i]! * v[m]!;
    v[i] = sum / lower[i * k + i]!;
  }
  return v;
}

/** (L Lᵀ)⁻¹ */
export function invert(lower: Float64Array, k: number): Float64Array {
  const inverse = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    const unit = new Float64Array(k);
    unit[j] = 1;
    inverse.set(solve(lower, unit, k), j * k);
  }
  return inverse;
}

/** matrix + factor × (|diagonal| + floor) on the diagonal. */
export function addDiagonal(matrix: Float64Array, k: number, factor: number, floor: number): Float64Array {
  const sum = matrix.slice();
  for (let i = 0; i < k; i++) sum[i * k + i]! += factor * (Math.abs(matrix[i * k + i]!) + floor);
  return sum;
}
