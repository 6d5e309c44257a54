import type { BackendErrorCode } from "../../ports/backend.ts";

const RETRY_AFTER_MAX_MS = 3_600_000;

/** RFC 9110 and what the backends make of it (BACKENDS reference, 2.5). */
export function codeOfStatus(status: number): BackendErrorCode {
  switch (status) {
    case 401:
    case 403:
      return "auth";
    case 402:
      return "credits";
    case 400:
    case 413:
    case 422:
      return "rejected";
    case 408:
    case 504:
    // Cloudflare's: the server behind it did not answer in time.
    case 524:
      return "timeout";
    case 429:
      return "busy";
    case 502:
    // Cloudflare's: the server behind it is down, out of reach, or has no address.
    case 520:
    case 521:
    case 522:
    case 523:
    case 525:
    case 526:
    case 530:
      return "offline";
    case 503:
      return "loading";
    default:
      return "bad_response";
  }
}

/** Seconds, as the services send it; dates are not used by any of them. */
export function retryAfterOf(value: string | undefined): number | undefined {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? Math.min(RETRY_AFTER_MAX_MS, Math.ceil(seconds * 1000))
    : undefined;
}
