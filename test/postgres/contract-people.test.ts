import { announcedContract } from '../storage/contract/announced.ts';
import { consoleAccessContract } from '../storage/contract/console-access.ts';
import { downloadsContract } from '../storage/contract/downloads.ts';
import { jobsContract } from '../storage/contract/jobs.ts';
import { outboxContract } from '../storage/contract/outbox.ts';
import { peopleContract } from '../storage/contract/people.ts';
import { selfServiceContract } from '../storage/contract/self-service.ts';
import { makeDatabase, serial } from './database.ts';

selfServiceContract(serial, makeDatabase);
peopleContract(serial, makeDatabase);
announcedContract(serial, makeDatabase);
outboxContract(serial, makeDatabase);
consoleAccessContract(serial, makeDatabase);
downloadsContract(serial, makeDatabase);
jobsContract(serial, makeDatabase);
