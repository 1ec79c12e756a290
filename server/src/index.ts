/** The composition root, for tests, benches and the local run. */
export { composeEngine, type Around } from './compose.ts';
export { buildHttp, type HttpOptions } from './http/build.ts';
export { createHitBuffer, type HitBuffer } from './http/public/hits.ts';
export { serveHttp, type Listening } from './http/serve.ts';
export { MIGRATIONS, prepareDatabase } from './prepare.ts';
export { startProcess, type ProcessConfig, type Running } from './process.ts';
export { startWorker, type Worker } from './worker.ts';
