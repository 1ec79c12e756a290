/** lightning/uiRecordApi as far as the panel uses it: fields of a record, of this page's server. */

/** The wire adapter. */
export class getRecord {
  constructor(emit) {
    this.emit = emit;
    emit({ data: undefined, error: undefined });
  }

  connect() {}

  disconnect() {
    this.asked = undefined;
  }

  async update({ recordId }) {
    if (!recordId || recordId === this.asked) return;
    this.asked = recordId;
    const response = await fetch(`record/${encodeURIComponent(recordId)}`);
    if (response.ok && recordId === this.asked) this.emit({ data: await response.json(), error: undefined });
  }
}

export function getFieldValue(record, { fieldApiName }) {
  return record.fields[fieldApiName]?.value;
}
