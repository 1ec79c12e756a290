// Vitest's types name jsdom, whose own types would bring the browser's names into code that runs on the server.
export class JSDOM {}
export type ConstructorOptions = object;
