/* The script of the shared worker: bundle it as a file of its own and name its address in the settings. */
import { createSharedRecord } from './shared-record.ts';

const connect = createSharedRecord();

addEventListener('connect', (event) => {
  const [tab] = (event as MessageEvent).ports;
  if (tab) connect(tab);
});
