import { parentPort, workerData } from 'node:worker_threads';
import { type SigningWork, signHere } from './tokens.ts';

parentPort?.postMessage(signHere(workerData as SigningWork));
