/** Time, given from outside so that tests can turn it. */
export interface Clock {
  /** Ms from any moment, never falling. */
  now(): number;
  /** Calls once after `ms`; what it returns takes that back. */
  after(ms: number, call: () => void): () => void;
}

/** The real time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
