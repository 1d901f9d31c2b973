import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Run by a second instance: gives its message to the first one, and ends with 0 once that has it. */
const { address, message } = JSON.parse(await text(process.stdin)) as { address: string; message: object };

const socket = connect(address, () => socket.write(`${JSON.stringify(message)}\n`));
const answer = await text(socket);
process.exitCode = answer === 'received\n' ? 0 : 1;
