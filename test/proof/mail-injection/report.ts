/** What mailed.ts prints. */
export interface MailedReport {
  readonly sent: number;
  /** Addresses that are none: no server was asked. */
  readonly refused: number;
  readonly violations: readonly string[];
}
