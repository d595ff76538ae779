// A scanner is faster than a network: scans wait here and are sent one after the other.

export class ScanQueue {
  #waiting = []
  #isBusy = false
  #send
  #drained

  /** `send(scan)` → Promise; `drained()` when nothing waits any more. */
  constructor(send, drained = () => {}) {
    this.#send = send
    this.#drained = drained
  }

  get length() {
    return this.#waiting.length + Number(this.#isBusy)
  }

  async put(scan) {
    this.#waiting.push(scan)
    if (this.#isBusy) return
    this.#isBusy = true
    while (this.#waiting.length) await this.#send(this.#waiting.shift())
    this.#isBusy = false
    this.#drained()
  }
}
