/** For tests and local runs only. */
export { startOpenaiFake, type CapturedRequest, type FakeOptions, type Fault, type OpenaiFake } from './server.ts';
