import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requireContestant } from './contestants.ts';
import type { Place } from './place.ts';

/** The process of one server: name and place come as arguments, the port goes back, then what it costs when asked. */
const [name = '', place = ''] = process.argv.slice(2);
const server = createServer(await requireContestant(name).create(JSON.parse(place) as Place));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, memory: process.memoryUsage().rss });
});
