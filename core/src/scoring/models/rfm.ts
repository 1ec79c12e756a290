/**
 * RFM quintiles: the plain baseline that every model must beat. Five equal groups by recency, frequency and money, 5 the best.
 * Hughes (1994), Strategic Database Marketing. Ties share the higher group, so that equal people get equal marks.
 */
export interface RfmColumns {
  /** Days since the last purchase */
  readonly recency: Float64Array;
  /** Purchase days */
  readonly frequency: Float64Array;
  /** Money in any one unit */
  readonly money: Float64Array;
}

export interface RfmMarks {
  recency: Uint8Array;
  frequency: Uint8Array;
  money: Uint8Array;
}

export function rfmQuintiles(columns: RfmColumns): RfmMarks {
  return {
    recency: quintiles(columns.recency.map((days) => -days)),
    frequency: quintiles(columns.frequency),
    money: quintiles(columns.money),
  };
}

/** 1 to 5 by share of people at or below; the largest values get 5. */
function quintiles(values: Float64Array): Uint8Array {
  const sorted = values.slice().sort();
  const edges = [0.2, 0.4, 0.6, 0.8].map(
    (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!,
  );
  return Uint8Array.from(values, (value) => 1 + edges.filter((edge) => value >= edge).length);
}
