import { arrivalContract } from '../storage/contract/arrival.ts';
import { orderContract } from '../storage/contract/orders.ts';
import { renewalContract } from '../storage/contract/renewals.ts';
import { makeDatabase, serial } from './database.ts';

orderContract(serial, makeDatabase);
renewalContract(serial, makeDatabase);
arrivalContract(serial, makeDatabase);
