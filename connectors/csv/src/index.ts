/** CSV order logs and customer lists, from files and from the web. */
export { csvConnector } from './connector.ts';
export { describeOrderLog, readOrderLog, type OrderLogBatch, type OrderLogFacts } from './read.ts';
export { csvSettings, FORMAT_NAMES, type CsvSettings, type FormatName, type ReadOptions } from './settings.ts';
export { CUSTOMER_COLUMNS, ORDER_COLUMNS } from './formats/index.ts';
