/** Ids as Salesforce makes them: three characters for the object, twelve that count, three that guard the case of the others. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const GUARDS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

export function makeId(prefix: string, number: number): string {
  let count = '';
  for (let rest = number; count.length < 12; rest = Math.floor(rest / 62)) count = (DIGITS[rest % 62] ?? '0') + count;
  return guarded(prefix + count);
}

/** 15 characters → 18. Gives 18 back as they are. */
export function guarded(id: string): string {
  if (id.length !== 15) return id;
  let guards = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id[block + i] ?? '')) bits |= 1 << i;
    guards += GUARDS[bits] ?? '';
  }
  return id + guards;
}
