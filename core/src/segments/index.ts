/** Segments: rules over customers, their members, and what a rule would mean. */
export { BUILT_IN_SEGMENTS, segmentId } from './built-in.ts';
export { holds, whyIn } from './evaluate.ts';
export type { Facts, Thresholds } from './facts.ts';
export { countSegment, previewSegment, type PreviewedPerson } from './preview.ts';
export { refreshSegments } from './refresh.ts';
export { conditions, segmentRule, type Condition, type Rule } from './rule.ts';
export { ensureBuiltIn, listSegments, type Segment } from './segment.store.ts';
export { ruleSentence } from './sentence.ts';
