/** Did the mail do it? Draws the holdout, counts what people did, and says what the difference is worth. */
export { draw, STORE_CONTROL } from './draw.ts';
export {
  proposeHoldout,
  SMALLEST_HOLDOUT,
  LARGEST_HOLDOUT,
  type HoldoutProposal,
  type HoldoutQuestion,
} from './holdout.ts';
