// Tells screen readers what changed by itself: at most one sentence in ten seconds, summed up.

const PAUSE_MS = 10_000
const CLOCK = { now: () => performance.now(), wait: (action, ms) => setTimeout(action, ms) }

/**
 * `region`: the page's one role="status" element with `data-one` and `data-many` sentences, in which
 * {n} stands for the number. `clock` is handed in by tests.
 */
export class Announcer {
  #region
  #clock
  #waiting = new Set()
  #last = -Infinity
  #timer = null

  constructor(region, clock = CLOCK) {
    this.#region = region
    this.#clock = clock
  }

  /** Something with this code changed. */
  count(code) {
    this.#waiting.add(code)
    if (this.#timer !== null) return
    const rest = Math.max(0, this.#last + PAUSE_MS - this.#clock.now())
    this.#timer = this.#clock.wait(() => this.#speak(), rest)
  }

  /** A sentence of its own, at once. */
  say(sentence) {
    this.#region.textContent = sentence
  }

  #speak() {
    const n = this.#waiting.size
    this.#waiting.clear()
    this.#timer = null
    this.#last = this.#clock.now()
    const { one, many } = this.#region.dataset
    this.#region.textContent = (n === 1 ? one : many).replace("{n}", n)
  }
}
