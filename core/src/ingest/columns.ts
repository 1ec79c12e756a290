/** Columns of numbers that grow. */

/** The larger one, with what the other holds. */
export function larger<Column extends Float64Array | Int32Array | Uint8Array>(column: Column, from: Column): Column {
  column.set(from);
  return column;
}
