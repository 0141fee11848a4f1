/** How an operator calls a command, for help texts and next steps. */
export const RUN = 'npm run -s mintmark --';
