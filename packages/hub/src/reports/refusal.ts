/** What was asked of reports cannot be done as things are; the message says why. */
export class ReportRefusal extends Error {
  readonly code: 'not_found' | 'conflict' | 'wait' | 'invalid_input' | 'unavailable';

  constructor(code: ReportRefusal['code'], message: string) {
    super(message);
    this.code = code;
  }
}
