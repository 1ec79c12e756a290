/** Puts the card on the record's page, as HubSpot's page does. The bundle has the app's card before this, which then is known. */
import { createRoot } from 'react-dom/client';
import { registeredCard } from './components.tsx';

const place = document.querySelector<HTMLElement>('#card');
if (place)
  createRoot(place).render(
    registeredCard({
      context: { crm: { objectId: Number(place.dataset['contact']) }, user: { locale: navigator.language } },
    }),
  );
