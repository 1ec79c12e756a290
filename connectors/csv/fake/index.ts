/** A shop's export on this machine: for tests, the demo and local runs. */
export { startCsvFake, type CsvFake, type CsvFakeOptions, type CsvFault } from './server.ts';
