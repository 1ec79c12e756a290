/** Which words one person gets: the draw says which version, her language says in which tongue. Pure. */
import { mailLanguage } from '../generation/index.ts';

export interface VariantWords {
  id: string;
  key: string;
  language: string;
}

/** The person's version in the language she reads, else in the store's, else in any it is written in; undefined: no words. */
export function pickVariant<Variant extends VariantWords>(
  variants: readonly Variant[],
  person: { variantKey: string | null; language: string | null },
  storeLanguage: string,
): Variant | undefined {
  const language = mailLanguage(person.language, storeLanguage);
  const ofKey = variants.filter((variant) => variant.key === person.variantKey);
  const candidates = ofKey.length > 0 ? ofKey : variants;
  return (
    candidates.find((one) => one.language === language) ??
    candidates.find((one) => one.language === mailLanguage(null, storeLanguage)) ??
    candidates[0]
  );
}
