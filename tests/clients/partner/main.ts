// node build/partner/main.js URL FILE [follow | once | verify | repair]; the key, where one is needed, is in NEWSAPI_KEY.
import { setTimeout } from 'node:timers/promises';
import { Copy } from './copy.js';
import { Partner } from './partner.js';
import type { Fault } from './partner.js';

const [url, file, command = 'follow'] = process.argv.slice(2);
if (url === undefined || file === undefined) {
  console.error('Usage: main.js URL FILE [follow | once | verify | repair]');
  process.exit(1);
}

const partner = new Partner(url.replace(/\/$/, ''), new Copy(file), process.env.NEWSAPI_KEY);
switch (command) {
  case 'follow':
    for (;;) {
      try {
        await partner.step(25);
      } catch (error) {
        console.error(error instanceof Error ? error.message : error);
        await setTimeout(5_000);
      }
    }
  case 'once':
    await partner.catchUp();
    console.log(`${partner.copy.rows.length} resources`);
    break;
  case 'verify':
    tell(await partner.verify());
    break;
  case 'repair':
    tell(await partner.repair());
    tell(await partner.verify());
    break;
  default:
    console.error(`There is no command '${command}'.`);
    process.exitCode = 1;
}

function tell(faults: Fault[]): void {
  for (const { type, id, what } of faults) console.log(`${type} ${id} ${what}`);
  if (faults.length === 0) console.log('The copy is right.');
  process.exitCode = faults.length === 0 ? 0 : 2;
}
