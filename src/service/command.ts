/** How an operator calls a command and starts the service, for help texts and next steps. */

/** The published package holds compiled files, and its bin is on the PATH. */
const isPackage = import.meta.url.endsWith('.js');

export const RUN = isPackage ? 'mintmark' : 'npm run -s mintmark --';
export const START = isPackage ? 'mintmark start' : 'npm start';
