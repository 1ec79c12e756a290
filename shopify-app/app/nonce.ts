/** The number that a script of ours carries and an injected one cannot know (Content-Security-Policy). */
import { createContext } from 'react';

export const NonceContext = createContext<string | undefined>(undefined);
