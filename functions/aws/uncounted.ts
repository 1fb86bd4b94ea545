/**
 * Stands in the bundles for rate-limiter-flexible, a tenth of the API's: the gateway limits callers, the API is told to count
 * nobody (`limits: null`), and the library brings adapters to a dozen stores that cannot be shaken off.
 */
export class RateLimiterMemory {
  constructor() {
    throw new Error("callers are not counted on AWS: API Gateway limits them");
  }
}

/** Never made here, so nothing is one. */
export class RateLimiterRes {}
