/** Opens an address with the launcher that is the argument, and has nothing else to do. */
import { systemBrowser } from '@deskauth/node';

const [launcher = ''] = process.argv.slice(2);
await systemBrowser((url) => [launcher, url]).open('https://login.example.com/');
console.log('opened');
