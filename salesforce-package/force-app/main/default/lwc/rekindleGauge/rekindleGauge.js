/**
 * A share as an arc. The sentence beside it says the same, so a screen reader passes it by. One colour: a low chance is neither
 * good nor bad.
 */
import { LightningElement, api } from 'lwc';
import LOCALE from '@salesforce/i18n/locale';

/** Three quarters of a circle of radius 40 */
const LENGTH = 2 * Math.PI * 40 * 0.75;

export default class RekindleGauge extends LightningElement {
  /** 0..1 */
  @api share;

  get words() {
    return new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 }).format(this.share);
  }

  get track() {
    return `${LENGTH} 999`;
  }

  get arc() {
    const share = Math.min(1, Math.max(0, this.share));
    return `${LENGTH * share} 999`;
  }
}
