import { deskContract } from '../storage/contract/desk.ts';
import { eventContract } from '../storage/contract/events.ts';
import { listContract } from '../storage/contract/lists.ts';
import { withdrawalContract } from '../storage/contract/withdrawals.ts';
import { makeDatabase, serial } from './database.ts';

eventContract(serial, makeDatabase);
listContract(serial, makeDatabase);
withdrawalContract(serial, makeDatabase);
deskContract(serial, makeDatabase);
