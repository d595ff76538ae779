// How long to wait before the next attempt to connect. Pure, no DOM.

const SECONDS = [1, 2, 5, 15, 30]

/** Milliseconds before attempt `n` (0 is the first): up to a quarter more or less, so that pages
 *  which lost the same server do not come back in the same moment. */
export function delay(n, random = Math.random) {
  const seconds = SECONDS[Math.min(n, SECONDS.length - 1)]
  return Math.round(seconds * 1000 * (0.75 + random() / 2))
}
