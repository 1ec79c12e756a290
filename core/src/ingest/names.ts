/**
 * Texts and their numbers, 0, 1, 2 … in the order of their coming: a Map from text to number, in columns of numbers that give
 * the garbage collector nothing to walk through, and with one look at a text where a Map takes several.
 */
import { larger } from './columns.ts';

const FEWEST = 1 << 10;

export class Names {
  texts: string[] = [];
  /** By number: the hash of its text */
  private hashes = new Int32Array(FEWEST);
  /** Number + 1, at the first free place from its hash on; 0: free. Never more than half full */
  private slots = new Int32Array(FEWEST * 2);

  get size(): number {
    return this.texts.length;
  }

  /** The number of the text, the next one where it is new: then `size` has grown. */
  numberOf(text: string): number {
    const hash = hashOf(text);
    const { slots, hashes, texts } = this;
    const last = slots.length - 1;
    let slot = hash & last;
    for (let number = slots[slot] ?? 0; number !== 0; number = slots[slot] ?? 0) {
      if (hashes[number - 1] === hash && texts[number - 1] === text) return number - 1;
      slot = (slot + 1) & last;
    }
    const made = texts.length;
    texts.push(detached(text));
    hashes[made] = hash;
    slots[slot] = made + 1;
    if (texts.length === hashes.length) this.grow();
    return made;
  }

  clear(): void {
    this.texts = [];
    this.slots.fill(0);
  }

  private grow(): void {
    this.hashes = larger(new Int32Array(this.hashes.length * 2), this.hashes);
    const slots = new Int32Array(this.slots.length * 2);
    const last = slots.length - 1;
    for (let number = 0; number < this.texts.length; number++) {
      let slot = (this.hashes[number] ?? 0) & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // The upper bits are the well mixed ones.
  return hash ^ (hash >>> 15);
}

/** A text of its own: a slice of a large block would keep the whole block in memory for as long as it is held. */
export function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
