/** What a record page of Salesforce does: creates the panel and tells it whose page it is on. */
import '@lwc/synthetic-shadow';
import { createElement } from 'lwc';
import RekindlePanel from 'c/rekindlePanel';

const place = document.getElementById('panel');
const panel = createElement('c-rekindle-panel', { is: RekindlePanel });
panel.objectApiName = place.dataset.object;
panel.recordId = place.dataset.record;
place.append(panel);
