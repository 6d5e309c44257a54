/** A refusal on its way out; caught in one place. */
export class Refusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 429;
  readonly retryAfterMs: number;

  constructor(status: Refusal["status"], text: string, retryAfterMs = 0) {
    super(text);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
